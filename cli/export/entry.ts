/**
 * The entries of an export, and which rows of the table become one. Pure.
 *
 * @module
 */

import { parseAddress } from "../../ffi/parse/address.ts";
import { brokenAddressRule } from "../../ffi/parse/entry.ts";
import type { Neighbor, NeighborState } from "../../ffi/types/neighbor.ts";
import { cut } from "../../ffi/types/error.ts";
import { nameText } from "../output/text.ts";
import { groupOf } from "../../ffi/parse/group.ts";

/** An entry to export: a row of the table, or a pin of a file. */
export interface ExportEntry extends
  Pick<
    Neighbor,
    "address" | "family" | "interfaceAlias" | "interfaceLuid" | "state"
  > {
  readonly linkLayerAddress: string;
  /** 0 where a pin does not name its interface by the index. */
  readonly interfaceIndex: number;
  /** Linux: whose the entry is, 1 to 255; none where it is missing or `null`. */
  readonly protocol?: number | null;
  /** The comment of a pin. */
  readonly comment?: unknown;
}

/** The states of rows that were learnt and may still be true. */
export const LEARNT: readonly NeighborState[] = [
  ...["reachable", "stale", "delay", "probe"] as const,
];

/** Why a row is not exported; `undefined` where it is. */
export function leaveOut(
  row: Neighbor,
  isLearntWanted: boolean,
): "other" | "notWritable" | undefined {
  const isChosen = row.state === "permanent" ||
    (isLearntWanted && LEARNT.includes(row.state));
  if (!isChosen || row.linkLayerAddress === null || row.isUnreachable) {
    return "other";
  }
  if (row.flags?.includes("proxy") || groupOf(row) !== null) return "other";
  const broken = brokenAddressRule(parseAddress(row.address).bytes);
  return broken === undefined ? undefined : "notWritable";
}

/** The most characters of a name in a message: Windows has no longer ones. */
const LONGEST_NAME = 256;

/** The interface of an entry in a message. */
export function interfaceWords(entry: ExportEntry): string {
  return nameText(cut(interfaceText(entry), LONGEST_NAME));
}

/** The name of an entry's interface. */
export function interfaceText(
  { interfaceAlias, interfaceLuid, interfaceIndex }: ExportEntry,
): string {
  return interfaceAlias ?? interfaceLuid ?? String(interfaceIndex);
}
