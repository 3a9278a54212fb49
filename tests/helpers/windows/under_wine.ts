/**
 * How the tests of this folder stand: under Wine each starts from a fresh test
 * DLL and an empty kernel table, and ends with every table freed. Elsewhere
 * they are skipped, and it says so.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import * as control from "../wine/control.ts";
import { clearKernel, underWine } from "../wine/witness.ts";

/** What the tests call the first interface; the session makes it. */
export const ETHERNET = "Ethernet";
/** And the second. */
export const OTHER = "以太网";

let isSkipSaid = false;

/** A test that needs deno.exe under Wine and the test iphlpapi.dll. */
export function wineTest(
  name: string,
  body: () => void | Promise<void>,
): void {
  const ignore = !underWine || !control.available;
  if (ignore && !isSkipSaid) {
    isSkipSaid = true;
    console.warn(
      "SKIPPED: tests/windows needs deno.exe under Wine, run deno task test:windows",
    );
  }
  Deno.test({
    name,
    ignore,
    fn: async () => {
      control.reset();
      await clearKernel();
      try {
        await body();
        assertEquals(control.outstandingTables(), 0, "a table was not freed");
        assertEquals(control.badFrees(), 0, "something else was freed");
      } finally {
        control.reset();
      }
    },
  });
}
