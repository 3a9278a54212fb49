/**
 * Our reader of CSV against the one of the npm package csv-parse.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { csvRecords } from "../../../cli/import/csv_records.ts";
import { importText, pinsOf } from "../../helpers/import_text.ts";

const MAC = "02:fc:00:00:00:05";

/** The records of csv-parse; `undefined` where it refuses the text. */
function oracle(text: string, delimiter: string): string[][] | undefined {
  try {
    return parse(text, {
      delimiter,
      record_delimiter: ["\n", "\r\n"],
      relax_column_count: true,
    }) as string[][];
  } catch {
    return undefined;
  }
}

/** Our records; `undefined` where one has a mistake. */
function ours(text: string, delimiter: string): string[][] | undefined {
  const records = [...csvRecords(text, delimiter)];
  return records.some(({ mistake }) => mistake !== undefined)
    ? undefined
    : records.map(({ cells }) => [...cells]);
}

const DELIMITER = fc.constantFrom(",", ";", "\t");

Deno.test("csvRecords() reads back every cell that is written by RFC 4180", () => {
  const cell = fc.string({
    unit: fc.constantFrom("a", '"', ",", ";", "\t", "\n", "\r", " ", "é", "#"),
    maxLength: 6,
  });
  const property = fc.property(
    fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 5,
    }),
    DELIMITER,
    fc.constantFrom("\n", "\r\n"),
    fc.boolean(),
    (rows, delimiter, end, hasEnd) => {
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const text = rows.map((row) => row.map(quoted).join(delimiter))
        .join(end) + (hasEnd ? end : "");
      assertEquals(ours(text, delimiter), rows);
      assertEquals(oracle(text, delimiter), rows);
    },
  );
  fc.assert(property, { numRuns: 1000 });
});

Deno.test("csvRecords() takes what csv-parse takes, with the same cells", () => {
  const counts = { taken: 0, refused: 0 };
  const text = fc.string({
    unit: fc.constantFrom(
      ...["a", "b", '"', '"', ",", ",", ";", "\t", "\n", "\n", "\r\n", " "],
    ),
    maxLength: 24,
  });
  const property = fc.property(text, DELIMITER, (text, delimiter) => {
    const mine = ours(text, delimiter);
    // Blank lines are comments here; csv-parse makes a record of one empty cell
    const theirs = oracle(text, delimiter)
      ?.filter((cells) => cells.length > 1 || cells[0] !== "");
    const nonEmpty = mine
      ?.filter((cells) => cells.length > 1 || cells[0] !== "");
    assertEquals(nonEmpty, theirs);
    counts[mine === undefined ? "refused" : "taken"]++;
  });
  fc.assert(property, { numRuns: 5000 });
  assert(counts.taken > 500 && counts.refused > 500, JSON.stringify(counts));
});

for (
  const [text, line, words] of [
    ['ip,mac,dev\n192.0.2.1,"x,eth0\n', 2, "A quote has no end"],
    ['ip,mac,dev\n192.0.2.1,x"y,eth0\n', 2, "A quote stands in a cell"],
    ['ip,mac,dev\n\n192.0.2.1,"x"y,eth0\n', 3, "behind the quote"],
    [`ip,mac,dev\n192.0.2.1,${MAC}\n`, 2, "has 2 cells, the header 3"],
    [`ip,mac,ifindex\n192.0.2.1,${MAC},x\n`, 2, '"x" is no index'],
    [`ip,mac,address\n`, 1, 'columns "ip" and "address"'],
    [`host,name\n`, 1, "It is no header of CSV"],
    [`192.0.2.1,${MAC},eth0\n`, 1, "It is no header of CSV"],
    [
      'ip,mac,dev,note\n192.0.2.1,02fc00000005,eth0,"a\nb"\nx,y\n',
      4,
      "2 cells",
    ],
  ] as const
) {
  Deno.test(`import refuses ${JSON.stringify(text)} as CSV, on line ${line}`, async () => {
    const { thrown } = await importText(text, ["--from", "csv"]);
    assert(thrown!.startsWith(`FILE:${line}: `), thrown);
    assert(thrown!.includes(words), thrown);
  });
}

Deno.test("import skips a record without an IP address, and tells it", async () => {
  const text = `ip,mac,dev,note\n192.0.2.1,${MAC},eth0,\n,${MAC},,none yet\n`;
  const { out, err } = await importText(text, ["--from", "csv"]);
  assertEquals(out.length, 3);
  assertEquals(err, [
    `FILE:3: skipped: ",${MAC},,none yet": no IP address`,
    "FILE: 1 entry taken, 2 lines skipped: 1 heading, 1 without an IP address",
  ]);
});

Deno.test("import knows columns by their common names, in any order and case", async () => {
  const headers = [
    ["IP", "MAC", "Interface"],
    ["ip-address", "MAC Address", "iface"],
    ["IPv4 Address", "Link-Layer Address", "dev"],
    ["Address", "lladdr", "Device"],
    ["IPAddress", "LinkLayerAddress", "InterfaceAlias"],
    ["address", "link-layer", "interface"],
  ];
  for (const [ip, mac, dev] of headers) {
    for (const delimiter of [",", ";", "\t"]) {
      const text = [
        ["Rack", dev, mac, ip].join(delimiter),
        ["r3", "eth0", MAC, "192.0.2.1"].join(delimiter),
      ].join("\r\n");
      assertEquals(pinsOf(await importText(text)), [{
        ...{ address: "192.0.2.1", linkLayerAddress: MAC },
        interfaceAlias: "eth0",
      }]);
    }
  }
});
