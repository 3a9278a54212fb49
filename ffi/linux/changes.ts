/**
 * Many changes, each checked and then sent with the others.
 *
 * @module
 */

import type { ChangeResult, NeighborChange } from "../types/change.ts";
import type { ParsedEntry, ParsedKey } from "../parse/entry.ts";
import { NeighborError } from "../types/error.ts";
import { parseChange } from "../parse/change.ts";
import { Batch } from "./batch.ts";
import type { LinuxInterfaces } from "./interfaces.ts";
import { memo } from "./memo.ts";
import type { NetlinkSocket } from "./netlink/socket.ts";

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
  interfaces.rememberAliases(() => addAll(batch, interfaces, changes));
  const results = batch.finish();
  const alias = memo((index: number) => interfaces.alias(index, changes));
  for (let i = 0; i < results.length; i++) {
    const result = results[i]!;
    if (result.outcome !== "done" || !result.previous) continue;
    const { previous } = result;
    const interfaceAlias = alias(previous.interfaceIndex);
    results[i] = { ...result, previous: { ...previous, interfaceAlias } };
  }
  return results;
}

// Loops: of a function made for the occasion the compiler forgets what it knew
function addAll(
  batch: Batch,
  interfaces: LinuxInterfaces,
  changes: readonly NeighborChange[],
): void {
  for (let i = 0; i < changes.length; i++) {
    try {
      const { write, parsed } = parseChange(changes[i]!);
      batch.add(i, write, check(interfaces, parsed), parsed);
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      batch.refuse(i, error);
    }
  }
}
