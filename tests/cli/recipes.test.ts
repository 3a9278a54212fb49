/**
 * The recipes of docs/apply.md that convert files of other programs.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { parsePins } from "../../cli/pins/file.ts";
import { notInstalled, skip } from "../helpers/skipped.ts";

const PAGE = Deno.readTextFileSync(
  new URL("../../docs/apply.md", import.meta.url),
);
const SECTION = PAGE.split("## Files of other programs")[1]!.split("\n## ")[0]!;
const RECIPES = [...SECTION.matchAll(/```sh\n([^]*?)```/g)].map((one) =>
  one[1]!
);

const IP = "192.0.2.1";
const MAC = "02:fc:00:00:00:05";
const SAMPLES = [
  [
    "jq",
    JSON.stringify([
      { dst: IP, dev: "eth0", lladdr: MAC, state: ["PERMANENT"] },
      { dst: "fe80::1", dev: "eth0", lladdr: MAC, state: ["PERMANENT"] },
      { dst: "192.0.2.9", dev: "eth0", state: ["FAILED"] },
    ]),
  ],
  ["awk", `# old\n${MAC} ${IP}\n${MAC}\tgateway\n${MAC} fe80::1\n`],
  [
    "awk",
    `address,link-layer,interface\r\n${IP},${MAC},eth0\r\nfe80::1,${MAC},eth0\r\n`,
  ],
] as const;

function isMissing(program: string): boolean {
  if (Deno.build.os === "windows") return true;
  const { success } = new Deno.Command("sh", {
    args: ["-c", `command -v ${program}`],
    stdout: "null",
  }).outputSync();
  return !success;
}

Deno.test("docs/apply.md has a recipe for each sample", () => {
  assertEquals(RECIPES.length, SAMPLES.length);
});

for (const [at, [program, sample]] of SAMPLES.entries()) {
  const name = `docs/apply.md: recipe ${
    at + 1
  } writes a pins file (${program})`;
  const ignore = isMissing(program);
  if (ignore) skip(name, notInstalled(program));
  Deno.test({
    name,
    ignore,
    async fn() {
      const cwd = await Deno.makeTempDir();
      try {
        await Deno.writeTextFile(`${cwd}/hosts.csv`, sample);
        const recipe = RECIPES[at]!.replace("/etc/ethers", "hosts.csv");
        const { success } = await new Deno.Command("sh", {
          args: ["-c", `ip() { cat hosts.csv; }\n${recipe}`],
          cwd,
        }).output();
        assert(success);
        const text = await Deno.readTextFile(`${cwd}/pins.json`);
        const { entries, problems, warnings } = parsePins(text, "pins.json");
        assertEquals([problems, warnings], [[], []]);
        assertEquals(
          entries.given.map((_, one) => entries.address(one)),
          [IP, "fe80::1"],
        );
        assertEquals(JSON.parse(text).neighbors[0], {
          address: IP,
          linkLayerAddress: MAC,
          interfaceAlias: "eth0",
        });
      } finally {
        await Deno.remove(cwd, { recursive: true });
      }
    },
  });
}
