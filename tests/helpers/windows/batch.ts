import { DELETE, EntryList, SET } from "../../../ffi/entry_list.ts";
import { parseEntry, parseKey } from "../../../ffi/parse/entry.ts";
import type { NeighborEntry } from "../../../ffi/types/neighbor.ts";
import { WindowsBatch } from "../../../ffi/windows/batch.ts";
import { WindowsInterface } from "../../../ffi/windows/interfaces.ts";
import { FakeCalls } from "./fake_calls.ts";

export const OURS = "02:fc:00:00:00:05";
export const THEIRS = "02:fc:00:00:00:01";

type Write = readonly [
  verb: number,
  address: string,
  linkLayerAddress?: string,
  interfaceIndex?: number,
];

/** A bound list of writes, as the table passes it. */
export function listOf(...writes: readonly Write[]): EntryList {
  const entries = new EntryList(writes.length);
  for (const write of writes) {
    const [verb, address, linkLayerAddress = OURS, interfaceIndex = 3] = write;
    const given = { address, linkLayerAddress, interfaceIndex };
    const position = verb === DELETE
      ? parseKey(entries, given as NeighborEntry)
      : parseEntry(entries, given as NeighborEntry);
    entries.verbs[position] = verb;
  }
  entries.interfaces.forEach(({ index }, i) => {
    entries.bound[i] = new WindowsInterface(luidOf(index), index, 6);
  });
  return entries;
}

export const luidOf = (index: number): bigint =>
  6n << 48n | BigInt(index) << 24n;

const OUTCOMES = [
  "pending",
  "created",
  "changed",
  "unchanged",
  "deleted",
  "refused",
  "unknown",
];

/** What became of each. */
export function run(
  system: FakeCalls,
  entries: EntryList,
  confirm = true,
): string[] {
  const alias = (luid: bigint) => `alias of ${luid >> 24n & 0xffn}`;
  const to = entries.length;
  new WindowsBatch(system.calls, alias, entries, 0, to, confirm).write();
  return Array.from({ length: to }, (_, i) => {
    const outcome = OUTCOMES[entries.outcomes[i]!]!;
    const error = entries.errors.get(i);
    return error === undefined ? outcome : `${outcome} ${error.code}`;
  });
}

/** The rows before, as link-layer address and state. */
export function previousOf(entries: EntryList): Record<number, string> {
  return Object.fromEntries(
    [...entries.previous].map(([position, row]) => [
      position,
      `${row.linkLayerAddress}, ${row.state}`,
    ]),
  );
}

export const READ = "GetIpNetTable2 ipv4";
export const READ6 = "GetIpNetTable2 ipv6";
export const SETS = "SetIpNetEntry2";
export const CREATES = "CreateIpNetEntry2";
export const DELETES = "DeleteIpNetEntry2";

export function seeded(
  address: string,
  linkLayerAddress: string,
  state: number,
): FakeCalls {
  const system = new FakeCalls();
  system.seed(listOf([SET, address, linkLayerAddress]), 0, state);
  return system;
}
