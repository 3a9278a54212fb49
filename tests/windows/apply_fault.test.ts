/**
 * Every write and every look of an application fails, one after the other:
 * whatever stands there then, the report says so.
 */

import { assert, assertEquals } from "@std/assert";
import {
  type AppliedEntry,
  listNeighbors,
  type NeighborEntry,
  type NeighborError,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { kernelIndex } from "../helpers/wine/witness.ts";
import { OURS, tryToApply } from "../helpers/windows/applying.ts";
import { rawRow } from "../helpers/windows/raw_row.ts";
import { ETHERNET, OTHER, wineTest } from "../helpers/windows/under_wine.ts";

const INCOMPLETE = 1;
const STALE = 4;
const PHYSICAL = [2, 0xfc, 0, 0, 0, 5];

const CALLS = [
  "SetIpNetEntry2",
  "CreateIpNetEntry2",
  "DeleteIpNetEntry2",
  "GetIpNetTable2",
] as const;

/** How a call fails: once or from then on, with a status or claiming success. */
const FAULTS = [[8, 1], [31, 1000], [0, 1], [0, 1000]] as const;

/** What Set may do to a dynamic entry. */
type OnDynamic = Parameters<typeof control.setOnDynamic>[0];

interface Indexes {
  readonly here: number;
  readonly there: number;
}

/** Entries to create, to change, to replace, and to leave. */
function pinsOn({ here }: Indexes): NeighborEntry[] {
  return [
    ...["192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6", "192.0.2.7"],
    ...["192.0.2.8", "192.0.2.9", "2001:db8::9"],
  ].map((address) => ({
    address,
    linkLayerAddress: OURS,
    interfaceIndex: here,
  }));
}

/** The same table each time, in a DLL that has forgotten everything. */
function begin({ here: index, there }: Indexes, does: OnDynamic): void {
  assertEquals(control.outstandingTables(), 0, "a table was not freed");
  control.reset();
  control.setBackend("memory");
  control.setOnDynamic(does);
  control.addRows(
    rawRow({ index, address: [192, 0, 2, 3], physical: PHYSICAL }),
    rawRow({ index, address: [192, 0, 2, 4] }),
    rawRow({ index, address: [192, 0, 2, 5] }),
    rawRow({ index, address: [192, 0, 2, 6], state: STALE }),
    rawRow({
      index,
      address: [192, 0, 2, 7],
      state: STALE,
      physical: PHYSICAL,
    }),
    rawRow({
      index,
      address: [192, 0, 2, 8],
      state: INCOMPLETE,
      physical: [],
    }),
    rawRow({ index, address: [192, 0, 2, 20] }),
    rawRow({ index, address: [192, 0, 2, 21] }),
    rawRow({ index, address: [192, 0, 2, 22], state: STALE }),
    rawRow({ index: there, address: [192, 0, 2, 20] }),
  );
}

/**
 * The table, without faults: a row in words, by interface and address. A row
 * without an address counts as absent.
 */
function table(): Map<string, string> {
  const rows = listNeighbors()
    .filter(({ linkLayerAddress }) => linkLayerAddress !== null);
  return new Map(
    rows.map((row) => [
      `${row.interfaceIndex} ${row.address}`,
      `${row.linkLayerAddress} ${row.state}`,
    ]),
  );
}

const WANTED = `${OURS} permanent`;

/** Whether the table agrees with the outcome of an entry. */
function check(
  { entry, outcome, error }: AppliedEntry,
  was: string | undefined,
  is: string | undefined,
): void {
  const what = `${entry.address}: ${outcome}, was ${was}, is ${is}`;
  switch (outcome) {
    case "created":
      assert(was === undefined && is === WANTED, what);
      break;
    case "changed":
      assert(was !== undefined && is === WANTED, what);
      break;
    case "removed":
      assert(is === undefined, what);
      break;
    case "forgotten":
      assert(!was?.endsWith(" permanent") && is === undefined, what);
      break;
    case "lost":
      assert(error !== null, what);
      break;
    case "foreign":
      throw new Error(`There is nobody else: ${what}`);
    default:
      assert(was === is, what);
  }
}

interface Ran {
  readonly error: NeighborError | null;
  readonly counts: Record<control.Call, number>;
}

/** Applies with a fault, and checks every row against the report. */
async function applyAndCheck(
  on: Indexes,
  keepGoing: boolean,
  fault: () => void = () => {},
): Promise<Ran> {
  const before = table();
  const reads = control.calls().GetIpNetTable2;
  fault();
  const options = { prune: true, keepGoing };
  const { report, error } = await tryToApply(pinsOn(on), options)
    .catch((error) => ({ report: null, error: error as NeighborError }));
  const counts = control.calls();
  counts.GetIpNetTable2 -= reads;
  for (const call of CALLS) endFaults(call);
  const after = table();
  // It was refused as a whole
  for (const one of report?.entries ?? []) {
    const key = `${on.here} ${one.entry.address}`;
    check(one, before.get(key), after.get(key));
    before.delete(key);
    after.delete(key);
    const isMade = ["created", "changed", "removed"].includes(one.outcome);
    assert(error === null || keepGoing || !isMade, one.outcome);
  }
  assertEquals(after, before, "what nobody asked for was changed");
  return { error, counts };
}

/** The next fault is further away than any call. */
function endFaults(call: control.Call): void {
  control.failNext(call, 0, 1, 1_000_000);
}

for (const does of ["permanent", "dynamic", "refuse", "ignore"] as const) {
  for (const keepGoing of [false, true]) {
    const mode = keepGoing ? "keepGoing" : "all or nothing";
    wineTest(`whatever fails is told, ${mode}, Set: ${does}`, async () => {
      const on = {
        here: await kernelIndex(ETHERNET),
        there: await kernelIndex(OTHER),
      };
      begin(on, does);
      const { error, counts } = await applyAndCheck(on, keepGoing);
      assertEquals(error, null);
      for (const [status, times] of FAULTS) {
        for (const call of CALLS) {
          // A look that lies cannot be found out
          if (status === 0 && call === "GetIpNetTable2") continue;
          assert(counts[call] > 0);
          for (let skip = 0; skip < counts[call]; skip++) {
            begin(on, does);
            const fault = () => control.failNext(call, status, times, skip);
            const { error } = await applyAndCheck(on, keepGoing, fault)
              .catch((cause) => {
                const what = `${call} ${status}, ${times} times after ${skip}`;
                throw new Error(what, { cause });
              });
            if (status === 0 || keepGoing) continue;
            // What could not be read then, another look may have shown
            const isRead = call === "GetIpNetTable2" && times === 1;
            if (isRead && error === null) continue;
            const where = `${call} ${status}, ${times} times after ${skip}`;
            assertEquals(
              [error?.status, error?.operation],
              [status, call],
              where,
            );
          }
        }
      }
    });
  }
}
