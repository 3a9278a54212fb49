/**
 * What both systems' writes share: what a change asks for, and what it would
 * meet. Pure.
 *
 * @module
 */

import type { ChangeResult, NeighborChange } from "./change.ts";
import {
  checkObject,
  describe,
  describeKey,
  type ParsedEntry,
  type ParsedKey,
  parseEntry,
  parseKey,
} from "./entry.ts";
import { invalid, NeighborError } from "./error.ts";
import { formatLinkLayerAddress } from "./link_layer_address.ts";
import type { Neighbor, NeighborEntry, NeighborKey } from "./neighbor.ts";
import type { Preview } from "./table.ts";

/** The verbs of one entry, as the methods of a table are called. */
export type WriteVerb = "set" | "create" | "replace" | "delete";

/** A change past the door. */
export interface ParsedChange {
  readonly verb: WriteVerb;
  readonly parsed: ParsedKey | ParsedEntry;
}

/** The words of a batch; `add` is what the command calls it. */
const VERBS: Readonly<Record<NeighborChange["verb"], WriteVerb>> = {
  set: "set",
  add: "create",
  replace: "replace",
  delete: "delete",
};

/** What a write that the system took has done; `replace` finds out itself. */
export const DONE = {
  set: { outcome: "done", result: "changed" },
  create: { outcome: "done", result: "created" },
  delete: { outcome: "done", result: "deleted" },
} as const satisfies Record<Exclude<WriteVerb, "replace">, ChangeResult>;

/** Refuses what is not a list of changes. */
export function checkChanges(changes: readonly NeighborChange[]): void {
  if (!Array.isArray(changes)) throw invalid("The changes are not an array");
}

/** Checks one change of a batch. */
export function parseChange(change: NeighborChange): ParsedChange {
  checkObject("change", change);
  if (typeof change.verb !== "string" || !Object.hasOwn(VERBS, change.verb)) {
    throw invalid(
      `The verb ${describe(change.verb)} is none of ` +
        Object.keys(VERBS).join(", "),
      change,
    );
  }
  const verb = VERBS[change.verb];
  return { verb, parsed: parseWrite(verb, change) };
}

/** Checks what a verb is given. */
export function parseWrite(
  verb: WriteVerb,
  entry: NeighborEntry | NeighborKey,
): ParsedKey | ParsedEntry {
  return verb === "delete"
    ? parseKey(entry)
    : parseEntry(entry as NeighborEntry);
}

/** Whether a row is what a replace is to leave behind. */
export function isPinned(
  row: Neighbor | undefined,
  { linkLayerAddress }: ParsedEntry,
): boolean {
  return row !== undefined && row.state === "permanent" &&
    row.linkLayerAddress === formatLinkLayerAddress(linkLayerAddress);
}

/** What a write would do to an entry as it stands, or what it would throw. */
export function previewWrite(
  { verb, parsed }: ParsedChange,
  current: Neighbor | undefined,
  operation: string,
): Preview {
  const what = `Cannot ${verb} neighbor ${describeKey(parsed)}`;
  if (verb === "create" && current !== undefined) {
    throw new NeighborError(
      "ALREADY_EXISTS",
      `${what}: there is an entry for that address already`,
      { entry: parsed.given },
    );
  }
  if ((verb === "set" || verb === "delete") && current === undefined) {
    throw new NeighborError(
      "NOT_FOUND",
      `${what}: there is no such entry on that interface`,
      { entry: parsed.given },
    );
  }
  const isDone = verb === "replace" && isPinned(current, parsed as ParsedEntry);
  return { operation: isDone ? null : operation, current };
}
