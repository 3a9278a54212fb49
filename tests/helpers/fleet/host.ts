/**
 * One host of the fleet: a network namespace, a file system of its own above the
 * computer's (overlayfs), and an sshd in both.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { type IpNeighbor, run } from "../linux/network.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** The example's folder, which the hosts see too. */
export const EXAMPLE = `${ROOT}examples/ansible`;
/** The device of a host that pins are for; it reaches nobody. */
export const LAN = "lan0";

/** The words after `deno` of the command, as `deno install` writes them. */
export const COMMAND: readonly string[] = [
  ...["run", "--quiet", "--no-config", "--no-prompt", "--allow-ffi"],
  ...["--allow-read", `--import-map=${ROOT}std/imports.json`, `${ROOT}cli.ts`],
];

/** What the hosts of a fleet share. */
export interface Shared {
  /** A folder on a tmpfs that the hosts do not see. */
  readonly folder: string;
  /** The public key that may log in. */
  readonly publicKey: string;
  /** The folder of Deno's cache, which the hosts see and cannot write to. */
  readonly denoDir: string;
}

/** What a host has written below `/`: each path with its size. */
export type Written = ReadonlyMap<string, number>;

/** A host that Ansible reaches by SSH. */
export class Host {
  readonly name: string;
  readonly address: string;
  /** Its line in a known_hosts file. */
  readonly hostKey: string;
  readonly #upper: string;
  readonly #process: Deno.ChildProcess;

  private constructor(
    name: string,
    address: string,
    hostKey: string,
    upper: string,
    process: Deno.ChildProcess,
  ) {
    this.name = name;
    this.address = address;
    this.hostKey = hostKey;
    this.#upper = upper;
    this.#process = process;
  }

