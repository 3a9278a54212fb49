import { assert, assertEquals } from "@std/assert";
import type { Refusal } from "../../cli/output/refusal.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { applyText } from "../helpers/apply_text.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";

const VA = interfaceOf(2, "va");
const OURS = "02:fc:00:00:00:05";
const THEIRS = "02:ee:00:00:00:01";
const FILE = `[
  {"address": "10.0.0.1", "linkLayerAddress": "${OURS}", "interfaceAlias": "va"},
  {"address": "10.0.0.2", "linkLayerAddress": "${OURS}", "interfaceAlias": "vb"}
]`;
const WORDS = ["--watch", "--interval", "10"];

/** A line without its time, which is checked. */
function timeless(line: string): string {
  const time = /\d{4}-\S+Z /.exec(line)?.[0];
  return time === undefined ? line : line.replace(time, "");
}

Deno.test("apply --watch prints the application and each repair, and ends with 0", async () => {
  const table = new FakeTable([VA]);
  let step = 0;
  const { code, out, err, json } = await applyText(
    table,
    FILE,
    [...WORDS, "--prune"],
    (text) => {
      step++;
      if (text.startsWith("1 created")) table.rows.clear();
      if (text.includes("found nothing")) {
        table.put(rowOf(VA, "10.0.0.1", THEIRS, "reachable"));
      }
      if (text.includes("(repair 2)")) table.put(rowOf(VA, "10.0.0.9", THEIRS));
      if (text.startsWith("- ")) {
        table.interfaces = [VA, interfaceOf(3, "vb")];
      }
      return text.includes("10.0.0.2 ") && text.includes("found nothing");
    },
  );
  assert(step > 0);
  assertEquals([code, err.map(timeless)], [
    0,
    ['FILE:3:3: Cannot find interface "vb": there is no such interface'],
  ]);
  assertEquals(out.map(timeless), [
    `+ 10.0.0.1        ${OURS} va`,
    "1 created; 0 unchanged",
    ". guarding 2 entries of FILE",
    '? 1 entry waits for interface "vb"',
    `+ 10.0.0.1        ${OURS} va found nothing`,
    `~ 10.0.0.1        ${OURS} va found ${THEIRS} reachable (repair 2)`,
    `- 10.0.0.9        ${THEIRS} va found ${THEIRS} permanent`,
    '. interface "vb" has come',
    `+ 10.0.0.2        ${OURS} vb found nothing`,
    ". ended: 4 repairs, 0 refused",
  ]);
  const objects = json as Record<string, unknown>[];
  assertEquals(objects.map(({ type }) => type), [
    ...["applied", "waiting", "repaired", "repaired", "repaired", "arrived"],
    ...["repaired", "ended"],
  ]);
  for (const { time } of objects) {
    assertEquals(new Date(time as string).toISOString(), time);
  }
  assertEquals(
    Object.keys(objects[2]!),
    ["time", "type", "outcome", "entry", "found", "repairs"],
  );
  assertEquals([objects.at(-1)!.repairs, objects.at(-1)!.refusals], [4, 0]);
  assertEquals(table.rows.size, 2);
});

Deno.test("apply --watch prints the comment of each pin with it", async () => {
  const table = new FakeTable([VA]);
  const { out, err, json } = await applyText(
    table,
    FILE.replaceAll('"}', '", "comment": "rack 7"}'),
    WORDS,
    (text) => {
      if (text.startsWith("1 created")) table.rows.clear();
      return text.includes("found nothing");
    },
  );
  assertEquals(err.map(timeless), [
    'FILE:3:3: Cannot find interface "vb": there is no such interface # rack 7',
  ]);
  assertEquals(out.map(timeless).filter((line) => line.startsWith("+")), [
    `+ 10.0.0.1        ${OURS} va # rack 7`,
    `+ 10.0.0.1        ${OURS} va found nothing # rack 7`,
  ]);
  const repaired = (json as { type: string; entry?: { comment: string } }[])
    .find(({ type }) => type === "repaired");
  assertEquals(repaired?.entry?.comment, "rack 7");
});

Deno.test("apply --watch reports a refused repair on stderr, and continues", async () => {
  const table = new FakeTable([VA, interfaceOf(3, "vb")]);
  const { code, err, json } = await applyText(
    table,
    FILE,
    WORDS,
    (text, json) => {
      if (text.startsWith("2 created")) {
        table.refuse = () => new NeighborError("ACCESS_DENIED", "Not you");
        table.rows.delete("2 10.0.0.1");
      }
      const { type } = (json ?? {}) as { type?: string };
      if (type === "refused") table.refuse = () => undefined;
      return type === "repaired";
    },
  );
  assertEquals([code, err.map(timeless)], [0, ["FILE:2:3: Not you"]]);
  const refused = (json as { type: string; error?: { code: string } }[])
    .find(({ type }) => type === "refused");
  assertEquals(refused?.error?.code, "ACCESS_DENIED");
});

Deno.test("apply --watch ends like apply where the first application fails", async () => {
  const table = new FakeTable([VA], [rowOf(VA, "10.0.0.1", THEIRS)]);
  table.refuse = () => new NeighborError("ACCESS_DENIED", "Not you");
  const { thrown } = await applyText(table, FILE, WORDS);
  assertEquals((thrown as Refusal).code, 4);
  assert((thrown as Refusal).message.startsWith("FILE:2:3: Not you"));
  assertEquals(table.all().map((row) => row.linkLayerAddress), [THEIRS]);
});
