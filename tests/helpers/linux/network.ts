/**
 * A network to test on: a veth pair, one end here and the other in a namespace
 * of its own, and `ip`, which tells the truth about both.
 *
 * @module
 */

import { assert } from "@std/assert";
import { LinuxBackend } from "../../../ffi/linux/backend.ts";
import { SystemTable } from "../../../ffi/system_table.ts";
import { type Cause, skip } from "../skipped.ts";

/** Set by run.ts, and only inside its namespace. */
export const MARK = "NEIGHBOR_TEST_NAMESPACE";

const isInside = Deno.build.os === "linux" &&
  Deno.env.get(MARK) === "1";

// Deno's look-up of its newest version would leave the row of a name server
if (isInside) Deno.env.set("DENO_NO_UPDATE_CHECK", "1");

/** This end of the pair and the far one, with their addresses. */
export const DEVICE = "va";
export const HERE = { ipv4: "10.0.0.1", ipv6: "2001:db8::1" } as const;
export const THERE = { ipv4: "10.0.0.2", ipv6: "2001:db8::2" } as const;
export const THERE_LINK_LAYER = "02:fc:00:00:00:02";

/** Runs a program; returns its output, or throws its error text. */
export function run(command: string, ...args: string[]): string {
  const { success, stdout, stderr } = attempt(command, ...args);
  if (!success) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** Runs a program that may fail. */
export function attempt(
  command: string,
  ...args: string[]
): { success: boolean; stdout: string; stderr: string } {
  const output = new Deno.Command(command, { args, stdin: "null" })
    .outputSync();
  const text = new TextDecoder();
  return {
    success: output.success,
    stdout: text.decode(output.stdout),
    stderr: text.decode(output.stderr),
  };
}

/** Runs `ip`, its arguments as one line. */
export function ip(line: string): string {
  return run("ip", ...line.split(" "));
}

/**
 * Runs lines of `ip` in one process, which the words before it may begin in
 * another namespace.
 */
export function ipBatch(
  before: readonly string[],
  lines: readonly string[],
): void {
  const file = Deno.makeTempFileSync();
  try {
    Deno.writeTextFileSync(file, lines.map((line) => `${line}\n`).join(""));
    const [command, ...args] = [...before, "ip", "-batch", file];
    run(command!, ...args);
  } finally {
    Deno.removeSync(file);
  }
}

/** A row of `ip -j neigh`. */
export interface IpNeighbor {
  readonly dst: string;
  readonly dev: string;
  readonly lladdr?: string;
  readonly state: readonly string[];
  readonly router?: null;
}

/** The rows that `ip` lists, of one address or of the device. */
export function ipNeighbors(address?: string): IpNeighbor[] {
  const to = address === undefined ? "" : ` to ${address}`;
  const four = ip(`-j -4 neigh show nud all dev ${DEVICE}${to}`);
  return (JSON.parse(four || "[]") as IpNeighbor[]).concat(
    JSON.parse(ip(`-j -6 neigh show nud all dev ${DEVICE}${to}`) || "[]"),
  );
}

/** The row of one address by `ip`; `undefined` for none. */
export function ipNeighbor(address: string): IpNeighbor | undefined {
  const family = address.includes(":") ? "-6" : "-4";
  const text = ip(
    `-j ${family} neigh show nud all dev ${DEVICE} to ${address}`,
  );
  return JSON.parse(text || "[]")[0];
}

/** The network one test runs on. */
export interface Network {
  readonly table: SystemTable;
  /** The interface index of this end. */
  readonly index: number;
  /** Runs `ip` at the far end. */
  there(line: string): string;
  /** The leading arguments that run a program at the far end. */
  readonly far: readonly [string, ...string[]];
}

let holder: Deno.ChildProcess | undefined;

/** The process that keeps the far namespace: it ends with this one. */
function farNamespace(): number {
  if (holder === undefined) {
    holder = new Deno.Command("unshare", {
      args: ["-n", "--", "sh", "-c", "echo; exec cat"],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    // `ip` finds the namespace by the process only once it is in it
    const own = Deno.readLinkSync("/proc/self/ns/net");
    while (Deno.readLinkSync(`/proc/${holder.pid}/ns/net`) === own);
    holder.unref();
    ip("link set lo up");
    farIp("link set lo up");
    // A link-local address is needed to send solicitations
    const dad = "/proc/sys/net/ipv6/conf/default/accept_dad";
    Deno.writeTextFileSync(dad, "0");
    run(...farWords(), "sh", "-c", `echo 0 >${dad}`);
  }
  return holder.pid;
}

function farWords(): readonly [string, ...string[]] {
  return ["nsenter", "-t", `${farNamespace()}`, "-n"];
}

function farIp(line: string): string {
  return run(...farWords(), "ip", ...line.split(" "));
}

function open(): Network {
  const far = farNamespace();
  // Each process costs a second where a processor is emulated
  ipBatch([], [
    `link add ${DEVICE} type veth peer name vb netns ${far}`,
    `link set ${DEVICE} address 02:fc:00:00:00:01`,
    `addr add ${HERE.ipv4}/8 dev ${DEVICE}`,
    `addr add ${HERE.ipv6}/64 dev ${DEVICE} nodad`,
  ]);
  ipBatch(farWords(), [
    `link set vb address ${THERE_LINK_LAYER}`,
    `addr add ${THERE.ipv4}/8 dev vb`,
    `addr add ${THERE.ipv6}/64 dev vb nodad`,
    "link set vb up",
  ]);
  ip(`link set ${DEVICE} up`);
  const [link] = JSON.parse(ip(`-j link show dev ${DEVICE}`));
  return {
    table: new SystemTable(() => new LinuxBackend()),
    index: link.ifindex,
    there: farIp,
    far: farWords(),
  };
}

/**
 * A test on a network of its own; ignored outside the namespace, and where it
 * says what is missing.
 */
export function networkTest(
  name: string,
  test: (network: Network) => void | Promise<void>,
  missing?: Cause,
): void {
  if (isInside && missing !== undefined) {
    skip(name, missing);
  }
  Deno.test({
    name,
    ignore: !isInside || missing !== undefined,
    // The process that keeps the far namespace outlives the first test
    sanitizeResources: false,
    sanitizeOps: false,
    async fn() {
      assert(isInside);
      const network = open();
      try {
        await test(network);
      } finally {
        network.table.close();
        ip(`link del ${DEVICE}`);
      }
    },
  });
}
