import { assertEquals, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { Clone, installWords, scriptWords } from "../helpers/clone.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";
import { kernelNeighbors } from "../helpers/wine/witness.ts";

wineTest(
  "README's line installs the command by deno.exe, which then works offline",
  async () => {
    // cmd.exe reads neighbor.cmd by its code page: docs/install.md
    await using clone = await Clone.make("it's here");
    const installed = await clone.deno(await installWords());
    assertEquals(installed.code, 0, installed.stderr);

    assertEquals(await clone.neighbor("--version"), {
      code: 0,
      stdout: `neighbor ${config.version}\n`,
      stderr: "",
    });
    const pin = {
      address: "192.0.2.7",
      linkLayerAddress: "02-fc-00-00-00-05",
      interfaceAlias: ETHERNET,
    };
    await clone.write("pins.json", JSON.stringify({ neighbors: [pin] }));
    const applied = await clone.neighbor("apply", "pins.json");
    assertEquals(applied.code, 0, applied.stderr);
    assertStringIncludes(applied.stdout, "1 created");
    const [row] = await kernelNeighbors("192.0.2.7");
    assertEquals(row?.lladdr, "02:fc:00:00:00:05");
    const listed = await clone.neighbor("list", "--state", "permanent");
    assertStringIncludes(listed.stdout, "02:fc:00:00:00:05");
  },
);

wineTest("a user's script finds the package under deno.exe", async () => {
  await using clone = await Clone.make();
  const script = await clone.write(
    "my.ts",
    `import { listInterfaces } from "@ipnet/neighbor";
     console.log(listInterfaces().some((one) => one.interfaceAlias === "${ETHERNET}"));\n`,
  );
  const words = [...await scriptWords(clone), script];
  const { code, stdout, stderr } = await clone.deno(words, clone.home);
  assertEquals([code, stdout], [0, "true\n"], stderr);
});
