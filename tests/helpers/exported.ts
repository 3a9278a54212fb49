/**
 * Runs `export` over rows in memory, or over a file.
 *
 * @module
 */

import { parseCommand, type RunCommand } from "../../cli/args.ts";
import { exportEntries } from "../../cli/export/export.ts";
import type { Document } from "../../cli/output/answer.ts";
import { warningLines } from "../../cli/output/warning.ts";
import { parseFilter } from "../../ffi/parse/filter.ts";
import type { Neighbor, NeighborFilter } from "../../ffi/types/neighbor.ts";
import type { NeighborTable } from "../../ffi/types/table.ts";

/** The link-layer address of a row. */
export const MAC = "02:fc:00:00:00:05";

/** A permanent row of eth0, with other members where they are given. */
export function row(address: string, others: Partial<Neighbor> = {}): Neighbor {
  return {
    address,
    family: address.includes(":") ? "ipv6" : "ipv4",
    interfaceIndex: 3,
    interfaceLuid: null,
    interfaceAlias: "eth0",
    linkLayerAddress: MAC,
    state: "permanent",
    isRouter: false,
    isUnreachable: false,
    reachabilityTime: null,
    protocol: null,
    flags: [],
    ...others,
  } as Neighbor;
}

/** A table that lists these rows. */
export function tableOf(rows: readonly Neighbor[]): NeighborTable {
  return {
    list(filter: NeighborFilter = {}) {
      const { wants, families, interface: on } = parseFilter(filter);
      return rows.filter((one) =>
        wants(one) && families.includes(one.family) &&
        (on === null || on.alias === one.interfaceAlias)
      );
    },
  } as unknown as NeighborTable;
}

/** A table that must not be read. */
const UNREAD = {} as NeighborTable;

/** The answer of `export` over a table, its text, and its warnings in words. */
export async function exported(
  rows: readonly Neighbor[] | NeighborTable,
  ...words: string[]
): Promise<
  & Omit<Document, "warnings">
  & { readonly text: string; readonly warnings: string[] }
> {
  const table = Array.isArray(rows) ? tableOf(rows) : rows as NeighborTable;
  const command = parseCommand(["export", ...words]) as RunCommand;
  const document = await exportEntries(table, command);
  const warnings = warningLines(document.warnings, document.file)
    .map((line) => line.replace(/^warning: /, ""));
  return { ...document, text: Array.from(document.pieces).join(""), warnings };
}

/** The same over a file, which is called FILE in warnings. */
export async function fromFile(text: string, ...words: string[]) {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, text);
    const made = await exported(UNREAD, path, ...words);
    return {
      ...made,
      warnings: made.warnings.map((one) => one.replaceAll(path, "FILE")),
    };
  } finally {
    await Deno.remove(path);
  }
}

/** Rows of every kind, of which four are exported. */
export const TABLE: readonly Neighbor[] = [
  row("192.0.2.10"),
  row("192.0.2.9", { linkLayerAddress: "02:fc:00:00:00:09" }),
  row("fe80::7"),
  row("192.0.2.1", { interfaceAlias: "br0", interfaceIndex: 2 }),
  row("192.0.2.20", { state: "stale" }),
  row("192.0.2.21", { state: "reachable" }),
  row("192.0.2.22", { state: "incomplete", linkLayerAddress: null }),
  row("192.0.2.23", { state: "failed" }),
  row("192.0.2.24", { state: "reachable", isUnreachable: true }),
  row("224.0.0.1", { linkLayerAddress: "01:00:5e:00:00:01" }),
  row("ff02::1", { linkLayerAddress: "33:33:00:00:00:01" }),
  row("192.0.2.255", { linkLayerAddress: "ff:ff:ff:ff:ff:ff" }),
  row("192.0.2.30", { flags: ["proxy"] }),
];
