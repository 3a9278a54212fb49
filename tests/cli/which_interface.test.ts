import { assertEquals, assertThrows } from "@std/assert";
import { parseCommand, type RunCommand } from "../../cli/args.ts";
import {
  ambiguous,
  namesInterface,
  refuseWithoutInterface,
  rowsOf,
} from "../../cli/which_interface.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";

const IP = "192.0.2.7";
const MAC = "02-fc-00-00-00-05";
const ETHERNET = interfaceOf(1, "eth0");
const WIFI = interfaceOf(2, "wlan0");

function run(...words: string[]): RunCommand {
  const command = parseCommand(words);
  if (command.kind !== "run") throw new Error(words.join(" "));
  return command;
}

const needs = (verb: string, address = IP) =>
  `${verb} needs --interface ALIAS|INDEX|LUID for "${address}"`;

Deno.test("a write without an interface suggests a command for the one that has the entry", () => {
  const table = new FakeTable([ETHERNET, WIFI], [
    rowOf(WIFI, IP, "02:fc:00:00:00:09", "stale"),
    rowOf(ETHERNET, "192.0.2.70", "02:fc:00:00:00:09"),
  ]);
  const error = refuseWithoutInterface(table, run("set", IP, MAC, "-q"));
  assertEquals(
    error.message,
    `${needs("set")}: neighbor set ${IP} ${MAC} --interface wlan0 --quiet`,
  );
});

Deno.test("a write without an interface lists all that have an entry", () => {
  const table = new FakeTable([ETHERNET, WIFI], [
    rowOf(ETHERNET, "fe80::1", null, "failed"),
    rowOf(WIFI, "fe80::1", MAC),
  ]);
  assertEquals(
    refuseWithoutInterface(table, run("rm", "fe80:0::1", "--json")).message,
    `${needs("delete", "fe80:0::1")}: ` +
      "neighbor delete fe80:0::1 --interface eth0 --json, or " +
      "neighbor delete fe80:0::1 --interface wlan0 --json",
  );
});

Deno.test("a write without an interface says that none has an entry", () => {
  const table = new FakeTable([ETHERNET]);
  assertEquals(
    refuseWithoutInterface(table, run("add", IP, MAC)).message,
    `${needs("add")}: no interface has an entry for it; ` +
      "neighbor interfaces lists them",
  );
});

Deno.test("a write without an interface is a usage mistake where nothing can be read", () => {
  const table = new FakeTable([ETHERNET]);
  table.close();
  assertEquals(
    refuseWithoutInterface(table, run("resolve", IP)).message,
    needs("resolve"),
  );
});

Deno.test("a bad address is reported before the missing interface", () => {
  const table = new FakeTable([ETHERNET]);
  assertThrows(
    () => refuseWithoutInterface(table, run("set", "192.0.2", MAC)),
    NeighborError,
    '"192.0.2"',
  );
});

Deno.test("ambiguous() lists only the first of many interfaces", () => {
  const many = Array.from({ length: 9 }, (_, i) => interfaceOf(i + 1, `e${i}`));
  const rows = many.map((one) => rowOf(one, IP, MAC));
  const { message } = ambiguous(run("get", IP), rows, "9 have it");
  assertEquals(message.match(/--interface e\d/g)?.length, 5);
  assertEquals(message.endsWith("--interface e4, and 4 more"), true);
});

const IS_WINDOWS = Deno.build.os === "windows";

for (
  const [alias, posix, windows] of [
    ["5", "alias:5", "alias:5"],
    ["a b", "'a b'", '"a b"'],
    ["Brücke (2)", "'Brücke (2)'", '"Brücke (2)"'],
    // Where no quotation is safe in every shell, by its index
    ["$(x)", "'$(x)'", "3"],
    ["a'b", "'a'\\''b'", "3"],
    ["a\u202eb", "'a\\u202eb'", "3"],
  ] as const
) {
  Deno.test(`ambiguous() writes the interface ${JSON.stringify(alias)} as a shell takes it`, () => {
    const rows = [rowOf(interfaceOf(3, alias), IP, MAC)];
    const { message } = ambiguous(run("get", IP), rows, "?");
    const word = IS_WINDOWS ? windows : posix;
    assertEquals(message, `?: neighbor get ${IP} --interface ${word}`);
  });
}

Deno.test("rowsOf() finds the rows of exactly the address", () => {
  const table = new FakeTable([ETHERNET, WIFI], [
    rowOf(ETHERNET, "2001:db8::1", MAC),
    rowOf(WIFI, "2001:db8::1", MAC),
    rowOf(WIFI, "2001:db8::11", MAC),
  ]);
  const rows = rowsOf(table, run("get", "2001:0DB8:0::1"));
  assertEquals(rows.map((row) => row.interfaceAlias), ["eth0", "wlan0"]);
});

Deno.test("namesInterface() knows the option and the zone", () => {
  assertEquals(namesInterface(run("get", IP)), false);
  assertEquals(namesInterface(run("get", IP, "-i", "1")), true);
  assertEquals(namesInterface(run("get", "fe80::1%1")), true);
});

Deno.test("the suggested command can be typed where the interface begins with a dash", () => {
  const table = new FakeTable([interfaceOf(1, "-4")], [
    rowOf(interfaceOf(1, "-4"), IP, "02:fc:00:00:00:09"),
  ]);
  const { message } = refuseWithoutInterface(table, run("set", IP, MAC));
  const suggested = `neighbor set ${IP} ${MAC} --interface=-4`;
  assertEquals(message, `${needs("set")}: ${suggested}`);
  const { values } = run(...suggested.split(" ").slice(1));
  assertEquals(values, { interface: "-4" });
});
