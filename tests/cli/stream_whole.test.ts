import { assertEquals } from "@std/assert";
import {
  partsOf,
  writeAll,
  writeAsync,
  WriteError,
} from "../../cli/output/stream.ts";

/**
 * Rust's standard output as Deno uses it, before a descriptor that does not
 * wait: a line buffer of 1024 bytes, written to and flushed. Where the flush
 * fails the answer of the write before it is lost.
 */
class LineBuffer {
  text = "";
  #buffer: Uint8Array = new Uint8Array();
  /** How many of so many bytes the descriptor takes. */
  readonly #room: (wanted: number) => number;

  constructor(room: (wanted: number) => number) {
    this.#room = room;
  }

  write(bytes: Uint8Array): number {
    const written = this.#write(bytes);
    this.#flush();
    return written;
  }

  #write(bytes: Uint8Array): number {
    const end = bytes.lastIndexOf(10) + 1;
    if (end === 0) {
      if (this.#buffer.at(-1) === 10) this.#flush();
      return this.#keep(bytes);
    }
    this.#flush();
    const taken = this.#system(bytes.subarray(0, end));
    if (taken === 0) return 0;
    const tail = taken >= end
      ? bytes.subarray(taken)
      : bytes.subarray(taken, Math.min(end, taken + 1024));
    const kept = tail.subarray(0, 1024);
    this.#buffer = kept.slice();
    return taken + kept.length;
  }

  #keep(bytes: Uint8Array): number {
    if (bytes.length >= 1024 - this.#buffer.length) this.#flush();
    if (bytes.length >= 1024) return this.#system(bytes);
    this.#buffer = Uint8Array.of(...this.#buffer, ...bytes);
    return bytes.length;
  }

  #flush(): void {
    while (this.#buffer.length > 0) {
      this.#buffer = this.#buffer.subarray(this.#system(this.#buffer));
    }
  }

  #system(bytes: Uint8Array): number {
    if (bytes.length === 0) return 0;
    const taken = this.#room(bytes.length);
    if (taken === 0) throw new Deno.errors.WouldBlock("no room");
    this.text += String.fromCharCode(...bytes.subarray(0, taken));
    return taken;
  }
}

/** Writes to that as standard output. */
async function written(
  pieces: readonly string[],
  isTerminal: boolean,
  room: (wanted: number) => number,
): Promise<string[]> {
  const { stdout } = Deno;
  const own = { ...stdout };
  const texts: string[] = [];
  try {
    for (const isSync of [true, false]) {
      const buffer = new LineBuffer(room);
      Object.assign(stdout, {
        isTerminal: () => isTerminal,
        writeSync: (bytes: Uint8Array) => buffer.write(bytes),
        write: (bytes: Uint8Array) =>
          new Promise((go) => go(buffer.write(bytes))),
      });
      if (isSync) await writeAll(stdout, pieces);
      else for (const piece of pieces) await writeAsync(stdout, piece);
      texts.push(buffer.text);
    }
  } finally {
    for (const name of ["isTerminal", "writeSync", "write"] as const) {
      if (name in own) Object.assign(stdout, { [name]: own[name] });
      else delete (stdout as Partial<typeof stdout>)[name];
    }
  }
  return texts;
}

const LINES = Array.from(
  { length: 300 },
  (_, i) => `${i} ${"x".repeat(i % 97)}\n`,
);
const TEXTS = {
  "lines": [LINES.join("")],
  "lines one by one": LINES,
  "JSON in pieces": [
    "[\n",
    LINES.join("").trimEnd(),
    ",",
    "x".repeat(50),
    "]\n",
  ],
  "a line longer than any part": ["y".repeat(30_000) + "\n", "z\n"],
  "no line at all": ["a", "b".repeat(1023), "c".repeat(1024), "", "d"],
};

for (const [name, pieces] of Object.entries(TEXTS)) {
  const text = pieces.join("");

  Deno.test(`writeAll() and writeAsync() write ${name} once to a pipe that does not wait`, async () => {
    let turn = 0;
    // A pipe takes all of 4096 bytes or none, and of more what there is room for
    const room = (wanted: number) => {
      const free = [0, 5000, 0, 4096, 70, 9000][turn++ % 6]!;
      return wanted <= 4096 && free < wanted ? 0 : Math.min(free, wanted);
    };
    assertEquals(await written(pieces, false, room), [text, text]);
  });

  Deno.test(`writeAll() and writeAsync() write ${name} once to a terminal that does not wait`, async () => {
    let turn = 0;
    const room = (wanted: number) =>
      Math.min(wanted, [0, 1, 700, 3, 5000][turn++ % 5]!);
    assertEquals(await written(pieces, true, room), [text, text]);
  });
}

Deno.test("partsOf() splits after a newline, or a part without one", () => {
  const cut = (text: string, most: number) =>
    [...partsOf(new TextEncoder().encode(text), most)].map((part) =>
      new TextDecoder().decode(part)
    );
  const text = "ab\ncd\n\nefghijklmnop\nq\nr";
  assertEquals(cut(text, 8), ["ab\ncd\n\n", "efghijklmnop", "\nq\n", "r"]);
  assertEquals(cut("ab\n\nc\n", 1), ["ab", "\n", "\n", "c", "\n"]);
  assertEquals(cut("x".repeat(5000), 4096).map(({ length }) => length), [
    4096,
    904,
  ]);
  assertEquals(cut("", 4096), []);
});

Deno.test("writeAll() reports why a stream cannot be written", async () => {
  const stream = {
    writeSync(): number {
      throw new Error("No space left");
    },
  };
  const error = await writeAll(stream, ["a"]).catch((error) => error);
  assertEquals([error instanceof WriteError, error.message, error.code], [
    true,
    "No space left",
    1,
  ]);
});

Deno.test("writeAll() to another stream continues after a partial write", async () => {
  let [text, turn] = ["", 0];
  const writeSync = (bytes: Uint8Array) => {
    if (turn++ % 3 === 0) throw new Deno.errors.WouldBlock("no room");
    if (turn % 3 === 0) return 0;
    text += String.fromCharCode(...bytes.subarray(0, 7));
    return Math.min(7, bytes.length);
  };
  await writeAll({ writeSync }, ["neighbor: ", "no such entry\n"]);
  assertEquals(text, "neighbor: no such entry\n");
});
