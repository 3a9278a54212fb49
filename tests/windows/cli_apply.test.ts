import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { CHECKOUT, neighbor, type Ran } from "../helpers/windows/command.ts";
import { ip, kernelNeighbors } from "../helpers/wine/witness.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

const OURS = "02:fc:00:00:00:05";
const THEIRS = "02:ee:00:00:00:01";

/** Runs `neighbor apply` on a file of that text, with the permission it needs. */
async function apply(text: string, ...words: string[]): Promise<Ran> {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(path, text);
    const permission = ["--allow-ffi", `--allow-read=${path}`];
    const ran = await neighbor(["apply", path, ...words], { permission });
    return { ...ran, stderr: ran.stderr.replaceAll(path, "FILE") };
  } finally {
    await Deno.remove(path);
  }
}

function fileOf(...pins: [string, string, string?][]): string {
  const lines = pins.map(([address, linkLayerAddress, interfaceAlias]) =>
    JSON.stringify({
      address,
      linkLayerAddress,
      interfaceAlias: interfaceAlias ?? ETHERNET,
    })
  );
  // As Windows' own tools write it
  return `\ufeff{"neighbors": [\r\n${lines.join(",\r\n")}\r\n]}`;
}

async function kernel(): Promise<string[]> {
  return (await kernelNeighbors("dev", ETHERNET))
    .filter(({ state }) => state[0] === "PERMANENT")
    .map(({ dst, lladdr }) => `${dst} ${lladdr}`).toSorted();
}

async function seed(address: string, nud = "permanent"): Promise<void> {
  const words = `add ${address} lladdr ${THEIRS} nud ${nud}`.split(" ");
  await ip("neigh", ...words, "dev", ETHERNET);
}

wineTest(
  "cli apply previews, checks, applies, and then has nothing to do",
  async () => {
    await seed("192.0.2.8", "stale");
    await seed("192.0.2.9");
    const file = fileOf(["192.0.2.7", OURS], ["192.0.2.8", OURS]);
    const plan = [
      `+ 192.0.2.7       ${OURS} ${ETHERNET}`,
      `~ 192.0.2.8       ${OURS} ${ETHERNET} was ${THEIRS} reachable`,
      `- 192.0.2.9       ${THEIRS} ${ETHERNET}`,
    ];
    const lines = ({ stdout }: Ran) => stdout.trimEnd().split("\n");
    const dry = await apply(file, "--prune", "--dry-run");
    assertEquals([dry.code, dry.stderr], [0, ""]);
    // Wine may give a stale row another state
    const shape = (all: string[]) => all.map((line) => line.split(" was ")[0]);
    assertEquals(shape(lines(dry)).slice(0, 3), shape(plan));
    assertEquals((await apply(file, "--check")).code, 5);
    assertEquals(await kernel(), [`192.0.2.9 ${THEIRS}`]);

    const done = await apply(file, "--prune");
    assertEquals([done.code, done.stderr], [0, ""]);
    assertEquals(
      lines(done).at(-1),
      "1 created, 1 changed, 1 removed; 0 unchanged",
    );
    assertEquals(await kernel(), [`192.0.2.7 ${OURS}`, `192.0.2.8 ${OURS}`]);
    const again = await apply(file, "--prune", "--json");
    assertEquals(again.code, 0);
    const { result, summary } = JSON.parse(again.stdout);
    assertEquals([result, summary.unchanged, summary.created], [
      "applied",
      2,
      0,
    ]);
    assertEquals((await apply(file, "--check", "--prune")).code, 0);
  },
);

wineTest("cli list --json is a backup that cli apply restores", async () => {
  await seed("192.0.2.7");
  await seed("192.0.2.8");
  const backup = await neighbor(["list", "--family", "ipv4", "--json"]);
  await ip("neigh", "del", "192.0.2.7", "dev", ETHERNET);
  const { code, stdout } = await apply(backup.stdout);
  assertEquals([code, stdout.trimEnd().split("\n").at(-1)], [
    0,
    "1 created; 1 unchanged",
  ]);
  assertEquals(await kernel(), [`192.0.2.7 ${THEIRS}`, `192.0.2.8 ${THEIRS}`]);
});

wineTest(
  "a refused cli apply names the place and rolls everything back",
  async () => {
    await seed("192.0.2.8");
    const before = await kernel();
    const long = "02:fc:00:00:00:00:05";
    const file = fileOf(["192.0.2.7", OURS], ["192.0.2.8", OURS], [
      "192.0.2.9",
      long,
    ]);
    const { code, stderr } = await apply(file);
    assertEquals(code, 2);
    assert(stderr.startsWith("neighbor: FILE:4:43: "), stderr);
    assertEquals(await kernel(), before);

    const missing = await apply(fileOf(["192.0.2.7", OURS, "Nowhere"]));
    assertEquals(missing.code, 3);
    const bad = await apply(fileOf(["192.0.2.7", "0g"]), "--json");
    assertEquals([bad.code, bad.stdout], [2, ""]);
    const { problems } = JSON.parse(bad.stderr).error;
    assertEquals(problems.length, 1);
    assertEquals(problems[0].line, 2);
    assertEquals(await kernel(), before);
  },
);

wineTest(
  "cli apply without elevation ends with 4",
  async () => {
    const path = fileURLToPath(new URL("docs/pins.schema.json", CHECKOUT));
    const denied = await neighbor(["apply", path], {
      permission: ["--allow-ffi"],
    });
    assertEquals(denied.code, 4);
    assert(denied.stderr.includes("--allow-read="), denied.stderr);
    const file = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(file, fileOf(["192.0.2.7", OURS]));
      const { code } = await neighbor(["apply", file], {
        permission: ["--allow-ffi", `--allow-read=${file}`],
        env: { NEIGHBOR_TEST: "elevated=0" },
      });
      assertEquals(code, 4);
    } finally {
      await Deno.remove(file);
    }
  },
);
