import { assert, assertEquals, assertMatch } from "@std/assert";
import { type FakeWindows, runOnFake } from "../helpers/fake_windows.ts";
import { interfaceBytes, neighborBytes } from "../helpers/golden/rows.ts";

const SYSTEM: FakeWindows = {
  neighbors: [neighborBytes("IPV4_PERMANENT")],
  interfaces: [interfaceBytes("ETHERNET")],
};
const ON = ["--interface", "12"] as const;
const OTHER_MAC = "02-fc-00-00-00-06";

/** Where every write would be refused, and so be seen. */
const READ_ONLY: FakeWindows = {
  ...SYSTEM,
  statuses: {
    SetIpNetEntry2: 31,
    CreateIpNetEntry2: 31,
    DeleteIpNetEntry2: 31,
  },
};

for (
  const [words, operation] of [
    [["set", "192.0.2.7", OTHER_MAC, ...ON], "SetIpNetEntry2"],
    [["delete", "192.0.2.7", ...ON], "DeleteIpNetEntry2"],
  ] as const
) {
  Deno.test(`${words[0]} --dry-run writes nothing and names ${operation}`, async () => {
    const dry = [...words, "--dry-run"];
    const text = await runOnFake(READ_ONLY, ...dry);
    assertEquals([text.code, text.stderr], [0, ""]);
    assert(text.stdout.startsWith(`Would call ${operation}: 192.0.2.7 `));
    const json = await runOnFake(READ_ONLY, ...dry, "--json");
    assertEquals([json.code, json.stderr], [0, ""]);
    const answer = JSON.parse(json.stdout);
    assertEquals([answer.result, answer.operation], ["dry-run", operation]);
    assertEquals(answer.entry.address, "192.0.2.7");
    assertEquals(answer.neighbor.linkLayerAddress, "02:fc:00:00:00:05");
    // The same words without it do write
    assertEquals((await runOnFake(READ_ONLY, ...words)).code, 1);
  });
}

Deno.test("add --dry-run writes nothing and names CreateIpNetEntry2", async () => {
  const statuses = { ...READ_ONLY.statuses, GetIpNetEntry2: 1168 };
  const { code, stdout } = await runOnFake(
    { ...SYSTEM, statuses },
    ...["add", "192.0.2.9", OTHER_MAC, ...ON, "--dry-run", "--json"],
  );
  assertEquals(code, 0);
  const { result, operation, neighbor } = JSON.parse(stdout);
  assertEquals(
    [result, operation, neighbor],
    ["dry-run", "CreateIpNetEntry2", null],
  );
});

Deno.test("set ends with 1 when the table does not show the entry after success", async () => {
  const { code, stdout, stderr } = await runOnFake(
    SYSTEM,
    ...["set", "192.0.2.7", OTHER_MAC, ...ON, "--json"],
  );
  assertEquals([code, stdout], [1, ""]);
  const { error } = JSON.parse(stderr);
  assertEquals(error.code, "UNCONFIRMED");
  assert(error.message.includes("02:fc:00:00:00:05"));
  assert(error.message.includes("02:fc:00:00:00:06"));
});

for (
  const [isTerminal, noColor] of [[true, false], [true, true], [false, false]]
) {
  Deno.test(`list has colour on a terminal alone: ${isTerminal}, NO_COLOR ${noColor}`, async () => {
    const prelude = `
      Deno.stdout.isTerminal = () => ${isTerminal};
      Object.defineProperty(Deno, "noColor", { value: ${noColor} });`;
    const { stdout } = await runOnFake({ ...SYSTEM, prelude }, "list");
    assertEquals(stdout.includes("\x1b"), isTerminal && !noColor);
    assertEquals(
      stdout.includes("\x1b[32mpermanent\x1b[39m"),
      isTerminal && !noColor,
    );
    const plain = stdout.replace("\x1b[1m", "").replace("\x1b[22m", "");
    assert(plain.startsWith("ADDRESS    LINK-LAYER-ADDRESS "), plain);
    const json = await runOnFake({ ...SYSTEM, prelude }, "list", "--json");
    assert(!json.stdout.includes("\x1b"));
  });
}

