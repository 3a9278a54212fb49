import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  apply,
  filePin,
  pinsFile,
  standing,
  TemporaryFile,
} from "../helpers/linux/applying.ts";
import { CLI, neighbor } from "../helpers/linux/command.ts";
import { OURS, THEIRS } from "../helpers/linux/guarding.ts";
import {
  DEVICE,
  ip,
  ipNeighbor,
  networkTest,
  run,
} from "../helpers/linux/network.ts";
import { LIBC } from "../helpers/linux/process.ts";
import { NO_LIBC } from "../helpers/skipped.ts";

const PINS = ["10.0.0.3", "10.0.0.4", "10.0.0.5", "2001:db8::5"]
  .map((address) => filePin(address));

/** To change, to leave, to prune; the others are to be created. */
function seed(): void {
  ip(`neigh add 10.0.0.3 lladdr ${THEIRS} nud stale dev ${DEVICE}`);
  ip(`neigh add 10.0.0.4 lladdr ${OURS} nud permanent dev ${DEVICE}`);
  ip(`neigh add 10.0.0.9 lladdr ${THEIRS} nud permanent dev ${DEVICE}`);
  ip(`neigh add 10.0.0.10 lladdr ${THEIRS} nud stale dev ${DEVICE}`);
}

const APPLIED = [
  `10.0.0.10 ${THEIRS} STALE`,
  ...["10.0.0.3", "10.0.0.4", "10.0.0.5", "2001:db8::5"]
    .map((address) => `${address} ${OURS} PERMANENT`),
];

networkTest(
  "cli apply FILE applies it, and then has nothing to do",
  async () => {
    seed();
    using file = new TemporaryFile(pinsFile(PINS));
    const words = ["apply", file.path, "--prune"];
    const denied = await neighbor(words);
    assertEquals([denied.code, denied.stdout], [4, ""]);
    assertStringIncludes(denied.stderr, `--allow-read=${file.path}`);

    const grant = ["--allow-ffi", `--allow-read=${file.path}`];
    const ran = await neighbor(words, "", grant);
    assertEquals(ran.stderr, "");
    assertEquals(ran.code, 0);
    assertEquals(ran.stdout.trimEnd().split("\n"), [
      `~ 10.0.0.3        ${OURS} ${DEVICE} was ${THEIRS} stale`,
      `+ 10.0.0.5        ${OURS} ${DEVICE}`,
      `+ 2001:db8::5     ${OURS} ${DEVICE}`,
      `- 10.0.0.9        ${THEIRS} ${DEVICE}`,
      "2 created, 1 changed, 1 removed; 1 unchanged",
    ]);
    assertEquals(standing(), APPLIED);
    const again = await neighbor(words, "", grant);
    assertEquals(
      [again.code, again.stdout, again.stderr],
      [0, "Nothing to do: 4 unchanged\n", ""],
    );
    assertEquals(standing(), APPLIED);
  },
);

networkTest("cli apply --json prints one object", async () => {
  seed();
  const ran = await apply(PINS, "--json", "--prune");
  assertEquals([ran.code, ran.stderr], [0, ""]);
  const { result, summary, entries, skipped, warnings } = JSON.parse(
    ran.stdout,
  );
  assertEquals([result, warnings], ["applied", []]);
  assertEquals(summary, {
    created: 2,
    changed: 1,
    unchanged: 1,
    removed: 1,
    refused: 0,
  });
  assertEquals(skipped.notPermanent, 0);
  assertEquals(
    entries.map((one: { outcome: string; entry: { address: string } }) =>
      `${one.outcome} ${one.entry.address}`
    ),
    [
      ...["changed 10.0.0.3", "unchanged 10.0.0.4", "created 10.0.0.5"],
      ...["created 2001:db8::5", "removed 10.0.0.9"],
    ],
  );
  assertEquals(
    [entries[0].previous.linkLayerAddress, entries[0].previous.state],
    [THEIRS, "stale"],
  );
  assertEquals([entries[2].previous, entries[2].error], [null, null]);
  assertEquals(standing(), APPLIED);
});