  /** Starts host `number`, from 1, and connects it to the bridge. */
  static start(number: number, bridge: string, shared: Shared): Host {
    const name = `host${number}.example`;
    const address = `10.77.0.${number + 1}`;
    const folder = `${shared.folder}/${name}`;
    const upper = `${folder}/upper`;
    for (const one of ["upper", "work", "merged"]) {
      Deno.mkdirSync(`${folder}/${one}`, { recursive: true });
    }
    const etc = `${upper}/etc/fleet`;
    Deno.mkdirSync(etc, { recursive: true });
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", `${etc}/host_key`);
    Deno.writeTextFileSync(`${etc}/authorized_keys`, shared.publicKey);
    Deno.writeTextFileSync(`${etc}/sshd_config`, sshdConfig(address));
    // An account that is locked there, with "!", could not log in without PAM
    Deno.writeTextFileSync(
      `${upper}/etc/shadow`,
      "root:*:20000:0:99999:7:::\n",
    );
    writeCommand(upper, shared.denoDir);
    const process = new Deno.Command("unshare", {
      args: [
        "-m",
        "-n",
        "sh",
        "-ec",
        ENTER,
        "host",
        folder,
        ROOT,
        shared.denoDir,
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    waitForNamespace(process.pid);
    const host = new Host(
      name,
      address,
      `${address} ${Deno.readTextFileSync(`${etc}/host_key.pub`)}`,
      upper,
      process,
    );
    host.#connect(number, bridge);
    return host;
  }

  /** Resolves when its sshd answers; throws with the output of the host. */
  async listening(): Promise<void> {
    for (let attempts = 0; attempts < 1200; attempts++) {
      try {
        const connection = await Deno.connect({
          hostname: this.address,
          port: 22,
        });
        connection.close();
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    this.#process.kill("SIGKILL");
    const { stderr } = await this.#process.output();
    throw new Error(`${this.name}: ${new TextDecoder().decode(stderr)}`);
  }

  #connect(number: number, bridge: string): void {
    const { pid } = this.#process;
    const words = `link add h${number} type veth peer name eth0 netns ${pid}`;
    run("ip", ...words.split(" "));
    run("ip", "link", "set", `h${number}`, "master", bridge, "up");
    for (
      const line of [
        "link set lo up",
        `addr add ${this.address}/16 dev eth0`,
        "link set eth0 up",
        `link add ${LAN} type veth peer name ${LAN}p`,
        `addr add 192.0.2.10/24 dev ${LAN}`,
        `addr add 2001:db8::10/64 dev ${LAN} nodad`,
        `link set ${LAN}p up`,
        `link set ${LAN} up`,
      ]
    ) this.ip(line);
    // The namespace is ready: its sshd may start
    const writer = this.#process.stdin.getWriter();
    writer.write(new TextEncoder().encode("\n"));
    writer.releaseLock();
  }

  /** Runs a program in the network namespace of the host. */
  run(...words: string[]): string {
    return run("nsenter", "-t", `${this.#process.pid}`, "-n", ...words);
  }

  /** Runs `ip` in the network namespace of the host. */
  ip(line: string): string {
    return this.run("ip", ...line.split(" "));
  }

  /** Runs a program as a process of the host: in its network and file system. */
  enter(...words: string[]): string {
    const { pid } = this.#process;
    return run(
      "nsenter",
      ...["-t", `${pid}`, "-m", "-n", "-r", "-w", "env", "-i"],
      ...["HOME=/root", "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"],
      ...words,
    );
  }

  /** Sets an entry by `ip`, such as `"192.0.2.1 lladdr 02:… nud stale"`. */
  pin(line: string): void {
    this.ip(`neigh replace ${line} dev ${LAN}`);
  }

  /** The entries of the device by `ip`, sorted: address, link layer, state. */
  neighbors(): string[] {
    return ["-4", "-6"].flatMap((family) =>
      JSON.parse(
        this.ip(`-j ${family} neigh show nud all dev ${LAN}`) || "[]",
      ) as IpNeighbor[]
    ).filter(({ dst }) => !/^(ff|224\.|.*\.255$)/.test(dst))
      .map(({ dst, lladdr, state }) => `${dst} ${lladdr ?? "-"} ${state}`)
      .sort();
  }

  /** Removes every entry of the device. */
  clear(): void {
    this.ip(`neigh flush dev ${LAN} nud all`);
  }

  /** Every path that the host has written, or removed, since it was made. */
  written(): Written {
    const listed = run("find", this.#upper, "-printf", "%y %s %P\\n");
    const written = new Map<string, number>();
    for (const line of listed.trim().split("\n")) {
      const [, type, size, path] = /^(.) (\d+) (.*)$/.exec(line)!;
      // A folder of the computer is listed once a file in it came and went
      if (type === "d" && isFolder(`/${path}`)) continue;
      written.set(path!, type === "d" ? 0 : Number(size));
    }
    return written;
  }
}

/** Mounts the file system of the host, waits for a line, becomes its sshd. */
const ENTER = `
cd "$1"
mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work merged
mount --rbind /dev merged/dev
mount --rbind /proc merged/proc
mount -t sysfs sysfs merged/sys
mkdir -p "merged$2" merged/run/sshd "merged$3"
mount --bind "$2" "merged$2"
mount --bind "$3" "merged$3"
mount -o remount,bind,ro "merged$3"
read -r _
exec chroot merged /usr/sbin/sshd -D -e -f /etc/fleet/sshd_config
`;

function sshdConfig(address: string): string {
  return [
    `ListenAddress ${address}`,
    "HostKey /etc/fleet/host_key",
    "AuthorizedKeysFile /etc/fleet/authorized_keys",
    "PermitRootLogin prohibit-password",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "StrictModes no",
    "UsePAM no",
    "UseDNS no",
    "PidFile none",
    "PrintMotd no",
  ].join("\n") + "\n";
}

/** Writes the command as `deno install` does, with the cache of the fleet. */
function writeCommand(upper: string, denoDir: string): void {
  const path = `${upper}/usr/local/bin/neighbor`;
  Deno.mkdirSync(`${upper}/usr/local/bin`, { recursive: true });
  const words = COMMAND.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  Deno.writeTextFileSync(
    path,
    `#!/bin/sh\nexport DENO_DIR='${denoDir}' DENO_NO_UPDATE_CHECK=1\n` +
      `exec '${Deno.execPath()}' ${words.join(" ")} "$@"\n`,
  );
  Deno.chmodSync(path, 0o755);
}

function isFolder(path: string): boolean {
  try {
    return Deno.lstatSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** `ip` finds the namespace of a process only once it is in it. */
function waitForNamespace(pid: number): void {
  const own = Deno.readLinkSync("/proc/self/ns/net");
  while (Deno.readLinkSync(`/proc/${pid}/ns/net`) === own);
}
