import { assertEquals, assertRejects } from "@std/assert";
import { readInput } from "../../cli/input.ts";
import { UsageError } from "../../cli/args.ts";

/** Reads a file of these bytes. */
async function read(bytes: Uint8Array): Promise<string> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, bytes);
    return await readInput(path);
  } finally {
    await Deno.remove(path);
  }
}

const TEXT = '[{"comment": "Büro"}]';

function utf16(text: string, isLittle: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let i = 0; i < text.length; i++) {
    view.setUint16(2 * i, text.charCodeAt(i), isLittle);
  }
  return new Uint8Array(view.buffer);
}

Deno.test("readInput() reads UTF-8, with a byte order mark or without", async () => {
  for (const mark of ["", "\ufeff"]) {
    assertEquals(await read(new TextEncoder().encode(mark + TEXT)), TEXT);
  }
  assertEquals(await read(new Uint8Array(0)), "");
});

Deno.test("readInput() reads UTF-16 that says so, as PowerShell writes it", async () => {
  for (const isLittle of [true, false]) {
    assertEquals(await read(utf16("\ufeff" + TEXT, isLittle)), TEXT);
  }
});

Deno.test("readInput() refuses what is no UTF-8, by its name", async () => {
  const latin = Uint8Array.from(TEXT, (one) => one.charCodeAt(0));
  await assertRejects(() => read(latin), UsageError, "it is not UTF-8 text");
});

Deno.test("readInput() says why a file cannot be read, without Deno's words", async () => {
  const error = await assertRejects(
    () => readInput("no/such/file"),
    UsageError,
  );
  assertEquals(error.message.startsWith('Cannot read "no/such/file": '), true);
  assertEquals(error.message.includes("readfile"), false);
});
