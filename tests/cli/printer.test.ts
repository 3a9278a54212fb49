import { assert, assertEquals } from "@std/assert";
import type { Kind, Line } from "../../cli/output/answer.ts";
import { Printer } from "../../cli/output/printer.ts";
import { pushed } from "../../cli/output/pushed.ts";

/** What two streams were given, in order. */
class Streams {
  text = "";
  /** Milliseconds that a write takes; infinite where its reader stalls. */
  delay = 0;
  fails: Error | undefined;

  stream(mark: string) {
    return {
      write: async (bytes: Uint8Array) => {
        if (this.delay === Infinity) await new Promise(() => {});
        await new Promise((go) => setTimeout(go, this.delay));
        if (this.fails !== undefined && mark === "") throw this.fails;
        this.text += mark + new TextDecoder().decode(bytes);
        return bytes.length;
      },
    };
  }
}

function printerOf(kind: Kind, streams: Streams) {
  const stopped = Promise.withResolvers<void>();
  const printer = new Printer({
    stdout: streams.stream(""),
    stderr: streams.stream("E:"),
    kind,
    asJson: false,
    stop: () => stopped.resolve(),
    stopped: stopped.promise,
  });
  return { printer, stop: stopped.resolve };
}

for (const kind of ["finite", "watch", "guard"] as const) {
  Deno.test(`Printer of a ${kind} loses no line to a reader that reads slowly`, async () => {
    const streams = new Streams();
    streams.delay = 5;
    const { printer } = printerOf(kind, streams);
    const line = "x".repeat(99) + "\n";
    for (let i = 0; i < 20_000; i++) await printer.out(line);
    assertEquals(await printer.end(), { isWhole: true });
    assertEquals(streams.text.length, 20_000 * 100);
  });
}

Deno.test("Printer of finite work keeps the order of both streams", async () => {
  const streams = new Streams();
  const { printer } = printerOf("finite", streams);
  await printer.err("one\n");
  await printer.out("two\n");
  await printer.out("three\n");
  await printer.err("four\n");
  await printer.end();
  assertEquals(streams.text, "E:one\ntwo\nthree\nE:four\n");
});

Deno.test("Printer of finite work waits for a stalled reader until a stop", async () => {
  const streams = new Streams();
  streams.delay = Infinity;
  const { printer, stop } = printerOf("finite", streams);
  await printer.out("one\n");
  const ended = printer.end();
  const later = new Promise((go) => setTimeout(go, 30, "not ended"));
  assertEquals(await Promise.race([ended, later]), "not ended");
  stop();
  assertEquals(await ended, { isWhole: false });
});

Deno.test("Printer returns the error of writing standard output", async () => {
  for (const kind of ["finite", "watch", "guard"] as const) {
    const streams = new Streams();
    streams.fails = new Error("No space");
    const { printer } = printerOf(kind, streams);
    await printer.out("one\n");
    assertEquals((await printer.end()).error?.message, "No space");
    assertEquals(streams.text.includes("without output"), kind === "guard");
  }
});

Deno.test("Printer does not report a closed pipe", async () => {
  const streams = new Streams();
  streams.fails = new Deno.errors.BrokenPipe("gone");
  const { printer } = printerOf("finite", streams);
  for (let i = 0; i < 10_000; i++) await printer.out("x".repeat(100));
  assertEquals((await printer.end()).error, undefined);
});

Deno.test("pushed() drops pushes over the limit, and yields their number in their place", async () => {
  const end = Promise.withResolvers<void>();
  const lines = pushed<Line, string>(
    async (push) => {
      for (let i = 0; i < 5000; i++) push([{ text: `${i}` }]);
      await end.promise;
      push([{ text: "after" }]);
      return "done";
    },
    (count) => ({ text: `${count} lost` }),
  );
  const texts: string[] = [];
  for (;;) {
    const { value, done } = await lines.next();
    if (done) {
      assertEquals(value, "done");
      break;
    }
    texts.push(value.text!);
    if (texts.length === 1000) end.resolve();
  }
  assertEquals(
    texts.slice(0, 4096),
    Array.from({ length: 4096 }, (_, i) => `${i}`),
  );
  assertEquals(texts.slice(4096), [`${5000 - 4096} lost`, "after"]);
});

Deno.test("pushed() keeps everything without a lost callback", async () => {
  const lines = pushed<number, string>((push) => {
    push(Array.from({ length: 10_000 }, (_, i) => i));
    for (let i = 0; i < 10_000; i++) push([i]);
    return Promise.resolve("done");
  });
  let count = 0;
  while (!(await lines.next()).done) count++;
  assert(count === 20_000);
});
