import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  apply,
  type FilePin,
  filePin,
  pinsFile,
  standing,
  TemporaryFile,
} from "../helpers/linux/applying.ts";
import { CLI, neighbor } from "../helpers/linux/command.ts";
import { OURS, THEIRS } from "../helpers/linux/guarding.ts";
import { attempt, DEVICE, ip, networkTest } from "../helpers/linux/network.ts";

const GOOD = ["10.0.0.3", "10.0.0.4", "10.0.0.5"].map((one) => filePin(one));
const TOO_LONG = filePin("10.0.0.8", `${OURS}:06`);

function seed(): void {
  ip(`neigh add 10.0.0.3 lladdr ${THEIRS} nud stale dev ${DEVICE}`);
  ip(`neigh add 10.0.0.4 lladdr ${THEIRS} nud permanent dev ${DEVICE}`);
  ip(`neigh add 10.0.0.9 lladdr ${THEIRS} nud permanent dev ${DEVICE}`);
}

type Refused = readonly [FilePin, string, number, boolean, [number, number]];

/**
 * What is refused: the words, the exit code, whether only the kernel knew, and
 * the line and column that are named: those of the pin, or of its member.
 */
const REFUSED: readonly Refused[] = [
  [TOO_LONG, "has 7 octets", 2, false, [20, 27]],
  [filePin("2001:db8::8"), "IPv6 is disabled on this device", 1, true, [18, 5]],
  [filePin("10.0.0.8", OURS, "lo"), "a loopback or point-to", 2, false, [
    18,
    5,
  ]],
];

networkTest(
  "cli apply names the place of the refused entry, and rolls everything back",
  async () => {
    seed();
    const sysctl = `/proc/sys/net/ipv6/conf/${DEVICE}/disable_ipv6`;
    Deno.writeTextFileSync(sysctl, "1");
    const before = standing();
    for (const [pin, words, code, isMet, [line, column]] of REFUSED) {
      using file = new TemporaryFile(pinsFile([...GOOD, pin]));
      const grant = ["--allow-ffi", `--allow-read=${file.path}`];
      const ran = await neighbor(["apply", file.path], "", grant);
      assertEquals(ran.code, code, ran.stderr);
      assert(
        ran.stderr.startsWith(`neighbor: ${file.path}:${line}:${column}: `),
        ran.stderr,
      );
      assertStringIncludes(ran.stderr, words);
      assertStringIncludes(
        ran.stderr,
        isMet
          ? "1 of 4 entries refused, everything was put back as it was\n"
          : "1 of 4 entries refused, nothing was changed\n",
      );
      const undone = [
        `= 10.0.0.3        ${OURS} ${DEVICE} put back`,
        `= 10.0.0.4        ${OURS} ${DEVICE} put back`,
        `= 10.0.0.5        ${OURS} ${DEVICE} removed again`,
      ];
      assertEquals(ran.stdout.trimEnd().split("\n"), isMet ? undone : [""]);
      assertEquals(standing(), before);

      const asJson = ["apply", file.path, "--json", "--prune"];
      const json = await neighbor(asJson, "", grant);
      assertEquals([json.code, json.stdout], [code, ""]);
      const { error } = JSON.parse(json.stderr);
      assertEquals(
        [error.file, error.line, error.column],
        [file.path, line, column],
      );
      assertEquals(
        error.entries.map((one: { outcome: string }) => one.outcome),
        [
          ...Array(3).fill(isMet ? "restored" : "untouched"),
          ...["refused", "untouched"],
        ],
      );
      assertStringIncludes(error.entries[3].error.message, words);
      assertEquals(standing(), before);
    }
  },
);

networkTest("cli apply --keep-going applies the rest", async () => {
  seed();
  // The first refusal is what the exit code says
  const pins = [GOOD[0]!, TOO_LONG, GOOD[2]!];
  const ran = await apply(pins, "--keep-going", "--prune");
  assertEquals(ran.code, 2);
  assert(
    ran.stderr.startsWith("neighbor: <stdin>:10:27: The link-layer address "),
    ran.stderr,
  );
  assertEquals(
    ran.stdout.trimEnd().split("\n").at(-1),
    [
      "1 created, 1 changed, 2 removed, 1 refused; 0 unchanged",
    ].join(),
  );
  const after = ["10.0.0.3", "10.0.0.5"]
    .map((address) => `${address} ${OURS} PERMANENT`);
  assertEquals(standing(), after);
  const json = await apply(pins, "--keep-going", "--json");
  assertEquals([json.code, json.stderr], [2, ""]);
  const { summary, entries } = JSON.parse(json.stdout);
  assertEquals([summary.unchanged, summary.refused], [2, 1]);
  assertEquals(entries[1].error.code, "INVALID_PARAMETER");
  const missing = filePin("10.0.0.8", OURS, "nowhere");
  const other = await apply([missing, GOOD[0]!], "--keep-going");
  assertEquals(other.code, 3);
});

networkTest("cli apply refuses a bad file before anything else", async () => {
  seed();
  const before = standing();
  const [first] = GOOD;
  const bad: readonly (readonly [string, string, number])[] = [
    ["{", "<stdin>:1:2: This is no JSON", 2],
    ["[7]", "<stdin>:1:2: A pin is an object", 2],
    [pinsFile([...GOOD, first!]), "<stdin>:18:5: 10.0.0.3 on", 2],
    [pinsFile([filePin("127.0.0.1")]), "<stdin>:4:18: The address", 2],
    [
      pinsFile([...GOOD, filePin("10.0.0.8", OURS, "nowhere")]),
      "<stdin>:18:5: Cannot find interface",
      3,
    ],
  ];
  for (const [text, words, code] of bad) {
    for (const option of ["--prune", "--dry-run", "--check", "--watch"]) {
      // A guard waits for an interface that is not there
      if (code === 3 && option === "--watch") continue;
      const ran = await neighbor(["apply", "-", option], text);
      assertEquals([ran.code, ran.stdout], [code, ""], `${option} ${text}`);
      assert(ran.stderr.startsWith(`neighbor: ${words}`), ran.stderr);
      assertStringIncludes(ran.stderr, "nothing was changed");
    }
  }
  assertEquals(standing(), before);
});

networkTest("cli apply without CAP_NET_ADMIN is not permitted", () => {
  seed();
  const before = standing();
  using file = new TemporaryFile(pinsFile(GOOD));
  const unprivileged = (...options: string[]) => {
    const words = ["--bounding-set=-all", "--inh-caps=-all", Deno.execPath()];
    words.push("run", "--quiet", "--no-prompt", "--allow-ffi");
    words.push(`--allow-read=${file.path}`, CLI, "apply", file.path);
    // The exit code behind what it prints
    const script = '"$@"; echo "exit $?"';
    const shell = ["-c", script, "sh", "setpriv", ...words, ...options];
    return attempt("sh", ...shell);
  };
  for (const option of [["--prune"], ["--watch"], ["--keep-going"]]) {
    const { stdout, stderr } = unprivileged(...option);
    assertStringIncludes(stdout, "exit 4\n", `${option}`);
    assertStringIncludes(stderr, "CAP_NET_ADMIN");
    assertEquals(standing(), before);
  }
  // Looking is free
  assertStringIncludes(unprivileged("--check").stdout, "exit 5\n");
  assertStringIncludes(unprivileged("--dry-run").stdout, "exit 0\n");
});
