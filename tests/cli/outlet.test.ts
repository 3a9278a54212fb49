import { assertEquals } from "@std/assert";
import { Outlet } from "../../cli/output/outlet.ts";

/** A stream whose reader a test can stall and close. */
class FakeStream {
  text = "";
  #gate = Promise.withResolvers<void>();
  #isOpen = true;
  fails: Error | undefined;
  /** How many bytes it takes at once. */
  most = Infinity;

  stall(): void {
    this.#isOpen = false;
    this.#gate = Promise.withResolvers();
  }

  resume(): void {
    this.#isOpen = true;
    this.#gate.resolve();
  }

  async write(bytes: Uint8Array): Promise<number> {
    if (!this.#isOpen) await this.#gate.promise;
    if (this.fails !== undefined) throw this.fails;
    const taken = bytes.subarray(0, this.most);
    this.text += new TextDecoder().decode(taken);
    return taken.length;
  }
}

function outletOf(stream: FakeStream, drops: boolean) {
  const failures: string[] = [];
  const outlet = new Outlet(stream, {
    drops,
    lost: (lines) => `(${lines} lost)\n`,
    failed: ({ message }) => failures.push(message),
  });
  return { outlet, failures };
}

Deno.test("Outlet writes lines in order over partial writes", async () => {
  for (const most of [1, 3, Infinity]) {
    const stream = new FakeStream();
    stream.most = most;
    const { outlet } = outletOf(stream, false);
    outlet.put("one\n");
    outlet.put("zwei — drei\n");
    await outlet.drained();
    outlet.put("four\n");
    await outlet.drained();
    if (most > 1) assertEquals(stream.text.length > 0, true);
    if (most === Infinity) {
      assertEquals(stream.text, "one\nzwei — drei\nfour\n");
    }
  }
});

Deno.test("Outlet that drops loses lines without room, and reports their number", async () => {
  const stream = new FakeStream();
  stream.stall();
  const { outlet, failures } = outletOf(stream, true);
  const line = "x".repeat(1023) + "\n";
  for (let i = 0; i < 300; i++) outlet.put(line);
  assertEquals(outlet.isFull, true);
  stream.resume();
  await outlet.drained();
  assertEquals(outlet.isFull, false);
  outlet.put("after\n");
  await outlet.drained();
  const [, lost, after] = /\n\((\d+) lost\)\n(.*)\n$/s.exec(stream.text)!;
  const written = stream.text.split(line).length - 1;
  assertEquals([written + Number(lost), after], [300, "after"]);
  assertEquals([failures, outlet.error], [[], undefined]);
});

Deno.test("Outlet that does not drop keeps everything and reports that it is full", async () => {
  const stream = new FakeStream();
  stream.stall();
  const { outlet } = outletOf(stream, false);
  const line = "x".repeat(1023) + "\n";
  for (let i = 0; i < 300; i++) outlet.put(line);
  assertEquals(outlet.isFull, true);
  stream.resume();
  await outlet.drained();
  assertEquals([stream.text.length, outlet.isFull], [300 * 1024, false]);
});

Deno.test("Outlet reports a closed pipe once", async () => {
  const stream = new FakeStream();
  stream.fails = new Deno.errors.BrokenPipe("gone");
  const { outlet, failures } = outletOf(stream, false);
  for (const line of ["one\n", "two\n"]) {
    outlet.put(line);
    await outlet.drained();
  }
  stream.fails = undefined;
  outlet.put("three\n");
  await outlet.drained();
  assertEquals([stream.text, failures], ["", ["gone"]]);
});

Deno.test("Outlet continues after a failed write, and reports the lines lost", async () => {
  const stream = new FakeStream();
  stream.fails = new Error("No space");
  const { outlet, failures } = outletOf(stream, true);
  outlet.put("one\n");
  outlet.put("two\n");
  await outlet.drained();
  stream.fails = undefined;
  outlet.put("three\n");
  await outlet.drained();
  assertEquals(stream.text, "(2 lost)\nthree\n");
  assertEquals([failures, outlet.error?.message], [["No space"], "No space"]);
});
