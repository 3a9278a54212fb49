import { assertEquals, assertStringIncludes } from "@std/assert";
import { neighbor } from "../helpers/linux/command.ts";
import { apply, filePin } from "../helpers/linux/applying.ts";
import { OURS, THEIRS } from "../helpers/linux/guarding.ts";
import { DEVICE, ip, networkTest, run } from "../helpers/linux/network.ts";
import { type Cause, notInstalled } from "../helpers/skipped.ts";

const ON = ["--interface", DEVICE];
const GRANT = ["--allow-ffi", "--allow-read"];

/** Names are read from here, as `ip` does. */
const NAMES = "/etc/iproute2/rt_protos";

function missingNames(): Cause | undefined {
  try {
    return /^11\s+zebra$/m.test(Deno.readTextFileSync(NAMES))
      ? undefined
      : notInstalled("zebra in rt_protos");
  } catch {
    return notInstalled("rt_protos");
  }
}

/** `ip -d neigh`, an address and its protocol a line. */
function protocols(): string[] {
  return ip(`-d neigh show nud permanent dev ${DEVICE}`).trimEnd().split("\n")
    .filter((line) => line !== "")
    .map((line) => `${line.split(" ")[0]} ${/ proto (\S+)/.exec(line)?.[1]}`)
    .toSorted();
}

networkTest("cli set, add, replace and batch write --protocol", async () => {
  for (
    const [words, result] of [
      [["add", "10.0.0.7", OURS, "--protocol", "44"], "created"],
      [["add", "10.0.0.8", OURS], "created"],
      [["set", "10.0.0.8", OURS, "--protocol=45"], "changed"],
      [["replace", "10.0.0.8", OURS, "--protocol", "45"], "unchanged"],
      [["replace", "10.0.0.8", OURS], "unchanged"],
      [["replace", "10.0.0.8", OURS, "--protocol", "46"], "changed"],
    ] as const
  ) {
    const dry = await neighbor([...words, ...ON, "--dry-run"]);
    assertEquals([dry.code, dry.stderr], [0, ""]);
    const ran = await neighbor([...words, ...ON, "--json"]);
    assertEquals([ran.code, ran.stderr], [0, ""], words.join(" "));
    assertEquals(JSON.parse(ran.stdout).result, result);
  }
  const line = { verb: "replace", ...filePin("10.0.0.9"), protocol: 47 };
  const ran = await neighbor(["batch", "-"], JSON.stringify(line));
  assertEquals([ran.code, ran.stderr], [0, ""]);
  assertEquals(protocols(), ["10.0.0.7 44", "10.0.0.8 46", "10.0.0.9 47"]);
  const dry = await neighbor([
    ...["set", "10.0.0.8", OURS, "--protocol", "48", ...ON, "--dry-run"],
  ]);
  assertStringIncludes(
    dry.stdout,
    `${OURS} permanent protocol 46 -> ${OURS} protocol 48`,
  );
});

networkTest(
  "cli apply --prune --protocol leaves the rows of other programs",
  async () => {
    ip(`neigh add 10.0.0.8 lladdr ${THEIRS} dev ${DEVICE} proto zebra`);
    ip(`neigh add 10.0.0.9 lladdr ${THEIRS} dev ${DEVICE} proto 44`);
    const words = ["--prune", "--protocol", "44"];
    const check = await apply([filePin("10.0.0.7")], ...words, "--check");
    assertEquals([check.code, check.stdout.trimEnd().split("\n")], [5, [
      `+ 10.0.0.7        ${OURS} ${DEVICE} protocol 44`,
      `- 10.0.0.9        ${THEIRS} ${DEVICE} protocol 44`,
      "It differs: 1 to create, 1 to remove; 0 unchanged",
    ]]);
    const ran = await apply([filePin("10.0.0.7")], ...words);
    assertEquals([ran.code, ran.stderr], [0, ""]);
    assertEquals(protocols(), ["10.0.0.7 44", "10.0.0.8 zebra"]);
    const again = await apply([filePin("10.0.0.7")], ...words, "--check");
    assertEquals([again.code, again.stdout], [
      0,
      "Nothing to do: 1 unchanged\n",
    ]);
  },
);

networkTest(
  "cli list names protocols where it may read them, and takes a name",
  async () => {
    ip(`neigh add 10.0.0.8 lladdr ${THEIRS} dev ${DEVICE} proto zebra`);
    const on = ["list", ...ON, "--state", "permanent"];
    const row = `10.0.0.8  ${THEIRS}   permanent  ${DEVICE}         `;
    const named = await neighbor(on, "", GRANT);
    assertEquals(
      named.stdout,
      [
        "ADDRESS   LINK-LAYER-ADDRESS  STATE      INTERFACE  PROTOCOL",
        `${row}zebra`,
        "",
      ].join("\n"),
    );
    const bare = await neighbor(on);
    assertEquals([bare.code, bare.stderr], [0, ""]);
    assertStringIncludes(bare.stdout, `${row}11\n`);
    const json = await neighbor([...on, "--json"], "", GRANT);
    assertEquals(JSON.parse(json.stdout)[0].protocol, 11);

    const words = ["add", "10.0.0.7", OURS, "--protocol", "zebra", ...ON];
    const denied = await neighbor(words);
    assertEquals([denied.code, denied.stdout], [2, ""]);
    assertEquals(
      denied.stderr,
      'neighbor: The protocol "zebra" is not a number from 1 to 255: a name ' +
        `is looked up in ${NAMES}, which needs --allow-read=/etc/iproute2\n`,
    );
    const added = await neighbor(words, "", GRANT);
    assertEquals([added.code, added.stderr], [0, ""]);
    assertEquals(protocols(), ["10.0.0.7 zebra", "10.0.0.8 zebra"]);
    const unknown = await neighbor(
      ["add", "10.0.0.9", OURS, "--protocol", "z\x1bbra", ...ON],
      "",
      GRANT,
    );
    assertEquals([unknown.code, unknown.stderr], [
      2,
      'neighbor: The protocol "z\\u001bbra" is not a number from 1 to 255: no ' +
      `protocol has that name in ${NAMES}\n`,
    ]);
  },
  missingNames(),
);

networkTest(
  "a listing applied to an empty table restores every protocol",
  async () => {
    for (
      const [last, proto] of [[7, " proto zebra"], [8, ""], [9, " proto 44"]]
    ) {
      ip(`neigh add 10.0.0.${last} lladdr ${OURS} dev ${DEVICE}${proto}`);
    }
    const before = protocols();
    const listing = await neighbor(["list", ...ON, "--json"]);
    run("ip", "neigh", "flush", "dev", DEVICE, "nud", "permanent");
    assertEquals(protocols(), []);
    const ran = await neighbor(["apply", "-"], listing.stdout);
    assertEquals(ran.code, 0, ran.stderr);
    assertEquals(protocols(), before);
  },
);
