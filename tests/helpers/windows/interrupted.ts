/**
 * The command with a console of its own, in which somebody presses Ctrl-C once
 * the first entry is there. What it prints goes to that console.
 *
 * @module
 */

import { main } from "../../../cli.ts";
import { listNeighbors } from "../../../mod.ts";

const kernel32 = Deno.dlopen("C:\\windows\\system32\\kernel32.dll", {
  FreeConsole: { parameters: [], result: "i32" },
  AllocConsole: { parameters: [], result: "i32" },
  GenerateConsoleCtrlEvent: { parameters: ["u32", "u32"], result: "i32" },
});
const CTRL_C_EVENT = 0;

kernel32.symbols.FreeConsole();
if (kernel32.symbols.AllocConsole() === 0) Deno.exit(99);
const watching = setInterval(() => {
  const made = listNeighbors({ family: "ipv4", subnet: "10.9.0.0/16" })
    .filter(({ linkLayerAddress }) => linkLayerAddress?.startsWith("02:fc:"));
  if (made.length === 0) return;
  clearInterval(watching);
  if (kernel32.symbols.GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0) === 0) {
    Deno.exit(98);
  }
}, 10);
Deno.exit(await main(Deno.args));
