/**
 * What a plan is made of, read from the system: the interfaces that entries
 * name and the rows on them.
 *
 * @module
 */

import {
  arrange,
  type Desired,
  type DesiredEntries,
  readDesired,
} from "./desired.ts";
import { brokenRules } from "./device_rules.ts";
import type { ParsedInterface } from "../ffi/parse/entry.ts";
import { NeighborError } from "../ffi/types/error.ts";
import type { NetworkInterface } from "../ffi/types/interface.ts";
import { InterfaceLookup } from "./interface_lookup.ts";
import { type Matched, readerOf, type Standing, standingsOf } from "./match.ts";
import type { Neighbor, NeighborEntry } from "../ffi/types/neighbor.ts";
import { compare, mayPrune, type NeighborPlan } from "./plan.ts";
import type { NeighborTable } from "../ffi/types/table.ts";

/** The desired entries beside the table; `others` only where they may go. */
export interface Survey extends Matched {
  readonly desired: DesiredEntries;
  readonly interfaces: readonly NetworkInterface[];
  /** Those of the others that are to go. */
  readonly remove: readonly Neighbor[];
  /** Made when it is looked at: not needed before all is done. */
  readonly plan: NeighborPlan;
  /** What stands there now. */
  readBack(): readonly Standing[];
  /** Why entries cannot be made: no such interface, or a rule of it. */
  readonly refusals: ReadonlyMap<Desired, NeighborError>;
  /** The same of one, which may be another reading of the entry. */
  refusal(one: Desired): NeighborError | undefined;
}

/** Reads what the entries are compared with, and compares. */
export function survey(
  table: NeighborTable,
  entries: readonly NeighborEntry[],
  prune: boolean,
): Survey {
  return surveyAll(table, readDesired(entries), prune);
}

/**
 * The same of entries past the door. `refuse` is told of each that cannot stand
 * beside the others; without it that throws.
 */
export function surveyAll(
  table: NeighborTable,
  all: readonly Desired[],
  prune: boolean,
  refuse?: (message: string, one: Desired) => void,
): Survey {
  const interfaces = table.listInterfaces();
  const numbers = new InterfaceLookup(interfaces, []);
  const missing = findUnlisted(table, all, numbers);
  const desired = arrange(all, numbers, refuse);
  const reader = readerOf(table, desired);
  const matched = reader.match(prune);
  const remove = prune ? matched.others.filter(mayPrune) : [];
  const refusals = new Map<Desired, NeighborError>();
  const writes: Desired[] = [];
  for (let i = 0; i < all.length; i++) {
    const one = all[i]!;
    const error = missing.size > 0
      ? missing.get(numbers.of(one.parsed.interface))
      : undefined;
    if (error !== undefined) refusals.set(one, error);
    else if (matched.standing[i] !== "pinned") writes.push(one);
  }
  for (const [one, error] of brokenRules(table, writes)) {
    refusals.set(one, error);
  }
  return {
    desired,
    interfaces,
    ...matched,
    remove,
    get plan() {
      return compare(desired, matched, remove);
    },
    readBack: () => reader.standing(),
    refusals,
    refusal: (one) =>
      missing.get(numbers.of(one.parsed.interface)) ?? refusals.get(one),
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
  const { desired, refusals, refusal, others, remove } = first;
  const current = first.current.map((row, i) => {
    const one = desired.all[i]!;
    return row ?? (refusals.has(one) ? undefined : table.get(one.entry));
  });
  const standing = standingsOf(current, desired.all);
  const plan = compare(desired, { current, standing, others }, remove);
  const { interfaces, readBack } = first;
  return {
    desired,
    interfaces,
    current,
    standing,
    others,
    remove,
    plan,
    readBack,
    refusals,
    refusal,
  };
}

/** Looks for the interfaces that are in no list; why each cannot be had. */
function findUnlisted(
  table: NeighborTable,
  all: readonly Desired[],
  numbers: InterfaceLookup,
): Map<number, NeighborError> {
  const unlisted = new Map<number, ParsedInterface>();
  for (const { parsed } of all) {
    const number = numbers.of(parsed.interface);
    if (!numbers.knows(number)) unlisted.set(number, parsed.interface);
  }
  const missing = new Map<number, NeighborError>();
  for (const [number, named] of unlisted) {
    try {
      // An alternative name, or one in other letters
      const [row] = table.list(namesOf(named));
      if (row !== undefined && named.alias !== null) {
        numbers.alsoCalled(named.alias, row.interfaceIndex);
      }
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      missing.set(number, error);
    }
  }
  return missing;
}

function namesOf({ luid, index, alias }: ParsedInterface) {
  if (luid !== 0n) return { interfaceLuid: luid };
  return index !== 0
    ? { interfaceIndex: index }
    : { interfaceAlias: alias ?? "" };
}
