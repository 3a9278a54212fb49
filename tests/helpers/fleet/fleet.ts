/**
 * A fleet: hosts on one bridge, and Ansible on the computer that controls them,
 * all in the namespaces that run.ts has made.
 *
 * @module
 */

import { assert } from "@std/assert";
import { copy } from "../../../.ci/publish.ts";
import { attempt, run } from "../linux/network.ts";
import { COMMAND, EXAMPLE, Host } from "./host.ts";
import { HOSTS, MOUNT_POINT } from "./run.ts";

const count = Deno.env.get(HOSTS);

/** A host's line of the recap. */
export interface Recap {
  readonly ok: number;
  readonly changed: number;
  readonly unreachable: number;
  readonly failed: number;
}

/** What a run of a play has printed. */
export interface Played {
  readonly code: number;
  readonly output: string;
  readonly recap: ReadonlyMap<string, Recap>;
  /** Wall time. */
  readonly seconds: number;
}

/** The hosts, and the folder that the play of examples/ansible is copied to. */
export class Fleet {
  readonly hosts: readonly Host[];
  readonly #folder: string;
  readonly #play: string;

  private constructor(folder: string, play: string, hosts: readonly Host[]) {
    this.#folder = folder;
    this.#play = play;
    this.hosts = hosts;
  }

  /** Starts `count` hosts. */
  static async start(count: number): Promise<Fleet> {
    // Only in this mount namespace, and gone with it
    const folder = Deno.env.get(MOUNT_POINT)!;
    run("mount", "-t", "tmpfs", "tmpfs", folder);
    run("ip", "link", "set", "lo", "up");
    run("ip", "link", "add", "fleet", "type", "bridge");
    run("ip", "addr", "add", "10.77.0.1/16", "dev", "fleet");
    run("ip", "link", "set", "fleet", "up");
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", `${folder}/key`);
    const shared = {
      folder,
      publicKey: Deno.readTextFileSync(`${folder}/key.pub`),
      denoDir: `${folder}/deno`,
    };
    fillCache(shared.denoDir);
    const hosts: Host[] = [];
    for (let number = 1; number <= count; number++) {
      hosts.push(Host.start(number, "fleet", shared));
    }
    await Promise.all(hosts.map((host) => host.listening()));
    Deno.writeTextFileSync(
      `${folder}/known_hosts`,
      hosts.map(({ hostKey }) => hostKey).join(""),
    );
    const play = `${folder}/play`;
    await copy(EXAMPLE, play);
    Deno.writeTextFileSync(`${play}/inventory.yml`, inventory(hosts));
    return new Fleet(folder, play, hosts);
  }

  /**
   * Gives some hosts variables of their own for the time of `fn`, which gets the
   * words that limit a play to them.
   */
  withVariables<T>(
    variables: Readonly<Record<string, string>>,
    fn: (limit: readonly string[]) => T,
  ): T {
    const files = Object.entries(variables).map(([host, text]) => {
      const path = `${this.#play}/host_vars/${host}.yml`;
      Deno.writeTextFileSync(path, text, { createNew: true });
      return path;
    });
    try {
      return fn(["--limit", Object.keys(variables).join(",")]);
    } finally {
      for (const path of files) Deno.removeSync(path);
    }
  }

  /** Runs the example's play, prints its recap, and returns it. */
  play(label: string, ...words: string[]): Played {
    const { folder, env } = { folder: this.#folder, env: this.#env() };
    const started = performance.now();
    const busy = processorSeconds();
    const { code, stdout, stderr } = new Deno.Command("ansible-playbook", {
      args: ["site.yml", ...words],
      cwd: this.#play,
      env,
      clearEnv: true,
      stdin: "null",
    }).outputSync();
    const seconds = (performance.now() - started) / 1000;
    const decoder = new TextDecoder();
    const output = decoder.decode(stdout) + decoder.decode(stderr);
    const at = output.indexOf("PLAY RECAP");
    const recap = parseRecap(output.slice(Math.max(at, 0)));
    const spent = processorSeconds() - busy;
    console.log(
      `${label}: ${seconds.toFixed(1)} s, ${spent.toFixed(1)} s of ` +
        `processors, ${summary(recap)}`,
    );
    // A connection that is kept would hide that a host is down
    attempt("find", `${folder}/cp`, "-type", "s", "-delete");
    return { code, output, recap, seconds };
  }

  #env(): Record<string, string> {
    const folder = this.#folder;
    return {
      PATH: Deno.env.get("PATH") ?? "/usr/bin:/bin",
      HOME: folder,
      LC_ALL: "C.UTF-8",
      TMPDIR: folder,
      ANSIBLE_HOME: `${folder}/ansible`,
      ANSIBLE_NOCOLOR: "1",
      // A slow computer answers late
      ANSIBLE_TIMEOUT: "60",
      // What is found on a host by trying is one round trip more
      ANSIBLE_PYTHON_INTERPRETER: "/usr/bin/python3",
      ANSIBLE_PRIVATE_KEY_FILE: `${folder}/key`,
      ANSIBLE_SSH_CONTROL_PATH_DIR: `${folder}/cp`,
      ANSIBLE_SSH_COMMON_ARGS: "-F /dev/null -o IdentitiesOnly=yes " +
        "-o StrictHostKeyChecking=yes -o GlobalKnownHostsFile=/dev/null " +
        `-o UserKnownHostsFile=${folder}/known_hosts`,
      ...(Deno.env.has("ANSIBLE_FORKS") &&
        { ANSIBLE_FORKS: Deno.env.get("ANSIBLE_FORKS")! }),
    };
  }
}

