/**
 * Reads the file of `watch --changes --known`: the rows that an earlier
 * `neighbor list --json` printed, or a pins file.
 *
 * @module
 */

import { isState } from "../../ffi/parse/filter.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import type { NeighborTable } from "../../ffi/types/table.ts";
import { InterfaceLookup } from "../../reconcile/interface_lookup.ts";
import { refuseFile } from "../output/refusal.ts";
import type { Warning } from "../output/warning.ts";
import { readRows } from "../pins/rows.ts";
import { skippedText } from "../pins/rules.ts";

/** What is known. */
export interface Known {
  readonly name: string;
  readonly warnings: readonly Warning[];
  readonly rows: readonly Neighbor[];
}

/** Reads the rows. Their interfaces have the names that they have now. */
export async function readKnown(
  operand: string,
  table: NeighborTable,
): Promise<Known> {
  const { file, rows } = await readRows(operand, ({ state }) => isState(state));
  if (file.problems.length > 0) {
    throw refuseFile(file.name, file.problems, "", "");
  }
  const { name, skipped: { notWritable } } = file;
  const skipped = skippedText({ notWritable });
  return {
    name,
    warnings: skipped === undefined
      ? file.warnings
      : [...file.warnings, { message: skipped }],
    rows: withNames(rows(), table),
  };
}

/** A station is known by the alias; a pin may have an index or another name. */
function withNames(
  rows: readonly Neighbor[],
  table: NeighborTable,
): Neighbor[] {
  const interfaces = table.listInterfaces();
  const lookup = new InterfaceLookup(interfaces, []);
  const aliases = new Map(
    interfaces.map((one) => [one.interfaceIndex, one.interfaceAlias]),
  );
  return rows.map((row) => {
    const { interfaceAlias: alias, interfaceIndex, interfaceLuid } = row;
    const index = alias === null ? interfaceIndex : 0;
    const luid = BigInt(interfaceLuid ?? 0);
    const found = lookup.find({ luid, index: 0, alias }) ??
      lookup.find({ luid: 0n, index, alias });
    const interfaceAlias = aliases.get(found ?? 0) ?? alias;
    return { ...row, interfaceAlias };
  });
}
