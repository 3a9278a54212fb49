/**
 * `deno task demo`: the main job, in a network namespace of its own, with the
 * kernel's own `ip neigh` as witness. Nothing of this computer's table is
 * touched, and no privilege is needed where the kernel allows that.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { namespaceOption } from "./namespace.ts";

const MARK = "NEIGHBOR_DEMO_NAMESPACE";
const ADDRESS = "192.0.2.7";
const CLI = fileURLToPath(new URL("../../../cli.ts", import.meta.url));

function fail(message: string): never {
  console.error(message);
  Deno.exit(1);
}

/** Runs a program with this one's output; ends the demo where it fails. */
function run(command: string, ...args: string[]): void {
  const { code } = new Deno.Command(command, {
    args,
    stdout: "inherit",
    stderr: "inherit",
  }).outputSync();
  if (code !== 0) fail(`${command} ${args.join(" ")} ended with ${code}`);
}

function ip(line: string): void {
  run("ip", ...line.split(" "));
}

/** Prints and returns the kernel's rows. */
function witness(): string {
  console.log(`$ ip neigh show ${ADDRESS}`);
  const { stdout } = new Deno.Command("ip", {
    args: ["neigh", "show", ADDRESS],
  }).outputSync();
  const text = new TextDecoder().decode(stdout);
  console.log(text.trimEnd());
  return text;
}

function neighbor(...words: string[]): void {
  console.log(`\n$ deno run --allow-ffi cli.ts ${words.join(" ")}`);
  run(
    Deno.execPath(),
    ...["run", "--quiet", "--no-prompt", "--allow-ffi", CLI, ...words],
  );
}

if (Deno.build.os !== "linux") {
  fail("This demo needs Linux; on Windows use the command itself");
}
if (Deno.env.get(MARK) !== "1") {
  const namespace = namespaceOption();
  if ("reason" in namespace) fail(`The demo cannot run: ${namespace.reason}`);
  const { code } = new Deno.Command("unshare", {
    args: [namespace.option, Deno.execPath(), "run", "-A", import.meta.url],
    env: { [MARK]: "1" },
    stdout: "inherit",
    stderr: "inherit",
  }).outputSync();
  Deno.exit(code);
}

ip("link add eth0 type veth peer name eth1");
ip("address add 192.0.2.1/24 dev eth0");
ip("link set eth0 up");
ip("link set eth1 up");
ip(`neigh replace ${ADDRESS} lladdr 02:fc:00:00:00:01 dev eth0`);
witness();
neighbor("set", ADDRESS, "02-fc-00-00-00-05", "--interface", "eth0");
neighbor("list", "--subnet", "192.0.2.0/29");
console.log();
if (!witness().includes("02:fc:00:00:00:05")) {
  fail("The kernel's table did not change");
}
