import { bindAll } from "../../ffi/bind.ts";
import { EntryList } from "../../ffi/entry_list.ts";
import { addRow, parseEntry } from "../../ffi/parse/entry.ts";
import type { NeighborError } from "../../ffi/types/error.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { rollBack } from "../../reconcile/rollback.ts";
import { FakeBackend, interfaceOf, rowOf } from "./fake_table.ts";

export const ON = interfaceOf(2, "va");
export const KEY = "2 10.0.0.7";
export const OURS = "02:fc:00:00:00:01";
export const THEIRS = "02:ee:00:00:00:02";

export function row(
  linkLayerAddress: string | null,
  state: Neighbor["state"] = "permanent",
  more: Partial<Neighbor> = {},
): Neighbor {
  return { ...rowOf(ON, "10.0.0.7", linkLayerAddress, state), ...more };
}

export const MADE = row(OURS);
export const PINNED = row("02:fc:00:00:00:03");
export const LEARNT = row("02:fc:00:00:00:03", "reachable");
export const DELETED_ROW = row(null, "unreachable");

/** A change to roll back, and how the fake system behaves. */
export interface Case {
  readonly previous: Neighbor | undefined;
  readonly now: Neighbor | undefined;
  readonly isRefused?: boolean;
  readonly isRemoval?: boolean;
  /** Replaces the restore of the fake backend. */
  readonly restore?: (fake: FakeBackend, row: Neighbor) => void;
  readonly refuse?: NeighborError;
}

/** Rolls back one change; returns the outcome, the error and the row left. */
export function undone(
  { previous, now, isRefused = false, isRemoval = false, restore, refuse }:
    Case,
) {
  const fake = new FakeBackend([ON]);
  const entries = new EntryList();
  const position = isRemoval
    ? addRow(entries, previous!)
    : parseEntry(entries, {
      address: "10.0.0.7",
      linkLayerAddress: OURS,
      interfaceAlias: "va",
    });
  bindAll(fake, entries);
  if (now !== undefined) fake.rows.set(KEY, now);
  if (restore !== undefined) fake.restore = (row) => restore(fake, row);
  fake.refuse = () => refuse;
  const change = { position, isRemoval, previous, isRefused };
  const [result] = rollBack(fake, entries, [change]);
  const { outcome, isUndone, error } = result!;
  const left = fake.rows.get(KEY);
  return {
    outcome,
    isUndone,
    left,
    error: error && `${error.code} ${error.message}`,
    cause: error,
  };
}

export const stale = { ...LEARNT, state: "stale" } as const;
