import { assertEquals, assertStringIncludes } from "@std/assert";
import config from "../deno.json" with { type: "json" };
import {
  Clone,
  installWords,
  projectConfig,
  scriptWords,
} from "./helpers/clone.ts";

/** On Windows deno.exe under Wine does it: tests/windows/install.test.ts. */
const ignore = Deno.build.os === "windows";

Deno.test({
  name: "README's line installs the command from a clone, without a registry",
  ignore,
  async fn() {
    await using clone = await Clone.make();
    const installed = await clone.deno(await installWords());
    assertEquals(installed.code, 0, installed.stderr);
    assertEquals(installed.stderr.includes("Download"), false);

    assertEquals(await clone.neighbor("--version"), {
      code: 0,
      stdout: `neighbor ${config.version}\n`,
      stderr: "",
    });
    assertEquals((await clone.neighbor("help")).code, 0);
    assertEquals((await clone.neighbor()).code, 2);
    // The entry refused is told from the file, so the file was read
    await clone.write("pins.json", '{ "neighbors": [{ "address": "x" }] }');
    const refused = await clone.neighbor("apply", "pins.json");
    assertEquals(refused.code, 2);
    assertStringIncludes(refused.stderr, "pins.json:1:");
    // Again: over the first
    assertEquals((await clone.deno(await installWords())).code, 0);
  },
});

Deno.test({
  name: "cli.ts and mod.ts run and check from a clone without a registry",
  ignore,
  async fn() {
    await using clone = await Clone.make();
    const ran = await clone.deno(["run", "cli.ts", "--version"]);
    assertEquals(ran, {
      code: 0,
      stdout: `neighbor ${config.version}\n`,
      stderr: "",
    });
    for (const verb of ["list", "interfaces", "get 192.0.2.7"]) {
      // Each gets as far as the grant that it is not given
      const { code, stderr } = await clone.deno(
        ["run", "--no-prompt", "cli.ts", ...verb.split(" ")],
      );
      assertEquals(code, 4, `${verb}: ${stderr}`);
    }
    const { code, stderr } = await clone.deno(["run", "mod.ts"]);
    assertEquals([code, stderr], [0, ""]);
  },
});

Deno.test({
  name: "a user's script finds the package, as docs/install.md says",
  ignore,
  async fn() {
    await using clone = await Clone.make();
    const text = `import { planNeighbors } from "@ipnet/neighbor";
      console.log(planNeighbors([], []).unchanged.length);\n`;
    const script = await clone.write("my.ts", text);
    const expected = { code: 0, stdout: "0\n", stderr: "" };
    const words = [...await scriptWords(clone), script];
    assertEquals(await clone.deno(words, clone.home), expected);
    words.splice(0, 2, "check");
    const checked = await clone.deno(words, clone.home);
    assertEquals(checked.code, 0, checked.stderr);

    await clone.write("deno.json", await projectConfig(clone));
    const { stderr, ...ran } = await clone.deno(["run", "my.ts"], clone.home);
    assertEquals({ ...ran, stderr: "" }, expected);
    // Which is what docs/install.md says of it
    assertStringIncludes(stderr, '"links" field can only be specified');
    assertEquals(stderr.trim().split("\n").length, 2, stderr);
    const again = await clone.deno(["check", "my.ts"], clone.home);
    assertEquals(again.code, 0, again.stderr);
  },
});
