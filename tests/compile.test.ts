import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EX_UNAVAILABLE } from "../.ci/bundle.ts";
import {
  compile,
  compileArgs,
  exitCode,
  explain,
  TARGETS,
} from "../.ci/compile.ts";
import { bundleTest } from "./helpers/bundled.ts";

const DECODER = new TextDecoder();

async function inTempDir<T>(fn: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "neighbor-compile-" });
  try {
    return await fn(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs `fn` while the environment has `value` under `name`. */
async function withEnv<T>(
  name: string,
  value: string,
  fn: () => Promise<T>,
): Promise<T> {
  const before = Deno.env.get(name);
  Deno.env.set(name, value);
  try {
    return await fn();
  } finally {
    if (before === undefined) Deno.env.delete(name);
    else Deno.env.set(name, before);
  }
}

/** What Deno put behind the base binary: its magic, a length, JSON. */
function readMetadata(binary: Uint8Array): Record<string, unknown> {
  const magic = new TextEncoder().encode("d3n0l4nd");
  const view = new DataView(binary.buffer);
  let at = binary.length;
  while ((at = binary.lastIndexOf(magic[0]!, at - 1)) >= 0) {
    if (!magic.every((byte, i) => binary[at + i] === byte)) continue;
    const start = at + magic.length + 8;
    if (start > binary.length) continue;
    const length = Number(view.getBigUint64(at + magic.length, true));
    if (binary[start] !== 0x7b || start + length > binary.length) continue;
    return JSON.parse(
      DECODER.decode(binary.subarray(start, start + length)),
    ) as Record<string, unknown>;
  }
  throw new Error("No metadata: has Deno changed what it writes?");
}

bundleTest(
  "compile() embeds its permissions and only the bundle",
  async ({ folder: from }) => {
    // Deno itself for a base binary: it cannot run the program, but holds it
    await inTempDir(async (folder) => {
      const output = `${folder}/neighbor`;
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: compileArgs(output).filter((word) => word !== "--quiet"),
        cwd: from,
        env: { NO_COLOR: "1", DENORT_BIN: Deno.execPath() },
      }).output();
      const printed = DECODER.decode(stderr);
      assert(success, printed);
      const text = printed.slice(printed.indexOf("Embedded Files"));
      const files = [...text.matchAll(/^[├└]─[─┬] ([^ ]+)/gm)].map(([, name]) =>
        name!
      );
      assertEquals(
        files.filter((name) => !name.startsWith(".deno_")).sort(),
        [...Deno.readDirSync(from)].map(({ name }) => name).sort(),
      );

      const suffix = Deno.build.os === "windows" ? ".exe" : "";
      const metadata = readMetadata(await Deno.readFile(output + suffix));
      const granted = Object.entries(
        metadata.permissions as Record<string, unknown>,
      ).filter(([name, value]) =>
        // Where modules may come from, not what the program may do
        name !== "allow_import" && value !== null && value !== false
      );
      assertEquals(granted, [["allow_ffi", []], ["allow_read", []]]);
      assertEquals(metadata.code_cache_key, null);
      assertEquals(metadata.argv, []);
    });
  },
);

bundleTest(
  "compile() refuses a deno for a base binary",
  async ({ folder: from }) => {
    await inTempDir(async (folder) => {
      const { code, message } = await withEnv(
        "DENORT_BIN",
        Deno.execPath(),
        () => compile(from, `${folder}/neighbor`),
      );
      assertEquals(code, 1);
      assertStringIncludes(message, 'does not answer "--version"');
      assertStringIncludes(message, "must name the denort of Deno");
      assertEquals([...Deno.readDirSync(folder)], []);
    });
  },
);

Deno.test("compile() refuses one base binary for another system", async () => {
  const target = TARGETS.find((one) => one !== Deno.build.target)!;
  await inTempDir(async (folder) => {
    const { code } = await withEnv(
      "DENORT_BIN",
      Deno.execPath(),
      () => compile(folder, `${folder}/neighbor`, target),
    );
    assertEquals(code, 1);
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});

Deno.test("compile() refuses a base binary that is not there", async () => {
  await inTempDir(async (folder) => {
    await Deno.mkdir(`${folder}/from`);
    await Deno.writeTextFile(`${folder}/from/cli.js`, "");
    const { code, message } = await withEnv(
      "DENORT_BIN",
      `${folder}/missing`,
      () => compile(`${folder}/from`, `${folder}/neighbor`),
    );
    assertEquals(code, 1);
    assertStringIncludes(message, "Could not find denort");
    assert(!message.includes("\n"));
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [
      "from",
    ]);
  });
});

Deno.test("Deno knows every target, and each has a backend", async () => {
  await inTempDir(async (folder) => {
    for (const target of TARGETS) {
      // A name it does not know is refused before the base binary is looked for
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: compileArgs(`${folder}/neighbor`, target).map((word) =>
          word === "cli.js" ? "data:text/javascript," : word
        ),
        env: { NO_COLOR: "1", DENORT_BIN: `${folder}/denort` },
      }).output();
      assert(!success);
      assertStringIncludes(DECODER.decode(stderr), "Could not find denort");
      assert(/-(windows-msvc|linux-gnu)$/.test(target), target);
    }
  });
});

Deno.test("explain() skips a target without a base binary, in one line", () => {
  // What Deno 2.9.6 prints without a network
  const { code, message } = explain(
    "x86_64-pc-windows-msvc",
    `Download https://example.com/denort-x86_64-pc-windows-msvc.zip
error: Writing deno compile executable to temporary file 'neighbor.tmp-9980b3'

Caused by:
    0: Setting up base binary.
    1: error sending request for url: client error (Connect): dns error
    2: client error (Connect)

Stack backtrace:
   0: <unknown>
`,
  );
  assertEquals(code, EX_UNAVAILABLE);
  assertEquals(
    message,
    "SKIPPED: x86_64-pc-windows-msvc: no base binary of Deno to compile with " +
      "(error sending request for url: client error (Connect): dns error); " +
      "DENORT_BIN can name one",
  );
});

Deno.test("explain() fails where the program itself is at fault", () => {
  assertEquals(explain("t", "error: Module not found\n  at cli.ts:1\n"), {
    code: 1,
    message: "t: deno compile failed: error: Module not found at cli.ts:1",
  });
});

Deno.test("exitCode() is 1 for a failure, 69 for an unavailable download", () => {
  const outcome = (code: 0 | 1 | 69) => ({ code, message: "" });
  assertEquals(exitCode([outcome(0), outcome(0)]), 0);
  assertEquals(exitCode([outcome(0), outcome(69)]), 69);
  assertEquals(exitCode([outcome(1), outcome(69)]), 1);
});
