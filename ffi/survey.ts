/**
 * What a plan is made of, read from the system: the interfaces that entries
 * name and the rows on them.
 *
 * @module
 */

import { describeInterface, type ParsedInterface } from "./entry.ts";
import { NeighborError } from "./error.ts";
import { InterfaceNumbers } from "./interface_numbers.ts";
import type { Neighbor, NeighborEntry } from "./neighbor.ts";
import {
  arrange,
  type Desired,
  type DesiredEntries,
  type NeighborPlan,
  plan,
  readDesired,
} from "./plan.ts";
import type { NeighborTable } from "./table.ts";

/** The desired entries beside the table. */
export interface Survey {
  readonly desired: DesiredEntries;
  readonly rows: readonly Neighbor[];
  readonly plan: NeighborPlan;
  /** Why an entry's interface cannot be had; none of its rows is there. */
  missing(one: Desired): NeighborError | undefined;
}

/** Reads what the entries are compared with, and compares. */
export function survey(
  table: NeighborTable,
  entries: readonly NeighborEntry[],
  prune: boolean,
): Survey {
  const all = readDesired(entries);
  const numbers = new InterfaceNumbers(table.listInterfaces(), []);
  const missing = new Map<number, NeighborError>();
  for (const [number, named] of strangers(all, numbers)) {
    try {
      // An alternative name, or one in other letters, is in no list
      const [row] = table.list(namesOf(named));
      if (row !== undefined && named.alias !== null) {
        numbers.alsoCalled(named.alias, row.interfaceIndex);
      }
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      missing.set(number, error);
    }
  }
  const desired = arrange(all, numbers);
  const rows = all.length === 0 ? [] : listOn(table, desired);
  return {
    desired,
    rows,
    plan: plan(desired, rows, prune),
    missing: ({ parsed }) => missing.get(numbers.of(parsed.interface)),
  };
}

/**
 * The same, with each row that seems to be absent looked for by its key: a dump
 * of a table that is in use may lose rows.
 */
export function surveyClosely(
  table: NeighborTable,
  entries: readonly NeighborEntry[],
  prune: boolean,
): Survey {
  const first = survey(table, entries, prune);
  const { desired, missing } = first;
  const absent = new Set(first.plan.create);
  const rows = [...first.rows];
  for (const one of desired.all) {
    if (!absent.has(one.entry) || missing(one) !== undefined) continue;
    const row = table.get(one.entry);
    if (row !== undefined) rows.push(row);
  }
  return { desired, missing, rows, plan: plan(desired, rows, prune) };
}

/** The rows on the interfaces named. */
export function listOn(
  table: NeighborTable,
  { at }: DesiredEntries,
): Neighbor[] {
  const [number, ...others] = at.keys();
  // One interface is what the system can be asked for
  if (others.length > 0 || number === undefined || number < 0) {
    return table.list();
  }
  try {
    return table.list({ interfaceIndex: number });
  } catch (error) {
    const isGone = error instanceof NeighborError &&
      error.code === "INTERFACE_NOT_FOUND";
    if (isGone) return [];
    throw error;
  }
}

/** Each interface that the list does not have, once. */
function strangers(
  all: readonly Desired[],
  numbers: InterfaceNumbers,
): Map<number, ParsedInterface> {
  const found = new Map<number, ParsedInterface>();
  for (const { parsed } of all) {
    const number = numbers.of(parsed.interface);
    if (!numbers.knows(number)) found.set(number, parsed.interface);
  }
  return found;
}

function namesOf({ luid, index, alias }: ParsedInterface) {
  if (luid !== 0n) return { interfaceLuid: luid };
  return index !== 0
    ? { interfaceIndex: index }
    : { interfaceAlias: alias ?? "" };
}

/** For messages about an interface that is not there. */
export function nameOf({ parsed }: Desired): string {
  return describeInterface(parsed.interface);
}
