import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { LAYOUT_HEADER, readLayoutHeader } from "../helpers/layout_header.ts";
import { runTool, type Target, testWithMingw } from "../helpers/mingw.ts";

const SOURCE = new URL("../helpers/windows/layout.c", import.meta.url);

function compile(target: Target, path: string) {
  // Optimized, because that is what proves the bit-fields
  const args = ["-Wall", "-Wextra", "-Werror", "-O2", "-c", "-o"];
  const nothing = Deno.build.os === "windows" ? "NUL" : "/dev/null";
  const outcome = runTool(target, "gcc", [...args, nothing, path]);
  assert(outcome !== undefined);
  return outcome;
}

/** Compiles layout.c beside another layout.h. */
function compileWith(target: Target, change: (line: string) => string) {
  const folder = Deno.makeTempDirSync({ prefix: "neighbor-layout-" });
  try {
    const lines = Deno.readTextFileSync(LAYOUT_HEADER).split(/\r?\n/).map(
      change,
    );
    Deno.writeTextFileSync(`${folder}/layout.h`, lines.join("\n"));
    Deno.copyFileSync(SOURCE, `${folder}/layout.c`);
    return compile(target, `${folder}/layout.c`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function errors(stderr: string): number {
  return [...stderr.matchAll(/: error: /g)].length;
}

/** Adds one to the last number of a line. */
function addOne(line: string): string {
  return line.replace(
    /(0x[0-9A-Fa-f]+|[0-9]+)\)$/,
    (_, number) => `${Number(number) + 1})`,
  );
}

testWithMingw("layout.h compiles over Microsoft's names", (target) => {
  assertEquals(compile(target, fileURLToPath(SOURCE)), {
    success: true,
    stderr: "",
  });
});

testWithMingw("layout.h fails in every line with a wrong number", (target) => {
  const isWanted = (line: string) => /^(SIZE|ALIGN|MEMBER|VALUE)\(/.test(line);
  const { calls, flags, count } = readLayoutHeader();
  const { success, stderr } = compileWith(
    target,
    (line) => isWanted(line) ? addOne(line) : line,
  );
  assert(!success);
  assertEquals(errors(stderr), count - calls.size - flags.size);
});

testWithMingw("layout.h fails where a member's offset is wrong", (target) => {
  const { members } = readLayoutHeader();
  const { success, stderr } = compileWith(
    target,
    (line) =>
      line.replace(
        /^(MEMBER\(.*, )([0-9]+)(, [0-9]+\))$/,
        (_, head, offset, tail) => `${head}${Number(offset) + 1}${tail}`,
      ),
  );
  assert(!success);
  assertEquals(errors(stderr), members.size);
});

testWithMingw("layout.h fails where the bits of a flag are wrong", (target) => {
  const { flags } = readLayoutHeader();
  const { success, stderr } = compileWith(
    target,
    (line) => line.startsWith("FLAG(") ? addOne(line) : line,
  );
  assert(!success);
  assertEquals(errors(stderr), flags.size);
  assertStringIncludes(stderr, "a flag of layout.h is wrong");
});

testWithMingw(
  "layout.h fails where the offset of a flag is wrong",
  (target) => {
    const { flags } = readLayoutHeader();
    const { success, stderr } = compileWith(
      target,
      (line) =>
        line.replace(
          /^(FLAG\(.*, )([0-9]+)(, 0x[0-9]+\))$/,
          (_, head, offset, tail) => `${head}${Number(offset) + 1}${tail}`,
        ),
    );
    assert(!success);
    assertEquals(errors(stderr), flags.size);
  },
);

testWithMingw("layout.h fails where a call is declared wrong", (target) => {
  const { calls } = readLayoutHeader();
  const { success, stderr } = compileWith(
    target,
    (line) =>
      line.startsWith("CALL(") ? line.replace(/\)\)$/, ", int))") : line,
  );
  assert(!success);
  assertEquals(errors(stderr), calls.size);
});
