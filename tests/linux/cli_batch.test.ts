import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { CLI, neighbor } from "../helpers/linux/command.ts";
import { addressOf, changesOf } from "../helpers/linux/many.ts";
import {
  DEVICE,
  ipNeighbor,
  ipNeighbors,
  networkTest,
} from "../helpers/linux/network.ts";
import { works } from "../helpers/linux/namespace.ts";
import { notInstalled } from "../helpers/skipped.ts";

const line = (verb: string, last: number) =>
  JSON.stringify({
    verb,
    address: `10.0.0.${last}`,
    linkLayerAddress: "02:fc:00:00:00:05",
    interfaceAlias: DEVICE,
  }) + "\n";

/** The second of three is refused: the first has added that entry already. */
const REFUSED = line("create", 7) + line("create", 7) + line("create", 8);

const objects = (text: string) =>
  text.trimEnd().split("\n").map((one) => JSON.parse(one));

networkTest("cli batch stops at the first change that is refused", async () => {
  const ran = await neighbor(["batch", "-"], REFUSED);
  assertEquals([ran.code, ran.stdout], [1, "1 done, 1 refused, 1 not tried\n"]);
  assertStringIncludes(ran.stderr, "neighbor: <stdin>:2: ");
  assertEquals(ipNeighbor("10.0.0.7")?.state, ["PERMANENT"]);
  assertEquals(ipNeighbor("10.0.0.8"), undefined);
});

networkTest(
  "cli batch --keep-going goes on after a failed add, as ip -force does not",
  async () => {
    const ran = await neighbor(["batch", "-", "--keep-going"], REFUSED);
    assertEquals([ran.code, ran.stdout], [1, "2 done, 1 refused\n"]);
    assertEquals(ipNeighbor("10.0.0.8")?.state, ["PERMANENT"]);
  },
);

networkTest(
  "cli batch --json prints one object per line, then a summary",
  async () => {
    const ran = await neighbor(
      ["batch", "-", "--keep-going", "--json"],
      REFUSED,
    );
    assertEquals([ran.code, ran.stderr], [1, ""]);
    const [first, second, third, last] = objects(ran.stdout);
    assertEquals(
      [first.line, first.outcome, first.result, third.outcome],
      [1, "done", "created", "done"],
    );
    assertEquals(
      [second.line, second.outcome, second.error.code],
      [2, "refused", "ALREADY_EXISTS"],
    );
    assertEquals(last, {
      summary: { done: 2, refused: 1, unknown: 0, notTried: 0 },
    });
  },
);

networkTest("cli batch changes nothing where one line is bad", async () => {
  const bad = [
    "not json",
    '{"verb": "purge", "address": "10.0.0.9", "interfaceAlias": "va"}',
    line("create", 9).replace("10.0.0.9", "127.0.0.1"),
    line("create", 9).replace("02:fc", "zz:fc"),
    "[]",
    "null",
  ];
  for (const one of bad) {
    const ran = await neighbor(["batch", "-"], line("create", 7) + "\n" + one);
    assertEquals([ran.code, ran.stdout], [2, ""], one);
    assertStringIncludes(ran.stderr, "<stdin>:3:");
    assertStringIncludes(ran.stderr, "nothing was changed");
  }
  assertEquals(ipNeighbor("10.0.0.7"), undefined);
});

networkTest("cli batch FILE needs --allow-read=FILE and says so", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, line("create", 7));
  const denied = await neighbor(["batch", file]);
  assertEquals(denied.code, 4);
  assertStringIncludes(denied.stderr, `--allow-read=${file}`);
  const grant = ["--allow-ffi", `--allow-read=${file}`];
  const ran = await neighbor(["batch", file], "", grant);
  assertEquals([ran.code, ran.stdout], [0, "1 done, 0 refused\n"]);
  await Deno.remove(file);
  const gone = await neighbor(["batch", file], "", grant);
  assertEquals(gone.code, 2);
  assertStringIncludes(gone.stderr, "Cannot read");
});

networkTest("cli batch makes 10,000 changes, and refuses 10,000", async () => {
  const changes = changesOf("create", 10_000);
  const text = changes.map((one) => JSON.stringify(one)).join("\n");
  const made = await neighbor(["batch", "-", "--keep-going"], text);
  assertEquals([made.code, made.stdout], [0, "10000 done, 0 refused\n"]);
  assertEquals(
    ipNeighbors().filter((one) => one.dst.startsWith("10.1.")).length,
    10_000,
  );
  assertEquals(ipNeighbor(addressOf(9_999))?.state, ["PERMANENT"]);
  const ran = await neighbor(["batch", "-", "--keep-going", "--json"], text);
  assertEquals(ran.code, 1);
  const lines = objects(ran.stdout);
  assertEquals(lines.length, 10_001);
  assert(
    lines.slice(0, -1).every((one) => one.error.code === "ALREADY_EXISTS"),
  );
});

networkTest(
  "cli batch continues when its reader is gone",
  async () => {
    const file = await Deno.makeTempFile();
    const lines = changesOf("create", 2000).map((one) => JSON.stringify(one));
    await Deno.writeTextFile(file, "\ufeff" + lines.join("\n"));
    const command = '"$0" run --allow-ffi --allow-read "$1" ' +
      'batch "$2" --json | head -n 1';
    const words = ["-c", command, Deno.execPath(), CLI, file];
    await new Deno.Command("sh", { args: words }).output();
    // The shell waits for the last of the pipe alone
    for (let i = 0; i < 100 && ipNeighbor(addressOf(1999)) === undefined; i++) {
      await new Promise((done) => setTimeout(done, 50));
    }
    await Deno.remove(file);
    assertEquals(ipNeighbor(addressOf(1999))?.state, ["PERMANENT"]);
  },
);

networkTest("cli batch refuses a verb that is not a string", async () => {
  const ran = await neighbor(["batch", "-"], '{"verb":{"toString":1}}');
  assertEquals([ran.code, ran.stdout], [2, ""]);
  assertStringIncludes(ran.stderr, "<stdin>:1:1: The verb ");
});

networkTest(
  "a long cli batch shows its progress on a terminal",
  async () => {
    const file = await Deno.makeTempFile();
    const changes = changesOf("replace", 100_000);
    const lines = changes.map((one) => JSON.stringify(one));
    await Deno.writeTextFile(file, lines.join("\n"));
    // script(1) takes one line for a shell: the words come by the environment
    const command = '"$DENO" run --allow-ffi --allow-read "$CLI" ' +
      'batch "$FILE" --keep-going';
    const { stdout } = await new Deno.Command("script", {
      args: ["-qec", command, "/dev/null"],
      env: { DENO: Deno.execPath(), CLI, FILE: file },
    }).output();
    await Deno.remove(file);
    const text = new TextDecoder().decode(stdout);
    assert(/\d+ of 100000 changes/.test(text), text);
    assert(text.trimEnd().endsWith("100000 done, 0 refused"), text);
  },
  works("script", "--version") ? undefined : notInstalled("script", "bsdutils"),
);
