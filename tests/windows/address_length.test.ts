/**
 * The length of an interface's addresses changes under one open table: no
 * address that the system cut is ever called success.
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type NeighborEntry,
  NeighborError,
  type NeighborTable,
  openNeighborTable,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { kernelIndex } from "../helpers/wine/witness.ts";
import { countsOf, OURS, tryToApply } from "../helpers/windows/applying.ts";
import { rawRow } from "../helpers/windows/raw_row.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

const KNOWN = "192.0.2.3";
const ASKED = "192.0.2.7";

type Write = (table: NeighborTable, entry: NeighborEntry) => void;

function change(verb: "set" | "replace"): Write {
  return (table, entry) => {
    const [result] = table.change([{ verb, ...entry }]);
    if (result!.outcome !== "done") throw result!.error;
  };
}

const WRITES: Readonly<Record<string, Write>> = {
  create: (table, entry) => table.create(entry),
  set: (table, entry) => table.set(entry),
  replace: (table, entry) => void table.replace(entry),
  "a batch's set": change("set"),
  "a batch's replace": change("replace"),
};

/** Those that read back; a single set or create has the system's word alone. */
const READ_BACK = ["replace", "a batch's set", "a batch's replace"];

/** What the table then says of the address. */
function read(table: NeighborTable): string | null | undefined {
  return table.list({ subnet: `${ASKED}/32` })[0]?.linkLayerAddress;
}

/** Writes six octets where four have become right; the error, and the row. */
async function writeTooMuch(
  by: string,
  write: Write,
  isThere: boolean,
): Promise<{ error: NeighborError; isAsBefore: boolean }> {
  control.setBackend("memory");
  const index = await kernelIndex(ETHERNET);
  using table = openNeighborTable();
  const found = table.listInterfaces().find(({ interfaceIndex }) =>
    interfaceIndex === index
  )!;
  const key = { [by]: found[by as "interfaceIndex"] };
  const entry = (address: string) =>
    ({ ...key, address, linkLayerAddress: OURS }) as NeighborEntry;
  // Six octets are right at first, and the table may remember it
  table.create(entry(KNOWN));
  if (isThere) control.addRows(rawRow({ index, address: [192, 0, 2, 7] }));
  const before = read(table);
  control.configure(control.addressLength(index, 4));
  const error = assertThrows(() => write(table, entry(ASKED)), NeighborError);
  return { error, isAsBefore: read(table) === before };
}

for (const by of ["interfaceAlias", "interfaceIndex", "interfaceLuid"]) {
  for (const [verb, write] of Object.entries(WRITES)) {
    const isThere = verb.endsWith("set");
    wineTest(`${verb} by ${by}, addresses became shorter`, async () => {
      const { error, isAsBefore } = await writeTooMuch(by, write, isThere);
      assertEquals(error.code, "INVALID_PARAMETER", error.message);
      assert(isAsBefore);
    });
    if (!READ_BACK.includes(verb)) continue;
    wineTest(
      `${verb} by ${by}, addresses became shorter and the system cuts`,
      async () => {
        control.setCutting(true);
        const { error } = await writeTooMuch(by, write, isThere);
        assertEquals((error.entry as NeighborEntry).address, ASKED);
        // A batch measures the interface, a single replace looks at the row
        const code = verb === "replace" ? "UNCONFIRMED" : "INVALID_PARAMETER";
        assertEquals(error.code, code, error.message);
      },
    );
  }
}

wineTest(
  "an apply while the addresses of the interface become shorter",
  async () => {
    control.setBackend("memory");
    control.setCutting(true);
    const interfaceIndex = await kernelIndex(ETHERNET);
    control.after(
      "CreateIpNetEntry2",
      100,
      control.addressLength(interfaceIndex, 4),
    );
    const pins = Array.from({ length: 300 }, (_, i) => ({
      address: `10.7.${i >> 8}.${i & 255}`,
      linkLayerAddress: OURS,
      interfaceIndex,
    }));
    using table = openNeighborTable();
    const { report, error } = await tryToApply(pins, { table });
    assert(error !== null, "cut addresses were called success");
    assertEquals(countsOf(report).created, undefined);
    for (const { linkLayerAddress } of table.list({ subnet: "10.7.0.0/16" })) {
      // What was cut is not ours to the letter; it may be left, never as created
      assertEquals(linkLayerAddress, OURS.slice(0, 11));
    }
    for (const { entry, outcome } of report.entries) {
      const isThere = table.get({ address: entry.address, interfaceIndex });
      if (["restored", "untouched"].includes(outcome)) {
        assertEquals([entry.address, isThere], [entry.address, undefined]);
      }
    }
  },
);

wineTest(
  "an interface whose addresses became longer accepts them",
  async () => {
    control.setBackend("memory");
    const index = await kernelIndex(ETHERNET);
    control.configure(control.addressLength(index, 4));
    using table = openNeighborTable();
    const key = { address: ASKED, interfaceIndex: index };
    table.create({ ...key, linkLayerAddress: "0a000001" });
    control.configure(control.addressLength(index, 8));
    table.set({ ...key, linkLayerAddress: "0011223344556677" });
    assertEquals(read(table), "00:11:22:33:44:55:66:77");
  },
);
