import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  begun,
  filePin,
  pinsFile,
  standing,
  TemporaryFile,
} from "../helpers/linux/applying.ts";
import { THEIRS } from "../helpers/linux/guarding.ts";
import { addressOf, linkLayerOf } from "../helpers/linux/many.ts";
import { standingFully } from "../helpers/linux/model.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";
import { Command, words } from "../helpers/linux/process.ts";
import { soon } from "../helpers/linux/watching.ts";

/** So many that there is a middle to be interrupted in. */
const COUNT = 80_000;
const PINS = Array.from(
  { length: COUNT },
  (_, i) => filePin(addressOf(i), linkLayerOf(i)),
);

for (
  const [signal, status, ...options] of [
    ["SIGINT", 130],
    ["SIGTERM", 143, "--json", "--prune"],
    ["SIGHUP", 129],
    ["SIGINT", 130, "--watch", "--json"],
    ["SIGTERM", 143, "--watch"],
    ["SIGHUP", 129, "--watch"],
  ] as const
) {
  networkTest(
    `cli apply ${
      options.join(" ")
    } puts everything back at ${signal}: ${status}`,
    async ({ table }) => {
      // One to create first, then what was there in each way
      ip(`neigh add ${addressOf(1)} lladdr ${THEIRS} dev ${DEVICE}`);
      ip(`neigh add ${addressOf(2)} lladdr ${THEIRS} nud stale dev ${DEVICE}`);
      ip(`neigh add 10.0.0.9 lladdr ${THEIRS} dev ${DEVICE}`);
      const before = standing();
      using file = new TemporaryFile(pinsFile(PINS));
      const first = { address: addressOf(0), interfaceAlias: DEVICE };
      const child = await begun(
        file.path,
        () => table.get(first) !== undefined,
        ...options,
      );
      child.kill(signal);
      const { code, stdout, stderr } = await soon(child.output());
      const [said, complained] = [stdout, stderr].map((bytes) =>
        new TextDecoder().decode(bytes)
      );
      assertEquals(code, status, complained);
      assertEquals(standing(), before);
      assertStringIncludes(complained!, "everything was put back as it was");
      const isJson = options.some((one) => one === "--json");
      if (!isJson) {
        assert(said!.startsWith(`= ${addressOf(0)} `), said!.slice(0, 80));
        return;
      }
      assertEquals(said, "");
      const { error } = JSON.parse(complained!);
      const outcomes: string[] = error.entries.map(
        (one: { outcome: string }) => one.outcome,
      );
      // In the middle of it, and each is told
      assertEquals([...new Set(outcomes)], ["restored", "untouched"]);
      const isPruned = options.some((one) => one === "--prune");
      assertEquals(outcomes.length, COUNT + (isPruned ? 1 : 0));
    },
  );
}

networkTest(
  "cli apply --keep-going leaves what it has applied at SIGINT",
  async ({ table }) => {
    using file = new TemporaryFile(pinsFile(PINS));
    const first = { address: addressOf(0), interfaceAlias: DEVICE };
    const child = await begun(
      file.path,
      () => table.get(first) !== undefined,
      "--keep-going",
    );
    child.kill("SIGINT");
    const { code, stderr } = await soon(child.output());
    assertEquals(code, 130);
    const complained = new TextDecoder().decode(stderr);
    assertStringIncludes(complained, "what was applied stays");
    const rows = standing();
    assert(rows.length > 0 && rows.length < COUNT, `${rows.length}`);
  },
);

networkTest("cli apply continues when its reader is gone", async () => {
  const pins = PINS.slice(0, 3000);
  using file = new TemporaryFile(pinsFile(pins));
  const command = [
    ...[Deno.execPath(), ...words("--allow-ffi", `--allow-read=${file.path}`)],
    ...["cli.ts", "apply", file.path],
  ];
  // The reader goes after a line of three thousand
  const pipe = new Command(
    "bash",
    "-c",
    '"$@" | head -n 1; echo "exit ${PIPESTATUS[0]}"',
    "bash",
    ...command,
  );
  await using _ = pipe;
  assert((await pipe.line())?.startsWith(`+ ${addressOf(0)} `));
  assertEquals(await pipe.line(), "exit 0");
  assertEquals(standingFully([DEVICE]).size, 3000);
});
