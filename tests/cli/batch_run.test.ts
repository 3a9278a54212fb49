import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { parseCommand, type RunCommand } from "../../cli/args.ts";
import { batch } from "../../cli/batch.ts";
import { Refusal } from "../../cli/output/refusal.ts";
import type { Problem } from "../../cli/pins/lines.ts";
import { UNKNOWN } from "../../ffi/entry_list.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";
import { onWrite } from "../helpers/writes.ts";

const ON = interfaceOf(2, "va");
const MAC = "02:fc:00:00:00:05";

/** A line for each address that ends in one of these octets. */
function linesOf(octets: readonly number[]): string {
  return octets.map((octet) =>
    JSON.stringify({
      verb: "create",
      address: `10.0.${octet >> 8}.${octet & 255}`,
      interfaceAlias: "va",
      linkLayerAddress: MAC,
    })
  ).join("\n");
}

interface Ran {
  /** What is printed, without the name of the file. */
  readonly out: readonly string[];
  readonly summary: unknown;
  readonly code: number;
}

/** Runs a file of that mode; `started` gets what an interrupt calls. */
async function run(
  table: FakeTable,
  text: string,
  { words = [], mode = 0o600, started }: {
    readonly words?: readonly string[];
    readonly mode?: number;
    readonly started?: (stop: () => void) => void;
  } = {},
): Promise<Ran> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, text);
    await Deno.chmod(path, mode);
    const command = parseCommand(["batch", path, ...words]) as RunCommand;
    const { lines, stop } = await batch(table, command);
    started?.(() => stop?.("SIGINT"));
    const out: string[] = [];
    let summary: unknown;
    for (;;) {
      const { done, value } = await lines.next();
      if (done) return { out, summary, code: value };
      const line = value.text ?? value.complaint;
      if (line !== undefined) out.push(line.replace(path, "FILE"));
      summary = value.json ?? summary;
    }
  } finally {
    await Deno.remove(path);
  }
}

/** Takes longer than the time after which a batch lets signals be handled. */
function spin(): void {
  const end = performance.now() + 40;
  while (performance.now() < end);
}

Deno.test("batch writes nothing behind the first line that is refused", async () => {
  const table = new FakeTable([ON], [rowOf(ON, "10.0.0.2", MAC)]);
  const { out, summary, code } = await run(table, linesOf([1, 2, 3, 4]));
  assertEquals(table.all().map(({ address }) => address), [
    ...["10.0.0.1", "10.0.0.2"],
  ]);
  assertEquals(out, [
    "FILE:2: It is there",
    "1 done, 1 refused, 2 not tried",
  ]);
  assertEquals(summary, {
    summary: { done: 1, refused: 1, unknown: 0, notTried: 2 },
  });
  assertEquals(code, 1);
});

Deno.test("batch --keep-going tries every line, 1024 in a write", async () => {
  const table = new FakeTable([ON], [rowOf(ON, "10.0.0.2", MAC)]);
  const sizes: number[] = [];
  onWrite(table, ({ positions }) => sizes.push(positions.length));
  const octets = Array.from({ length: 1025 }, (_, i) => i);
  const words = ["--keep-going"];
  const { out, code } = await run(table, linesOf(octets), { words });
  assertEquals(out, ["FILE:3: It is there", "1024 done, 1 refused"]);
  assertEquals([code, sizes], [1, [1024, 1]]);
});

Deno.test("batch counts a line whose answer was lost apart", async () => {
  const table = new FakeTable([ON]);
  const lost = new NeighborError("UNKNOWN_OUTCOME", "The answer was lost");
  onWrite(table, () => {}, ({ entries, positions: [position] }) => {
    entries.fail(position!, lost, UNKNOWN);
  });
  const { out, summary } = await run(table, linesOf([1]));
  assertEquals(out, [
    "FILE:1: The answer was lost",
    "0 done, 0 refused, 1 unknown",
  ]);
  assertEquals(summary, {
    summary: { done: 0, refused: 0, unknown: 1, notTried: 0 },
  });
});

for (const words of [[], ["--dry-run"]]) {
  Deno.test({
    name: `batch ${words} tells the warnings of the file, in its summary too`,
    ignore: Deno.build.os === "windows",
    async fn() {
      const text = linesOf([1]);
      const good = await run(new FakeTable([ON]), text, { words });
      assertEquals(Object.keys(good.summary as object), ["summary"]);
      const table = new FakeTable([ON]);
      const { out, summary } = await run(table, text, { words, mode: 0o666 });
      assertEquals(out.length, good.out.length + 1);
      assertMatch(out[0]!, /^warning: .*may be written by every user/);
      const { warnings } = summary as { warnings: { message: string }[] };
      assertEquals(warnings.length, 1);
      assertMatch(warnings[0]!.message, /may be written by every user/);
    },
  });
}

Deno.test("batch that is interrupted leaves the rest, unless all is done", async () => {
  for (
    const [at, out, code] of [
      [1, [
        "Interrupted: what was done stays",
        "1 done, 0 refused, 1 not tried",
      ], 130],
      [2, ["2 done, 0 refused"], 0],
    ] as const
  ) {
    const table = new FakeTable([ON]);
    const ran = await run(table, linesOf([1, 2]), {
      started: (stop) =>
        onWrite(table, ({ number }) => {
          if (number === at) stop();
        }),
    });
    assertEquals<unknown>([ran.out, ran.code], [out, code]);
  }
});

Deno.test("batch lets a signal be handled between lines that take long", async () => {
  const table = new FakeTable([ON]);
  const { out, code } = await run(table, linesOf([1, 2, 3]), {
    started: (stop) =>
      onWrite(table, ({ number }) => {
        if (number === 1) setTimeout(stop, 0);
        spin();
      }),
  });
  assertEquals(out.at(-1), "1 done, 0 refused, 2 not tried");
  assertEquals(code, 130);
});

Deno.test("batch --dry-run lets a signal be handled between lines that take long", async () => {
  const table = new FakeTable([ON]);
  const { fake } = table;
  let [reads, heardAfter] = [0, 0];
  fake.read = () => {
    if (++reads === 1) setTimeout(() => heardAfter = reads, 0);
    spin();
    return undefined;
  };
  await run(table, linesOf([1, 2, 3]), { words: ["--dry-run"] });
  assertEquals([reads, heardAfter], [3, 1]);
});

Deno.test("batch puts a mistake about a whole line at its first column", async () => {
  const table = new FakeTable([ON]);
  const text = linesOf([1]).replace("10.0.0.1", "10.0.0");
  const error = await assertRejects(() => run(table, text), Refusal);
  const { problems } = error.details as { problems: readonly Problem[] };
  assertEquals(problems.map(({ line, column }) => [line, column]), [[1, 1]]);
});
