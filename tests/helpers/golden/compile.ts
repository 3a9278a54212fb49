/**
 * Makes the golden bytes: mingw-w64 compiles tests/helpers/windows/golden.c, and what
 * it put into each section is taken out of the object file. Run as a program,
 * it writes neighbors.ts, interfaces.ts and routes.ts anew:
 *
 *   deno run -A tests/helpers/golden/compile.ts
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { runTool, type Target } from "../mingw.ts";

const SOURCE = new URL("../windows/golden.c", import.meta.url);
const LINE = 32;

/** A section of the object file: its rows, and the file that keeps them. */
export const SECTIONS = {
  neighbor: { type: "MIB_IPNET_ROW2", stride: 88, file: "neighbors.ts" },
  iface: { type: "MIB_IF_ROW2", stride: 1352, file: "interfaces.ts" },
  route: { type: "MIB_IPFORWARD_ROW2", stride: 104, file: "routes.ts" },
} as const;

/** Compiles the rows of one section and answers the file that keeps them. */
export function compileGolden(
  target: Target,
  section: keyof typeof SECTIONS,
): string {
  const { type, stride, file } = SECTIONS[section];
  const bytes = sectionBytes(target, section);
  const names = rowNames(type);
  // Linkers align sections, so zeroes may follow
  const end = names.length * stride;
  if (bytes.length < end || bytes.subarray(end).some((byte) => byte !== 0)) {
    throw new Error(`${names.length} rows, yet ${bytes.length} bytes`);
  }
  const rows = names.map((name, i) =>
    `  ${name}: \`\n${dump(bytes.subarray(i * stride, (i + 1) * stride))}\`,\n`
  );
  return `// ${type}, ${stride} bytes each, as mingw-w64 lays out tests/helpers/windows/golden.c.
// Lines of zeroes are left out. Made by: deno run -A tests/helpers/golden/compile.ts

export const ${file.replace(".ts", "").toUpperCase()} = {
${rows.join("")}} as const;
`;
}

function sectionBytes(
  target: Target,
  section: string,
): Uint8Array<ArrayBuffer> {
  const folder = Deno.makeTempDirSync({ prefix: "neighbor-golden-" });
  try {
    const object = `${folder}/golden.o`;
    const raw = `${folder}/golden.bin`;
    const strict = ["-std=c11", "-Wall", "-Wextra", "-Werror"];
    const source = fileURLToPath(SOURCE);
    for (
      const outcome of [
        runTool(target, "gcc", [...strict, "-c", "-o", object, source]),
        runTool(
          target,
          "objcopy",
          ["-O", "binary", "-j", section, object, raw],
        ),
      ]
    ) {
      if (!outcome?.success) throw new Error(outcome?.stderr ?? "No mingw-w64");
    }
    return Deno.readFileSync(raw);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** The names of the rows of one type, in the order of the C file. */
function rowNames(type: string): string[] {
  const text = Deno.readTextFileSync(SOURCE);
  const start = text.indexOf(`\nconst ${type} `);
  const rows = text.slice(start, text.indexOf("\n};", start));
  return [...rows.matchAll(/^ {2}ROW\((\w+),/gm)].map(([, name]) => name!);
}

/** Offset and bytes in hexadecimal, without the lines that are zero. */
function dump(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += LINE) {
    const line = bytes.subarray(at, at + LINE);
    if (line.every((byte) => byte === 0)) continue;
    text += `${at.toString(16).padStart(4, "0")} ${line.toHex()}\n`;
  }
  return text;
}

/** The bytes that a text of {@linkcode compileGolden} stands for. */
export function readDump(text: string, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (const line of text.trim().split("\n")) {
    const [offset = "", hex = ""] = line.split(" ");
    bytes.set(Uint8Array.fromHex(hex), parseInt(offset, 16));
  }
  return bytes;
}

if (import.meta.main) {
  for (const section of ["neighbor", "iface", "route"] as const) {
    Deno.writeTextFileSync(
      new URL(SECTIONS[section].file, import.meta.url),
      compileGolden("x86_64", section),
    );
  }
}
