import { assertEquals, assertThrows } from "@std/assert";
import { parseCommand, UsageError } from "../../cli/args.ts";
import { interfaceRows, neighborRows } from "../../cli/output/answer.ts";
import { cellsOfRow, interfaceCell } from "../../cli/output/entry_lines.ts";
import { escapeText, nameText } from "../../cli/output/text.ts";
import { filterOf, milliseconds } from "../../cli/values.ts";
import { Layout } from "../../cli/watch.ts";
import { interfaceOf, rowOf } from "../helpers/fake_table.ts";

function interfaceGiven(word: string) {
  const command = parseCommand(["list", `--interface=${word}`]);
  if (command.kind !== "run") throw new Error(word);
  return filterOf(command);
}

for (
  const name of ["eth\\u0030", "eth0", "a\\b", "\u202e", "\\\\u0041", "\udcff"]
) {
  Deno.test(`the name ${JSON.stringify(name)} is printed as --interface takes it`, () => {
    const on = interfaceOf(2, name);
    const row = rowOf(on, "10.0.0.7", "02:fc:00:00:00:05");
    const [, [first] = []] = [...interfaceRows([on])];
    const [, cells = []] = [...neighborRows([row])];
    const printed = [
      first!,
      cells[3]!,
      cellsOfRow(row)[2]!,
      interfaceCell({ luid: 0n, index: 0, alias: name }),
      new Layout().cells(row)[3]!,
    ].map((cell) => escapeText(cell).trimEnd());
    assertEquals(printed, printed.map(() => escapeText(nameText(name))));
    assertEquals(interfaceGiven(printed[0]!), { interfaceAlias: name });
  });
}

Deno.test("a number that would be rounded is refused as it was given", () => {
  const word = "99999999999999999999";
  assertThrows(
    () => interfaceGiven(word),
    UsageError,
    `The interface index "${word}" is too large`,
  );
  assertThrows(
    () => milliseconds(word),
    UsageError,
    `The interval "${word}" is too large`,
  );
  assertEquals(interfaceGiven("4294967296"), { interfaceIndex: 4294967296 });
});
