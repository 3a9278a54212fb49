/**
 * Runs a benchmark in a network namespace, so that the table of this computer is
 * not touched.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { works } from "../tests/helpers/linux/namespace.ts";
import { DEVICE, ip, run } from "../tests/helpers/linux/network.ts";

const MARK = "NEIGHBOR_BENCH_NAMESPACE";

/**
 * Runs the module at `url` again in a namespace and does `work` there. Of
 * `options`, sets of options for unshare, the first that works is used.
 */
export async function inNamespace(
  url: string,
  work: (option: string) => Promise<void>,
  options: readonly string[] = ["-rn"],
): Promise<void> {
  const inside = Deno.env.get(MARK);
  if (inside !== undefined) return await work(inside);
  const option = options.find((one) => works("unshare", one, "true")) ?? "-rn";
  const { code } = new Deno.Command("unshare", {
    args: [
      ...[option, Deno.execPath(), "run", "-A", fileURLToPath(url)],
      ...Deno.args,
    ],
    env: { [MARK]: option },
    stdout: "inherit",
    stderr: "inherit",
  }).outputSync();
  Deno.exit(code);
}

/** Creates the device to measure on; returns its index. */
export function makeDevice(): number {
  ip("link set lo up");
  ip(`link add ${DEVICE} type veth peer name vb`);
  ip(`addr add 10.0.0.1/8 dev ${DEVICE}`);
  ip("link set vb up");
  ip(`link set ${DEVICE} up`);
  const [{ ifindex }] = JSON.parse(ip(`-j link show dev ${DEVICE}`));
  return ifindex;
}

/** The machine and the versions, in words. */
export function machine(): string {
  const [kernel] = run("uname", "-r").split("-");
  return `Linux ${kernel}, Deno ${Deno.version.deno}, ` +
    `${navigator.hardwareConcurrency} processors, ` +
    new Date().toISOString().slice(0, 10);
}
