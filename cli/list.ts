/**
 * `neighbor list`: the rows as a sorted table for people, without those of
 * multicast and broadcast addresses, or as JSON, complete and in the order of
 * the system.
 *
 * @module
 */

import { groupOf } from "../ffi/parse/group.ts";
import {
  formatLinkLayerAddress,
  parseLinkLayerAddress,
} from "../ffi/parse/link_layer_address.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import type { NeighborTable } from "../ffi/types/table.ts";
import { type RunCommand, UsageError } from "./args.ts";
import { tableOf } from "./neighbor_table.ts";
import type { Whole } from "./output/answer.ts";
import { counted } from "./output/count.ts";
import { sortRows } from "./output/sorted_rows.ts";
import { filterOf } from "./values.ts";

/** Lists the rows that match the operands and options. */
export async function list(
  table: NeighborTable,
  command: RunCommand,
): Promise<Whole> {
  const { flags } = command;
  const noHeader = flags.has("no-header");
  if (noHeader && flags.has("json")) {
    throw new UsageError("list takes --json or --no-header, not both");
  }
  const rows = table.list(filterOf(command));
  if (flags.has("json")) return { json: rows, text: "" };
  const typed = command.values["link-layer-address"];
  const { shown, remark } = rows.length === 0 && typed !== undefined
    ? { shown: rows, remark: prefixRemark(typed) }
    : flags.has("multicast")
    ? { shown: rows, remark: undefined }
    : withoutGroups(rows);
  return {
    json: rows,
    text: await tableOf(sortRows(shown), command),
    noHeader,
    ...(remark !== undefined && { remark }),
  };
}

/**
 * How the prefix is written, where what found nothing is shorter than the
 * address of any interface that resolves: of Ethernet 6, of InfiniBand 20, of
 * an IPv4 tunnel 4 octets.
 */
function prefixRemark(typed: string): string | undefined {
  if (/[:-]$/.test(typed)) return undefined;
  const octets = parseLinkLayerAddress(typed);
  if (octets.length >= 4) return undefined;
  const count = counted(octets.length, "octet");
  return `${typed} is a whole address of ${count}, ` +
    `the prefix is ${formatLinkLayerAddress(octets)}:`;
}

/** The rows of single neighbors, and a sentence about the others. */
function withoutGroups(
  rows: readonly Neighbor[],
): { shown: readonly Neighbor[]; remark?: string } {
  const counts = { multicast: 0, broadcast: 0 };
  const shown = rows.filter((row) => {
    const group = groupOf(row);
    if (group !== null) counts[group]++;
    return group === null;
  });
  const hidden = rows.length - shown.length;
  if (hidden === 0) return { shown };
  const words = Object.entries(counts).filter(([, count]) => count > 0)
    .map(([group, count]) => `${count} ${group}`).join(" and ");
  const [noun, pronoun] = hidden === 1 ? ["row", "it"] : ["rows", "them"];
  return {
    shown,
    remark: `${words} ${noun} not shown, --multicast shows ${pronoun}`,
  };
}
