/**
 * The command with a console of its own, to which something happens once the
 * first entry is there. The first argument says what: `ctrl-c`, `ctrl-break`,
 * or `close`. What the command prints goes to that console.
 *
 * @module
 */

import { main } from "../../../cli.ts";
import { listNeighbors } from "../../../mod.ts";

const SYSTEM = "C:\\windows\\system32";
const kernel32 = Deno.dlopen(`${SYSTEM}\\kernel32.dll`, {
  FreeConsole: { parameters: [], result: "i32" },
  AllocConsole: { parameters: [], result: "i32" },
  GenerateConsoleCtrlEvent: { parameters: ["u32", "u32"], result: "i32" },
});
const kernelbase = Deno.dlopen(`${SYSTEM}\\kernelbase.dll`, {
  // What the console has a thread of the process run, with the event
  CtrlRoutine: { parameters: ["usize"], result: "u32", nonblocking: true },
});
const CTRL_C_EVENT = 0;
const CTRL_BREAK_EVENT = 1n;
const CTRL_CLOSE_EVENT = 2n;

/** Whether it could be done. */
const HAPPENINGS: Readonly<Record<string, () => boolean>> = {
  "ctrl-c": () =>
    kernel32.symbols.GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0) !== 0,
  // Wine makes no such event, and nobody can generate the other
  "ctrl-break": () => run(CTRL_BREAK_EVENT),
  close: () => run(CTRL_CLOSE_EVENT),
};

/** What the console does, from the thread on. */
function run(event: bigint): boolean {
  void kernelbase.symbols.CtrlRoutine(event);
  return true;
}

const [what = "", ...words] = Deno.args;
const happen = HAPPENINGS[what];
if (happen === undefined) throw new Error(`There is no ${what}`);
kernel32.symbols.FreeConsole();
if (kernel32.symbols.AllocConsole() === 0) Deno.exit(99);
const watching = setInterval(() => {
  const made = listNeighbors({ family: "ipv4", subnet: "10.9.0.0/16" })
    .filter(({ linkLayerAddress }) => linkLayerAddress?.startsWith("02:fc:"));
  if (made.length === 0) return;
  clearInterval(watching);
  if (!happen()) Deno.exit(98);
}, 10);
Deno.exit(await main(words));