Deno.test("list ends with 0 when its reader closes the pipe", async () => {
  const prelude = `Deno.stdout.writeSync = () => {
    throw new Deno.errors.BrokenPipe("enough");
  };`;
  assertEquals(await runOnFake({ ...SYSTEM, prelude }, "list"), {
    code: 0,
    stdout: "",
    stderr: "",
  });
});

Deno.test("list prints everything when a pipe takes one byte at a time", async () => {
  const prelude = `
    const { writeSync } = Deno.stdout;
    Deno.stdout.writeSync = (bytes) =>
      writeSync.call(Deno.stdout, bytes.subarray(0, 1));`;
  const alias = "以太网";
  assertEquals(
    await runOnFake({ ...SYSTEM, alias, prelude }, "list"),
    await runOnFake({ ...SYSTEM, alias }, "list"),
  );
});

/** A stream that takes 100 bytes at every third attempt. */
const narrow = (name: string, refusal: string) =>
  `{
  const { writeSync } = Deno.${name};
  let attempts = 0;
  Deno.${name}.writeSync = (bytes) => {
    if (++attempts % 3 !== 0) { ${refusal}; }
    return writeSync.call(Deno.${name}, bytes.subarray(0, 100));
  };
}`;

Deno.test("list waits for room in a full pipe", async () => {
  const prelude = narrow("stdout", "return 0");
  for (const words of [["list"], ["list", "--json"], ["--help"]]) {
    assertEquals(
      await runOnFake({ ...SYSTEM, prelude }, ...words),
      await runOnFake(SYSTEM, ...words),
    );
  }
});

Deno.test("an error waits for room in a non-blocking descriptor", async () => {
  const refusal = 'throw new Deno.errors.WouldBlock("no room")';
  const prelude = narrow("stderr", refusal);
  const wrong = [["get", "192.0.2.300", ...ON], ["list", "--json", "x"]];
  for (const words of wrong) {
    const { code, stderr } = await runOnFake({ ...SYSTEM, prelude }, ...words);
    const whole = await runOnFake(SYSTEM, ...words);
    assertEquals([code, stderr], [2, whole.stderr]);
  }
});

Deno.test("a write reports its result where its answer cannot be written", async () => {
  const prelude = `Deno.stdout.writeSync = () => {
    throw new Error("No space left on device (os error 28)");
  };`;
  const words = ["delete", "192.0.2.7", ...ON];
  for (
    const [options, pattern] of [[[], /^neighbor: /], [
      ["--json"],
      /^{"error":{/,
    ]] as const
  ) {
    const { code, stderr } = await runOnFake(
      { ...SYSTEM, prelude },
      ...words,
      ...options,
    );
    assertEquals(code, 1);
    assertMatch(stderr, pattern);
    assert(stderr.includes("Cannot write the answer: No space left"), stderr);
    assert(
      stderr.replaceAll("\\", "").includes('the result is "deleted"'),
      stderr,
    );
  }
});

Deno.test("an error that cannot be printed still sets the exit code", async () => {
  const prelude = `Deno.stderr.writeSync = () => { throw new Error("full"); };`;
  const ended = await runOnFake({ ...SYSTEM, prelude }, "list", "--bogus");
  assertEquals(ended, { code: 2, stdout: "", stderr: "" });
});

Deno.test("main() rethrows an unexpected error", async () => {
  const prelude = `Deno.dlopen = () => ({
    get symbols() { throw new TypeError("a bug"); },
    close() {},
  });`;
  const { code, stdout, stderr } = await runOnFake(
    { ...SYSTEM, prelude },
    "list",
  );
  assertEquals([code, stdout], [1, ""]);
  assert(stderr.includes("TypeError: a bug"), stderr);
});