/** The lines below `PLAY RECAP`. */
export function parseRecap(text: string): Map<string, Recap> {
  const lines = text.matchAll(
    /^(\S+)\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)/gm,
  );
  return new Map(
    [...lines].map(([, host, ...counts]) => {
      const [ok, changed, unreachable, failed] = counts.map(Number);
      return [host!, {
        ok: ok!,
        changed: changed!,
        unreachable: unreachable!,
        failed: failed!,
      }];
    }),
  );
}

/** The names of the hosts whose recap has a count above 0. */
export function hostsWith(
  { recap }: Played,
  member: keyof Recap,
): string[] {
  return [...recap].filter(([, one]) => one[member] > 0).map(([name]) => name)
    .sort();
}

/**
 * The processor time of all processes here, of the hosts' too. Unlike the wall
 * time it says the same on a computer that is busy with something else.
 */
function processorSeconds(): number {
  let ticks = 0;
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^[0-9]+$/.test(name)) continue;
    try {
      const text = Deno.readTextFileSync(`/proc/${name}/stat`);
      // After the name, which may contain blanks: utime, stime, cutime, cstime
      const words = text.slice(text.lastIndexOf(")") + 2).split(" ");
      ticks += words.slice(11, 15).reduce((sum, one) => sum + Number(one), 0);
    } catch {
      continue; // It has ended
    }
  }
  return ticks / 100;
}

function summary(recap: ReadonlyMap<string, Recap>): string {
  const sum = { ok: 0, changed: 0, unreachable: 0, failed: 0 };
  for (const one of recap.values()) {
    sum.ok += one.changed + one.unreachable + one.failed === 0 ? 1 : 0;
    for (const member of ["changed", "unreachable", "failed"] as const) {
      sum[member] += one[member] > 0 ? 1 : 0;
    }
  }
  return `of ${recap.size} hosts ${sum.changed} changed, ${sum.ok} unchanged, ` +
    `${sum.failed} failed, ${sum.unreachable} unreachable`;
}

function inventory(hosts: readonly Host[]): string {
  const lines = hosts.map(({ name, address }) =>
    `        ${name}: { ansible_host: ${address}, ansible_user: root }\n`
  );
  return `all:\n  children:\n    rack1:\n      hosts:\n${lines.join("")}`;
}

/** Runs the command once, so that Deno's cache has it and the hosts need not write. */
function fillCache(denoDir: string): void {
  const { success, stderr } = new Deno.Command(Deno.execPath(), {
    args: [...COMMAND, "apply", "-", "--check", "--json"],
    env: { DENO_DIR: denoDir },
    stdin: "null",
  }).outputSync();
  // An empty file of pins is refused as JSON: the command ran
  const text = new TextDecoder().decode(stderr);
  assert(!success && text.startsWith('{"error":'), text);
}

let fleet: Promise<Fleet> | undefined;

/** A test on the fleet, which the first one starts; skipped outside of run.ts. */
export function fleetTest(
  name: string,
  test: (fleet: Fleet) => void | Promise<void>,
): void {
  Deno.test({
    name,
    ignore: count === undefined,
    // The hosts outlive the first test; they end with the process namespace
    sanitizeResources: false,
    sanitizeOps: false,
    async fn() {
      assert(count !== undefined);
      fleet ??= Fleet.start(Number(count));
      const started = await fleet;
      for (const host of started.hosts) host.clear();
      await test(started);
    },
  });
}
