/**
 * Many changes, each checked and then sent with the others.
 *
 * @module
 */

import type { ChangeResult, NeighborChange } from "../change.ts";
import type { ParsedEntry, ParsedKey } from "../entry.ts";
import { NeighborError } from "../error.ts";
import { parseChange } from "../write.ts";
import { Batch } from "./batch.ts";
import type { LinuxInterfaces } from "./interfaces.ts";
import { memo } from "./memo.ts";
import type { NetlinkSocket } from "./socket.ts";

/** Everything that is refused before a request; the interface's index. */
export function check(
  interfaces: LinuxInterfaces,
  parsed: ParsedKey | ParsedEntry,
): number {
  const index = interfaces.target(parsed);
  if ("linkLayerAddress" in parsed) interfaces.checkEntry(index, parsed);
  return index;
}

/** Makes the changes; one result each, in their order. */
export function changeAll(
  socket: NetlinkSocket,
  interfaces: LinuxInterfaces,
  changes: readonly NeighborChange[],
): ChangeResult[] {
  const batch = new Batch(socket);
  interfaces.rememberAliases(() => {
    changes.forEach((change, i) => {
      try {
        const { write, parsed } = parseChange(change);
        batch.add(i, write, check(interfaces, parsed), parsed);
      } catch (error) {
        if (!(error instanceof NeighborError)) throw error;
        batch.refuse(i, error);
      }
    });
  });
  const alias = memo((index: number) => interfaces.alias(index, changes));
  return batch.finish().map((result) => {
    if (result.outcome !== "done" || !result.previous) return result;
    const { previous } = result;
    const interfaceAlias = alias(previous.interfaceIndex);
    return { ...result, previous: { ...previous, interfaceAlias } };
  });
}
