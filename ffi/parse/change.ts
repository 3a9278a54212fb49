/**
 * What both systems' writes share: what a change asks for, and what it would
 * meet. Pure.
 *
 * @module
 */

import type { ChangeResult, NeighborChange } from "../types/change.ts";
import {
  checkObject,
  describe,
  describeKey,
  type ParsedEntry,
  type ParsedKey,
  parseEntry,
  parseKey,
} from "./entry.ts";
import { invalid, NeighborError } from "../types/error.ts";
import { formatLinkLayerAddress } from "./link_layer_address.ts";
import type {
  Neighbor,
  NeighborEntry,
  NeighborKey,
} from "../types/neighbor.ts";
import type { WritePreview } from "../types/table.ts";

/** The verbs of one entry, as the methods of a table are called. */
export type WriteVerb = NeighborChange["verb"];

/** A change past the door. */
export interface ParsedChange {
  readonly write: WriteVerb;
  readonly parsed: ParsedKey | ParsedEntry;
}

// A record, so that the compiler misses the verb that is missing
const VERBS: Readonly<Record<WriteVerb, true>> = {
  set: true,
  create: true,
  replace: true,
  delete: true,
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

/** The verbs that leave an entry behind. */
export type PreparedVerb = Exclude<WriteVerb, "delete">;

/**
 * A change of an entry that is past the door already. To another's table it is
 * like any other, and so is a copy of it to ours.
 */
class PreparedChange implements ParsedChange {
  readonly #parsed: ParsedEntry;
  readonly verb: PreparedVerb;
  readonly address: string;
  readonly linkLayerAddress: string | Uint8Array;
  readonly interfaceLuid: bigint | string | null;
  readonly interfaceIndex: number | null;
  readonly interfaceAlias: string | null;

  constructor(verb: PreparedVerb, entry: NeighborEntry, parsed: ParsedEntry) {
    this.#parsed = parsed;
    this.verb = verb;
    this.address = entry.address;
    this.linkLayerAddress = entry.linkLayerAddress;
    this.interfaceLuid = entry.interfaceLuid ?? null;
    this.interfaceIndex = entry.interfaceIndex ?? null;
    this.interfaceAlias = entry.interfaceAlias ?? null;
  }

  get write(): WriteVerb {
    return this.verb;
  }

  get parsed(): ParsedEntry {
    return this.#parsed;
  }
}

/** Makes a change of an entry that `parseEntry` has let through. */
export function prepareChange(
  verb: PreparedVerb,
  { entry, parsed }: { entry: NeighborEntry; parsed: ParsedEntry },
): NeighborChange {
  return new PreparedChange(verb, entry, parsed) as NeighborChange;
}

/** Checks one change of a batch. */
export function parseChange(change: NeighborChange): ParsedChange {
  if (change instanceof PreparedChange) return change;
  checkObject("change", change);
  // Read once: a getter could answer differently the next time
  const write = readVerb(change);
  return { write, parsed: parseWrite(write, change) };
}

function readVerb(change: NeighborChange): WriteVerb {
  const verb: unknown = change.verb;
  if (typeof verb === "string" && Object.hasOwn(VERBS, verb)) {
    return verb as WriteVerb;
  }
  const hint = verb === "add" ? ': "add" is called create here' : "";
  throw invalid(
    `The verb ${describe(verb)} is none of ` +
      Object.keys(VERBS).join(", ") + hint,
    change,
  );
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
  { write, parsed }: ParsedChange,
  current: Neighbor | undefined,
  operation: string,
): WritePreview {
  const what = `Cannot ${write} neighbor ${describeKey(parsed)}`;
  if (write === "create" && current !== undefined) {
    throw new NeighborError(
      "ALREADY_EXISTS",
      `${what}: there is an entry for that address already`,
      { entry: parsed.given },
    );
  }
  if ((write === "set" || write === "delete") && current === undefined) {
    throw new NeighborError(
      "NOT_FOUND",
      `${what}: there is no such entry on that interface`,
      { entry: parsed.given },
    );
  }
  const isDone = write === "replace" &&
    isPinned(current, parsed as ParsedEntry);
  return { operation: isDone ? null : operation, current };
}
