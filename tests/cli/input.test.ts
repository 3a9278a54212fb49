import { fileURLToPath } from "node:url";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { MAX_INPUT, readInput } from "../../cli/input.ts";
import { UsageError } from "../../cli/args.ts";
import { notInstalled, skip } from "../helpers/skipped.ts";

/** Reads a file of these bytes. */
async function read(bytes: Uint8Array): Promise<string> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, bytes);
    return await readInput(path, () => {});
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

Deno.test("readInput() reads UTF-16 with a byte order mark, as PowerShell writes it", async () => {
  for (const isLittle of [true, false]) {
    assertEquals(await read(utf16("\ufeff" + TEXT, isLittle)), TEXT);
  }
});

Deno.test("readInput() refuses text that is not UTF-8, with the file's name", async () => {
  const latin = Uint8Array.from(TEXT, (one) => one.charCodeAt(0));
  await assertRejects(() => read(latin), UsageError, "it is not UTF-8 text");
});

Deno.test("readInput() gives the system's reason for an unreadable file, without Deno's words", async () => {
  const error = await assertRejects(
    () => readInput("no/such/file", () => {}),
    UsageError,
  );
  assertEquals(error.message.startsWith('Cannot read "no/such/file": '), true);
  assertEquals(error.message.includes("readfile"), false);
});

/** What came of reading in a process of its own. */
interface Reading {
  readonly result: string;
  /** The most memory the process ever had, in MiB; Linux only. */
  readonly peak: number;
}

/** Reads an operand under a line of sh, in which RUN is the process. */
async function readBy(line: string, operand: string): Promise<Reading> {
  const module = new URL("../../cli/input.ts", import.meta.url).href;
  const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
  const folder = await Deno.makeTempDir();
  const path = `${folder}/read.js`;
  await Deno.writeTextFile(
    path,
    `const { readInput } = await import(${JSON.stringify(module)});
    const result = await readInput(${JSON.stringify(operand)}, () => {}).then(
      ({ length }) => "read " + length,
      (error) => error.name + ": " + error.message,
    );
    const status = Deno.build.os === "linux"
      ? Deno.readTextFileSync("/proc/self/status")
      : "";
    const peak = Number(/VmHWM:\\s+([0-9]+)/.exec(status)?.[1]) / 1024;
    console.log(JSON.stringify({ result, peak }));`,
  );
  const run = '"$0" run --quiet --no-check --no-prompt --config "$2" ' +
    '--allow-all "$1"';
  try {
    const { stdout, stderr } = await new Deno.Command("sh", {
      args: ["-c", line.replace("RUN", run), Deno.execPath(), path, config],
      cwd: folder,
    }).output();
    assertEquals(new TextDecoder().decode(stderr), "");
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const IGNORE = Deno.build.os === "windows";

for (
  const [line, result] of [
    [
      "RUN < .",
      "UsageError: Cannot read <stdin>: Is a directory (os error 21)",
    ],
    [
      "RUN 0> out",
      "UsageError: Cannot read <stdin>: Bad file descriptor (os error 9)",
    ],
    ...["RUN <&-", "RUN < /dev/null"].map((line) =>
      [
        line,
        "UsageError: Cannot read <stdin>: it is closed, or the null device",
      ] as const
    ),
    [": | RUN", "read 0"],
    ["printf '[]' | RUN", "read 2"],
    [": > empty; RUN < empty", "read 0"],
    [
      "printf '\\377' | RUN",
      "UsageError: Cannot read <stdin>: it is not UTF-8 text, from line 1 on",
    ],
  ] as const
) {
  Deno.test({
    name: `readInput() of standard input: ${line}`,
    ignore: IGNORE,
    async fn() {
      assertEquals((await readBy(line, "-")).result, result);
    },
  });
}

const WAITS = "readInput() waits for a pipe that does not wait";
const hasPython = await has("python3");
if (!hasPython) skip(WAITS, notInstalled("python3"));

Deno.test({
  name: WAITS,
  ignore: IGNORE || !hasPython,
  async fn() {
    // As ssh, Node and CI runners may pass it
    const nonBlocking = "import os, sys; os.set_blocking(0, False); " +
      "os.execvp(sys.argv[1], sys.argv[1:])";
    const line = `(sleep 1; printf '[]') | python3 -c '${nonBlocking}' RUN`;
    assertEquals((await readBy(line, "-")).result, "read 2");
  },
});

for (
  const [line, operand] of [["RUN", "/dev/zero"], [
    "RUN < /dev/zero",
    "-",
  ]] as const
) {
  Deno.test({
    name: `readInput() stops at its limit: ${line} ${operand}`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      const { result, peak } = await readBy(line, operand);
      const name = operand === "-" ? "<stdin>" : `"${operand}"`;
      assertEquals(
        result,
        `UsageError: Cannot read ${name}: it is larger than the limit of 256 MiB`,
      );
      assert(peak < 700, `${peak} MiB`);
    },
  });
}

/** The bytes that this process has read so far; 0 where no system tells. */
function bytesRead(): number {
  if (Deno.build.os !== "linux") return 0;
  return Number(
    /rchar: (\d+)/.exec(Deno.readTextFileSync("/proc/self/io"))![1],
  );
}

Deno.test("readInput() reads no file that is larger than its limit", async () => {
  const path = await Deno.makeTempFile();
  try {
    for (const size of [MAX_INPUT + 1, 2 ** 40]) {
      await Deno.truncate(path, size);
      const before = bytesRead();
      await assertRejects(
        () => readInput(path, () => {}),
        UsageError,
        "it is larger than the limit of 256 MiB",
      );
      assert(bytesRead() - before < 2 ** 20);
    }
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("readInput() reads a file of many pieces whole", async () => {
  const text = "0123456789".repeat(100_000);
  assertEquals(await read(new TextEncoder().encode(text)), text);
});

async function has(tool: string): Promise<boolean> {
  try {
    await new Deno.Command(tool, { args: ["--version"] }).output();
    return true;
  } catch {
    return false;
  }
}
