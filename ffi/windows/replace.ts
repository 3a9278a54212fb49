/**
 * Making an entry so, whatever is there: no single call of the IP Helper API
 * does, and what Set makes of a dynamic entry is not documented. So: look, act,
 * look again.
 *
 * @module
 */

import { describeKey, type ParsedEntry } from "../entry.ts";
import { NeighborError } from "../error.ts";
import { formatLinkLayerAddress } from "../link_layer_address.ts";
import type { Replacement } from "../change.ts";
import { isPinned } from "../write.ts";
import type { Neighbor } from "../neighbor.ts";
import type { WindowsCalls } from "./calls.ts";
import type { Target } from "./interfaces.ts";

/** What a replace did, and what was there before. */
export interface Replaced {
  readonly result: Replacement;
  readonly previous: Neighbor | undefined;
}

/** Creates or changes the entry until it is permanent and as asked. */
export function replace(
  calls: WindowsCalls,
  entry: ParsedEntry,
  target: Target,
): Replaced {
  const previous = calls.read(entry, target);
  if (isPinned(previous, entry)) return { result: "unchanged", previous };
  const result = write(calls, entry, target, previous !== undefined);
  let after = calls.read(entry, target);
  if (after !== undefined && after.state !== "permanent") {
    // Set changed a dynamic entry and left it dynamic
    calls.write("DeleteIpNetEntry2", entry, target);
    calls.write("CreateIpNetEntry2", entry, target);
    after = calls.read(entry, target);
  }
  if (isPinned(after, entry)) return { result, previous };
  const wanted = formatLinkLayerAddress(entry.linkLayerAddress);
  const now = after === undefined
    ? "there is no entry"
    : `it has ${after.linkLayerAddress ?? "no address"}, ${after.state}`;
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
): Replacement {
  try {
    calls.write(
      isThere ? "SetIpNetEntry2" : "CreateIpNetEntry2",
      entry,
      target,
    );
    return isThere ? "changed" : "created";
  } catch (error) {
    const moved = isThere ? "NOT_FOUND" : "ALREADY_EXISTS";
    if (!(error instanceof NeighborError) || error.code !== moved) throw error;
    calls.write(
      isThere ? "CreateIpNetEntry2" : "SetIpNetEntry2",
      entry,
      target,
    );
    return isThere ? "created" : "changed";
  }
}
