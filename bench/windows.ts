/**
 * What a list of 10,000 rows costs beside the native calls, against decoding the
 * same rows alone, by the real deno.exe: under Wine, in a session of its own, or on
 * Windows with the rows that are there:
 *
 *   deno run -A bench/windows.ts [ROUNDS [FILE]]
 *
 * Records the result in FILE if one is named (bench/results.json). By the clock:
 * Wine has no processor time of a thread.
 *
 * @module
 */

import { openNeighborTable } from "../ffi/open.ts";
import { listInterfaces } from "../ffi/reading.ts";
import { SIZEOF_MIB_IPNET_ROW2 } from "../ffi/windows/layout.ts";
import { WindowsRow } from "../ffi/windows/table_row.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import {
  enterSession,
  exitWith,
  type InSession,
} from "../tests/helpers/wine/session.ts";
import * as control from "../tests/helpers/wine/control.ts";
import { row } from "../tests/helpers/wine/raw.ts";
import { shuffled } from "./measure.ts";
import { record } from "./results.ts";

const ROWS = 10_000;
const WARM_UP = 40;
const TARGET = 1.5;
/** The device of the session's network. */
const ALIAS = "Ethernet";
const MODULE = "bench/windows.ts";

/** Runs this module by deno.exe, and records what it prints. */
export const inSession: InSession = async (session, [rounds = "200", file]) => {
  const words = ["run", "--allow-all", "--cached-only", MODULE, rounds];
  const { code, stdout, stderr } = await session.denoExe(words).output();
  const text = new TextDecoder().decode(stdout);
  console.log(text || new TextDecoder().decode(stderr));
  if (code === 0 && file !== undefined) {
    record(file, "windows", JSON.parse(text));
  }
  return code;
};

/** Milliseconds in native calls since it was last set to 0. */
const native = { took: 0 };
/** The bytes of the last table that was copied. */
let copied = new Uint8Array();

/** Has every call of the library timed, but for the copying, which is ours. */
function timeCalls(): void {
  const { dlopen } = Deno;
  Deno.dlopen = ((path: string, symbols: Deno.ForeignLibraryInterface) => {
    const library = dlopen(path, symbols);
    const timed = Object.entries(library.symbols).map(([name, call]) => {
      if (typeof call !== "function") return [name, call];
      return [name, (...given: never[]) => {
        const start = performance.now();
        const result = (call as (...given: never[]) => unknown)(...given);
        if (name === "RtlMoveMemory") {
          const [target] = given as unknown as [Uint8Array<ArrayBuffer>];
          if (target.length > copied.length) copied = target;
        } else native.took += performance.now() - start;
        return result;
      }];
    });
    return { symbols: Object.fromEntries(timed), close: () => library.close() };
  }) as typeof Deno.dlopen;
}

/** Fills the table of the library of tests, which answers faster than Wine's. */
function fill(): void {
  control.setBackend("memory");
  const [{ interfaceIndex } = { interfaceIndex: 1 }] = listInterfaces();
  const octets = (i: number) => [i >> 16, i >> 8, i].map((one) => one & 255);
  const rows = Array.from(
    { length: ROWS },
    (_, i) =>
      row(interfaceIndex, [10, ...octets(i)], [2, 0xfc, 0, ...octets(i)], 6),
  );
  for (let i = 0; i < ROWS; i += 100) {
    control.addRows(...rows.slice(i, i + 100));
  }
}

function measure(rounds: number): void {
  if (control.available) fill();
  timeCalls();
  using table = openNeighborTable();
  copied = new Uint8Array();
  const { length } = table.list();
  if (length < ROWS) throw new Error(`There are ${length} rows`);
  const bytes = new DataView(copied.buffer);
  const runners: Record<string, () => number> = {
    list() {
      native.took = 0;
      const start = performance.now();
      table.list();
      return performance.now() - start - native.took;
    },
    decode() {
      const start = performance.now();
      const row = new WindowsRow(bytes, () => ALIAS);
      const rows: Neighbor[] = [];
      const count = bytes.byteLength / SIZEOF_MIB_IPNET_ROW2;
      for (let i = 0; i < count; i++) {
        row.read(i);
        rows.push(row.neighbor());
      }
      return performance.now() - start;
    },
  };
  // The least of all rounds: by the clock, whatever else runs only adds
  const least: Record<string, number> = { list: Infinity, decode: Infinity };
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const who of shuffled(Object.keys(runners))) {
      const took = runners[who]!();
      if (round >= 0) least[who] = Math.min(least[who]!, took);
    }
  }
  console.log(JSON.stringify(
    {
      machine: `deno.exe ${Deno.version.deno}, ${Deno.build.target}`,
      rows: length,
      rounds,
      results: [{
        line: "Windows: list of 10,000 beside the call / decoding alone",
        now: Number((least.list! / least.decode!).toPrecision(3)),
        target: TARGET,
      }],
    },
    null,
    2,
  ));
}

if (import.meta.main) {
  if (Deno.build.os === "windows") measure(Number(Deno.args[0] ?? 200));
  else await exitWith(enterSession(import.meta.url, Deno.args, [MODULE]));
}