networkTest("cli apply --dry-run and --check change nothing", async () => {
  seed();
  const before = standing();
  const lines = [
    `~ 10.0.0.3        ${OURS} ${DEVICE} was ${THEIRS} stale`,
    `+ 10.0.0.5        ${OURS} ${DEVICE}`,
    `+ 2001:db8::5     ${OURS} ${DEVICE}`,
    `- 10.0.0.9        ${THEIRS} ${DEVICE}`,
  ];
  const modes = [
    ["--dry-run", 0, "Would create 2, change 1, remove 1; "],
    ["--check", 5, "It differs: 2 to create, 1 to change, 1 to remove; "],
  ] as const;
  for (const [mode, code, words] of modes) {
    const ran = await apply(PINS, mode, "--prune");
    assertEquals([ran.code, ran.stderr], [code, ""]);
    assertEquals(ran.stdout.trimEnd().split("\n"), [
      ...lines,
      `${words}1 unchanged`,
    ]);
    const json = await apply(PINS, mode, "--prune", "--json");
    assertEquals([json.code, json.stderr], [code, ""]);
    const { result, differs, plan } = JSON.parse(json.stdout);
    assertEquals([result, differs], [mode.slice(2), true]);
    const counts = ["create", "change", "unchanged", "remove"]
      .map((list) => plan[list].length);
    assertEquals(counts, [2, 1, 1, 1]);
    assertEquals(standing(), before);
  }
  await apply(PINS);
  const applied = standing();
  for (const [mode] of modes) {
    const ran = await apply(PINS, mode);
    assertEquals(
      [ran.code, ran.stdout],
      [0, "Nothing to do: 4 unchanged\n"],
    );
  }
  // Rows without a pin are no difference, except with --prune
  assertEquals((await apply(PINS, "--check", "--prune")).code, 5);
  assertEquals(standing(), applied);
});

networkTest("the output of cli list --json can be applied", async () => {
  seed();
  ip(`neigh add fe80::7 lladdr ${OURS} nud permanent dev ${DEVICE}`);
  const before = standing();
  using file = new TemporaryFile(
    (await neighbor(["list", "--json", "--interface", DEVICE])).stdout,
  );
  ip(`neigh flush dev ${DEVICE} nud all`);
  assertEquals(standing(), []);
  const ran = await neighbor(
    ["apply", file.path],
    "",
    ["--allow-ffi", `--allow-read=${file.path}`],
  );
  assertEquals(ran.code, 0, ran.stderr);
  assertStringIncludes(ran.stderr, " not permanent");
  assertEquals(standing(), before.filter((row) => row.endsWith("PERMANENT")));

  // As words of its own: the path may have spaces and quotes
  const command = '"$0" run --quiet --allow-ffi "$1"';
  const pipe = `${command} list --json | ${command} apply - --prune --check`;
  const words = run("sh", "-c", pipe, Deno.execPath(), CLI);
  assertEquals(words, "Nothing to do: 3 unchanged\n");
});

networkTest(
  "cli apply works with a grant for the C library alone",
  async () => {
    const ran = await neighbor(
      ["apply", "-"],
      pinsFile(PINS),
      [`--allow-ffi=${LIBC}`],
    );
    assertEquals([ran.code, ran.stderr], [0, ""]);
    assertEquals(standing().length, 4);
    const denied = await neighbor(["apply", "-"], pinsFile(PINS), []);
    assertEquals([denied.code, denied.stdout], [4, ""]);
    assertStringIncludes(denied.stderr, "--allow-ffi");
  },
  LIBC === undefined ? NO_LIBC : undefined,
);

networkTest(
  "a backup is applied although it holds rows nobody can write",
  async () => {
    ip("link set lo up");
    const seeded = [
      `10.1.0.1 lladdr ${OURS} nud permanent dev lo`,
      `2001:db8::9 lladdr ${OURS} nud permanent dev lo`,
      `127.0.0.2 lladdr ${OURS} nud permanent dev ${DEVICE}`,
      `224.0.0.8 lladdr ${OURS} nud permanent dev ${DEVICE}`,
      `10.0.0.8 lladdr ${OURS} nud noarp dev ${DEVICE}`,
      `10.0.0.7 lladdr ${OURS} nud permanent dev ${DEVICE}`,
    ];
    for (const row of seeded) ip(`neigh add ${row}`);
    // The device is there before and after the test: only this test's rows go
    using cleanup = new DisposableStack();
    cleanup.defer(() => run("ip", "neigh", "flush", "dev", "lo", "nud", "all"));
    // Every IPv4 row of a loopback or point-to-point device is that of 0.0.0.0
    const onLoopback = () => run("ip", "neigh", "show", "dev", "lo");
    assertStringIncludes(onLoopback(), `0.0.0.0 lladdr ${OURS} PERMANENT`);
    const { stdout } = await neighbor(["list", "--json"]);
    ip(`neigh del 10.0.0.7 dev ${DEVICE}`);
    ip("neigh del 2001:db8::9 dev lo");
    for (const more of [[], ["--keep-going"]]) {
      const words = ["apply", "-", "--json", ...more];
      const ran = await neighbor(words, stdout);
      assertEquals(ran.code, 0, ran.stderr);
      const { summary, skipped } = JSON.parse(ran.stdout);
      const isFirst = more.length === 0;
      assertEquals(
        [summary.created, summary.unchanged, summary.refused],
        isFirst ? [2, 0, 0] : [0, 2, 0],
      );
      // The rows of 0.0.0.0 and 127.0.0.2
      assertEquals([skipped.notWritable, skipped.multicast], [2, 1]);
    }
    assertEquals(ipNeighbor("10.0.0.7")?.lladdr, OURS);
    assertStringIncludes(onLoopback(), `2001:db8::9 lladdr ${OURS} PERMANENT`);
  },
);
