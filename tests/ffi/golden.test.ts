import { assertEquals } from "@std/assert";
import { compileGolden, SECTIONS } from "../helpers/golden/compile.ts";
import { testWithMingw } from "../helpers/mingw.ts";

for (const section of ["neighbor", "iface", "route"] as const) {
  const { file, type } = SECTIONS[section];
  testWithMingw(`golden ${type} are what golden.c compiles to`, (target) => {
    const kept = Deno.readTextFileSync(
      new URL(`../helpers/golden/${file}`, import.meta.url),
    );
    assertEquals(compileGolden(target, section), kept.replaceAll("\r\n", "\n"));
  });
}
