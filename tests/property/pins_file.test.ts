import { assert, assertEquals } from "@std/assert";
import { Ajv } from "ajv";
import fc from "fast-check";
import { parsePins } from "../../cli/pins/file.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import schema from "../../docs/pins.schema.json" with { type: "json" };
import { LINUX, rowsOn, WINDOWS } from "./pins.ts";

const validate = new Ajv({ allowUnionTypes: true }).compile(schema);

/** Whether the parser takes it. */
function isTaken(value: unknown): boolean {
  return parsePins(JSON.stringify(value), "-").problems.length === 0;
}

/** Values that are nearly right, at every place. */
const odd = fc.constantFrom<unknown>(
  ...[null, 0, 1, -1, 1.5, 4294967296, true, "", "x", "0x1", "0xg", [], {}],
  ...[42, 255, 256],
  ...[
    "192.0.2.7",
    "192.0.2.07",
    "127.0.0.1",
    "fe80::1",
    "fe80::1%a",
    "1::2::3",
  ],
  ...["02:fc:00:00:00:05", "02-fc-00-00-00-05", "02fc.0000.0005", "02-fc:00"],
  ...["permanent", "stale", "gone", "ipv4", "ipv6", "Ethernet"],
);
const names = [
  ...["address", "linkLayerAddress", "interfaceAlias", "interfaceIndex"],
  ...["interfaceLuid", "state", "family", "comment", "flags", "other"],
  "protocol",
] as const;

const item = fc.uniqueArray(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom<[string, unknown]>(
        ["address", "192.0.2.7"],
        ["address", "fe80::1%a"],
        ["linkLayerAddress", "02-fc-00-00-00-05"],
        ["interfaceAlias", "Ethernet"],
        ["state", "permanent"],
        ["protocol", 42],
      ),
    },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...names), odd) },
  ),
  { selector: ([name]) => name, minLength: 2, maxLength: 6 },
).map((members) => Object.fromEntries(members));

const file = fc.oneof(
  { weight: 6, arbitrary: fc.array(item, { maxLength: 2 }) },
  {
    weight: 4,
    arbitrary: fc.array(item, { maxLength: 2 }).map((neighbors) => ({
      neighbors,
    })),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      protocol: odd,
      neighbors: fc.array(item, { maxLength: 1 }),
    }),
  },
  { weight: 1, arbitrary: odd },
  { weight: 1, arbitrary: fc.record({ neighbors: odd, other: odd }) },
);

Deno.test("the schema accepts every file that the parser accepts", () => {
  let taken = 0;
  fc.assert(
    fc.property(file, (value) => {
      if (!isTaken(value)) return;
      taken++;
      assert(
        validate(value),
        `${JSON.stringify(value)} ${JSON.stringify(validate.errors)}`,
      );
    }),
    { numRuns: 20_000 },
  );
  assert(taken > 1000, `only ${taken} were taken at all`);
});

for (
  const value of [
    ...[12, "x", null, {}, { neighbors: {} }, { neighbors: [], who: 1 }],
    ...[[1], [[]], [{}], [{ address: "192.0.2.7", interfaceAlias: "a" }]],
    [{ address: "192.0.2.7", linkLayerAddress: "02" }],
    [{ address: "192.0.2.7", linkLayerAddress: "0", interfaceAlias: "a" }],
    [{ address: "192.0.2", linkLayerAddress: "02", interfaceAlias: "a" }],
    [{ address: "192.0.2.7", linkLayerAddress: "02", interfaceLuid: 3 }],
    [{ address: "192.0.2.7", linkLayerAddress: "02", alias: "a" }],
    [{ address: "192.0.2.7", state: "gone" }],
    [{ address: "192.0.2.7", state: "stale", nud: 1 }],
    ...[0, 256, 1.5, -1, "42", true, [], {}].flatMap((protocol) => [
      { protocol, neighbors: [] },
      [{ address: "192.0.2.7", state: "stale", protocol }],
      [{ address: "192.0.2.7", state: "permanent", protocol }],
      [{
        address: "192.0.2.7",
        linkLayerAddress: "02",
        interfaceAlias: "a",
        protocol,
      }],
    ]),
    [{
      address: "192.0.2.7",
      linkLayerAddress: "02",
      interfaceAlias: "a",
      interfaceIndex: 3,
    }],
  ]
) {
  Deno.test(`neither the parser nor the schema takes ${JSON.stringify(value)}`, () => {
    assertEquals([isTaken(value), validate(value)], [false, false]);
  });
}

for (const interfaces of [LINUX, WINDOWS]) {
  Deno.test(`a listing of ${interfaces[0]!.interfaceAlias} is taken: what is permanent and no group`, () => {
    fc.assert(
      fc.property(rowsOn(interfaces), (rows: Neighbor[]) => {
        assert(validate(rows), JSON.stringify(validate.errors));
        const { entries, pins, skipped, problems } = parsePins(
          JSON.stringify(rows),
          "-",
        );
        assertEquals(problems, []);
        const wanted = rows.filter(({ address, state, linkLayerAddress }) =>
          state === "permanent" && linkLayerAddress !== null &&
          !address.startsWith("239.") && !address.startsWith("ff02:")
        );
        assertEquals<unknown>(
          pins.map((_, position) => [
            entries.address(position),
            entries.linkLayerAddress(position),
          ]),
          wanted.map((row) => [row.address, row.linkLayerAddress]),
        );
        const count = Object.values(skipped).reduce((sum, n) => sum + n, 0);
        assertEquals(count + pins.length, rows.length);
      }),
      { numRuns: 500 },
    );
  });
}

Deno.test("parsePins() returns pins or problems for any text, each with a place in it", () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      const lines = text.split("\n");
      for (const { line, column } of parsePins(text, "-").problems) {
        assert(line >= 1 && line <= lines.length);
        assert(column >= 1 && column <= lines[line - 1]!.length + 1);
      }
    }),
    { numRuns: 3000 },
  );
});

Deno.test("parsePins() reports for a file what it reports for each item alone", () => {
  const mistakes = (items: unknown[]) =>
    parsePins(JSON.stringify(items), "-").problems.map((one) => one.message);
  fc.assert(
    fc.property(fc.array(item, { maxLength: 5 }), (items) => {
      assertEquals(mistakes(items), items.flatMap((one) => mistakes([one])));
    }),
    { numRuns: 2000 },
  );
});
