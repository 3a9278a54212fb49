import { assertEquals } from "@std/assert";
import { compileGolden, SECTIONS } from "./golden/compile.ts";
import { testWithMingw } from "./mingw.ts";

for (const section of ["neighbor", "iface"] as const) {
  const { file, type } = SECTIONS[section];
  testWithMingw(`golden ${type} are what golden.c compiles to`, (target) => {
    const kept = Deno.readTextFileSync(
      new URL(`./golden/${file}`, import.meta.url),
    );
    assertEquals(compileGolden(target, section), kept.replaceAll("\r\n", "\n"));
  });
}
