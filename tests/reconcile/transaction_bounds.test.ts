import { assertEquals, assertRejects } from "@std/assert";
import { applyNeighbors } from "../../reconcile/apply.ts";
import { NeighborApplyError } from "../../reconcile/apply_report.ts";
import { FakeTable, interfaceOf } from "../helpers/fake_table.ts";
import { onWrite } from "../helpers/writes.ts";

const VA = interfaceOf(2, "va");

function pins(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    address: `10.0.${i >> 8}.${i & 255}`,
    linkLayerAddress: "02:fc:00:00:00:01",
    interfaceAlias: "va",
  }));
}

for (const count of [64, 65]) {
  Deno.test(`${count} entries are read back by ${count === 64 ? "look-ups" : "one scan"}`, async () => {
    const table = new FakeTable([VA]);
    const { fake } = table;
    const read = fake.read.bind(fake);
    const scan = fake.scan.bind(fake);
    let [reads, scans] = [0, 0];
    onWrite(table, () => reads = scans = 0);
    fake.read = (entries, position) => {
      reads++;
      return read(entries, position);
    };
    fake.scan = (filter, visitor) => {
      scans++;
      scan(filter, visitor);
    };
    await applyNeighbors(pins(count), { table });
    // A scan is one call for each family
    assertEquals([reads, scans], count === 64 ? [64, 0] : [0, 2]);
  });
}

Deno.test("an entry that a scan lacks is looked up before it is called missing", async () => {
  const table = new FakeTable([VA]);
  table.loses = (row) => row.address === "10.0.0.7";
  const { entries } = await applyNeighbors(pins(65), { table });
  assertEquals(
    new Set(entries.map(({ outcome }) => outcome)),
    new Set(["created"]),
  );
});

Deno.test("an abort is heard between two batches that take long", async () => {
  const table = new FakeTable([VA]);
  const controller = new AbortController();
  onWrite(table, ({ number }) => {
    if (number > 1) return;
    setTimeout(() => controller.abort(), 0);
    const end = performance.now() + 20;
    while (performance.now() < end);
  });
  const error = await assertRejects(
    () => applyNeighbors(pins(300), { table, signal: controller.signal }),
    NeighborApplyError,
  );
  const outcomes = error.report.entries.map(({ outcome }) => outcome);
  assertEquals(error.code, "ABORTED");
  assertEquals(outcomes.indexOf("untouched"), 128);
  assertEquals(table.all(), []);
});
