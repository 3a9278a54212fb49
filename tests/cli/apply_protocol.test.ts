import { assertEquals } from "@std/assert";
import { UsageError } from "../../cli/args.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { applyText } from "../helpers/apply_text.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";

const VA = interfaceOf(2, "va");
const OURS = "02:fc:00:00:00:05";
const THEIRS = "02:ee:00:00:00:01";

function pin(last: number, protocol?: number) {
  const entry = {
    address: `10.0.0.${last}`,
    linkLayerAddress: OURS,
    interfaceAlias: "va",
  };
  return protocol === undefined ? entry : { ...entry, protocol };
}

function fileOf(protocol: number | null, ...neighbors: unknown[]): string {
  return JSON.stringify({ protocol, neighbors });
}

/** To adopt, in sync, to prune, and two that belong to nobody or to zebra. */
function tableOf(): FakeTable {
  return new FakeTable([VA], [
    { ...rowOf(VA, "10.0.0.1", OURS), protocol: 11 },
    { ...rowOf(VA, "10.0.0.2", OURS), protocol: 42 },
    { ...rowOf(VA, "10.0.0.3", THEIRS), protocol: 42 },
    { ...rowOf(VA, "10.0.0.4", THEIRS), protocol: null },
    { ...rowOf(VA, "10.0.0.5", THEIRS), protocol: 11 },
  ]);
}

const PINS = [pin(1), pin(2), pin(6, 12)] as const;
const CHANGES = [
  `~ 10.0.0.1        ${OURS} va protocol 42 was ${OURS} permanent protocol 11`,
  `+ 10.0.0.6        ${OURS} va protocol 12`,
  `- 10.0.0.3        ${THEIRS} va protocol 42`,
];

function protocols(table: FakeTable): Record<string, number | null> {
  return Object.fromEntries(
    table.all().map(({ address, protocol = null }) => [address, protocol]),
  );
}

for (
  const [how, text, words] of [
    ["the option", fileOf(null, ...PINS), ["--protocol", "42"]],
    ["the file", fileOf(42, ...PINS), []],
    ["both", fileOf(42, ...PINS), ["--protocol", "42"]],
  ] as const
) {
  Deno.test(`apply --prune with the protocol of ${how} writes it, and removes only rows that have it`, async () => {
    const table = tableOf();
    const dry = await applyText(table, text, [
      "--prune",
      "--dry-run",
      ...words,
    ]);
    assertEquals([dry.code, dry.out], [0, [
      ...CHANGES,
      "Would create 1, change 1, remove 1; 1 unchanged",
    ]]);
    const check = await applyText(table, text, [
      "--prune",
      "--check",
      ...words,
    ]);
    assertEquals([check.code, check.out.slice(0, -1)], [5, CHANGES]);
    assertEquals(table.writes, 0);
    const done = await applyText(table, text, ["--prune", ...words]);
    assertEquals([done.code, done.out], [0, [
      ...CHANGES,
      "1 created, 1 changed, 1 removed; 1 unchanged",
    ]]);
    assertEquals(protocols(table), {
      "10.0.0.1": 42,
      "10.0.0.2": 42,
      "10.0.0.4": null,
      "10.0.0.5": 11,
      "10.0.0.6": 12,
    });
    const again = await applyText(table, text, [
      "--prune",
      "--check",
      ...words,
    ]);
    assertEquals([again.code, again.out], [0, ["Nothing to do: 3 unchanged"]]);
  });
}

Deno.test("apply refuses --protocol that contradicts the file, before anything is read", async () => {
  const table = tableOf();
  const { thrown } = await applyText(table, fileOf(42, pin(1)), [
    ...["--protocol", "43"],
  ]);
  assertEquals(thrown instanceof UsageError, true);
  assertEquals(
    (thrown as Error).message,
    '--protocol 43 contradicts FILE, whose member "protocol" is 42',
  );
  assertEquals(table.writes, 0);
});

Deno.test("apply refuses --protocol 0 and 256 as the API does", async () => {
  for (
    const [word, message] of [
      ["0", "The protocol 0 is that of an entry without one: omit it"],
      ["256", "The protocol 256 is not a whole number from 1 to 255"],
    ] as const
  ) {
    const { thrown } = await applyText(tableOf(), fileOf(null, pin(1)), [
      ...["--protocol", word],
    ]);
    assertEquals((thrown as Error).message, message);
    assertEquals(thrown instanceof NeighborError, true);
  }
});

Deno.test("a listing restores protocols; a row without one leaves that of the table", async () => {
  const table = tableOf();
  const listing = JSON.stringify(table.all());
  for (const row of table.all()) table.put({ ...row, protocol: 99 });
  const { code, out } = await applyText(table, listing);
  assertEquals([code, out.at(-1)], [0, "4 changed; 1 unchanged"]);
  assertEquals(protocols(table), {
    "10.0.0.1": 11,
    "10.0.0.2": 42,
    "10.0.0.3": 42,
    "10.0.0.4": 99,
    "10.0.0.5": 11,
  });
});

Deno.test("apply --watch shows the protocol that it found", async () => {
  const table = new FakeTable([VA], [
    { ...rowOf(VA, "10.0.0.1", OURS), protocol: 11 },
  ]);
  const { out } = await applyText(
    table,
    fileOf(42, pin(1)),
    ["--watch"],
    (text) => text.includes("guarding"),
  );
  assertEquals(out[0], CHANGES[0]);
});

Deno.test("where the system keeps no protocol, a file with one is refused and nothing written", async () => {
  const table = tableOf();
  table.fake.hasProtocols = false;
  const { thrown } = await applyText(table, fileOf(null, pin(7), pin(8, 42)));
  assertEquals(
    (thrown as Error).message.replace(/^FILE:1:\d+: /, ""),
    'Cannot write 10.0.0.8 on interface "va" with the protocol 42: only ' +
      "Linux keeps one; 1 of 2 entries refused, nothing was changed",
  );
  assertEquals(
    (thrown as { error: NeighborError }).error?.code,
    "NOT_SUPPORTED",
  );
  assertEquals(table.writes, 0);
});
