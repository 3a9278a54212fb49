/**
 * Reads a pins file, or what `neighbor list --json` printed, as rows.
 *
 * @module
 */

import { formatLuid } from "../../ffi/entry_list.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import type { PinsFile } from "./file.ts";
import { readPins } from "./read.ts";
import type { Given } from "./rules.ts";

/** A row, with the comment of a pin. */
export type Row = Neighbor & { readonly comment?: unknown };

/** A file, and its entries as rows. */
export interface RowsFile {
  readonly file: PinsFile;
  /** In the order of the file, which has no mistake. */
  readonly rows: () => Row[];
}

/**
 * Reads a file. Of the rows of a listing it has the permanent ones, and those
 * that `isTaken` returns true for.
 */
export async function readRows(
  operand: string,
  isTaken: (row: Given) => boolean,
): Promise<RowsFile> {
  const items = new Map<number, Given>();
  const file = await readPins(operand, ({ at, values }) => {
    items.set(at, { ...values });
    // It is checked as a permanent one
    if (isTaken(values)) values.state = "permanent";
    return undefined;
  });
  const rows = () =>
    file.pins.map(({ at }, position) => rowOf(file, position, items.get(at)!));
  return { file, rows };
}

/** The pin at a position as a row, so that a filter can match it. */
function rowOf(
  { entries, protocol }: PinsFile,
  position: number,
  item: Given,
): Row {
  const { luid, index, alias } = entries.named(position);
  const { interfaceAlias, interfaceIndex } = item;
  return {
    isRouter: false,
    isUnreachable: false,
    reachabilityTime: null,
    state: "permanent",
    ...item,
    address: entries.address(position),
    family: entries.isIpv4(position) ? "ipv4" : "ipv6",
    linkLayerAddress: entries.linkLayerAddress(position),
    interfaceLuid: luid === 0n ? null : formatLuid(luid),
    // A row of a listing has further names besides the most lasting one
    interfaceAlias: alias ?? (interfaceAlias as string | undefined) ?? null,
    protocol: entries.protocols[position] || protocol || null,
    interfaceIndex: index || (interfaceIndex as number | undefined) || 0,
  };
}
