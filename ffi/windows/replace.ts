/**
 * Making an entry so, whatever is there: no single call of the IP Helper API
 * does, and what Set makes of a dynamic entry is not documented. So: look, act,
 * look again.
 *
 * @module
 */

import {
  describeKey,
  type ParsedEntry,
  type ParsedKey,
} from "../parse/entry.ts";
import {
  NeighborError,
  type NeighborErrorCode,
  withNote,
} from "../types/error.ts";
import { formatLinkLayerAddress } from "../parse/link_layer_address.ts";
import type { ReplaceResult } from "../types/change.ts";
import { isPinned } from "../parse/change.ts";
import type { Neighbor } from "../types/neighbor.ts";
import type { WindowsCalls } from "./calls.ts";
import type { Target } from "./interfaces.ts";

/** What a replace did, and what was there before. */
export interface Replaced {
  readonly result: ReplaceResult;
  readonly previous: Neighbor | undefined;
}

/** Creates or changes the entry until it is permanent and as asked. */
export function replace(
  calls: WindowsCalls,
  entry: ParsedEntry,
  target: Target,
): Replaced {
  let previous = calls.read(entry, target);
  if (isPinned(previous, entry)) return { result: "unchanged", previous };
  let result = write(calls, entry, target, previous !== undefined);
  let after = calls.read(entry, target);
  if (isDynamic(after)) {
    // It came since the first look
    previous ??= after;
    renew(calls, entry, target, { previous, after });
    result = "changed";
    after = calls.read(entry, target);
  }
  if (isPinned(after, entry)) return { result, previous };
  const wanted = formatLinkLayerAddress(entry.linkLayerAddress);
  const now = after === undefined
    ? "there is no entry"
    : `it has ${wordsOf(after)}`;
  throw new NeighborError(
    "OTHER",
    `Cannot replace neighbor ${describeKey(entry)}: the system answered ` +
      `success, yet ${now} where ${wanted}, permanent, was asked for`,
    { operation: "GetIpNetEntry2", status: 0, entry: entry.given },
  );
}

/** A dynamic entry may come or go between the look and the call: once more. */
function write(
  calls: WindowsCalls,
  entry: ParsedEntry,
  target: Target,
  isThere: boolean,
): ReplaceResult {
  const set = () => calls.write("SetIpNetEntry2", entry, target);
  const create = () => calls.write("CreateIpNetEntry2", entry, target);
  const first = isThere
    ? refusal("NOT_FOUND", set)
    : refusal("ALREADY_EXISTS", create);
  if (first === undefined) return isThere ? "changed" : "created";
  const second = isThere
    ? refusal("ALREADY_EXISTS", create)
    : refusal("NOT_FOUND", set);
  if (second === undefined) return isThere ? "created" : "changed";
  // There for Create and not for Set, which may know permanent entries only
  if (isDynamic(calls.read(entry, target))) return "changed";
  throw second;
}

/** The one refusal that may be; any other is thrown. */
function refusal(
  code: NeighborErrorCode,
  call: () => void,
): NeighborError | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof NeighborError && error.code === code) return error;
    throw error;
  }
}

/**
 * Puts a new entry in the place of one that Set has left dynamic. What it was
 * cannot be written, so a refusal says what has become of it.
 */
function renew(
  calls: WindowsCalls,
  entry: ParsedEntry,
  target: Target,
  { previous, after }: { previous: Neighbor; after: Neighbor },
): void {
  let left = `the entry now has ${wordsOf(after)}`;
  try {
    const isDone = remove(calls, entry, target);
    left = `the entry that was there (${wordsOf(previous)}) ` +
      (isDone ? "has been deleted" : "went by itself");
    calls.write("CreateIpNetEntry2", entry, target);
  } catch (error) {
    if (!(error instanceof NeighborError)) throw error;
    throw withNote(error, left);
  }
}

/** Deletes an entry that may be gone; whether it was still there. */
export function remove(
  calls: WindowsCalls,
  key: ParsedKey,
  target: Target,
): boolean {
  const deletes = () => calls.write("DeleteIpNetEntry2", key, target);
  return refusal("NOT_FOUND", deletes) === undefined;
}

function isDynamic(row: Neighbor | undefined): row is Neighbor {
  return row !== undefined && row.state !== "permanent";
}

function wordsOf({ linkLayerAddress, state }: Neighbor): string {
  return `${linkLayerAddress ?? "no address"}, ${state}`;
}
