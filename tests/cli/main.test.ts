import { assert, assertEquals, assertMatch } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { pretend, runCli, runScript, urlOf } from "../helpers/child.ts";

const IP = "192.0.2.7";
const MAC = "02-fc-00-00-00-05";
const ON = ["--interface", "Ethernet"] as const;

for (const option of ["--version", "-V", "version"]) {
  Deno.test(`cli.ts prints the version when asked by ${option}`, async () => {
    assertEquals(await runCli(option), {
      code: 0,
      stdout: `neighbor ${config.version}\n`,
      stderr: "",
    });
  });
}

for (
  const words of [
    ...[["--help"], ["-h"], ["help"], ["set", "--help"], ["list", "-h"]],
    ["help", "delete"],
  ]
) {
  Deno.test(`cli.ts prints help for ${words.join(" ")}`, async () => {
    const { code, stdout, stderr } = await runCli(...words);
    assertEquals([code, stderr], [0, ""]);
    assert(stdout.includes("\nUsage: neighbor "));
    assertMatch(stdout, /^ +2 {2}refused/m);
  });
}

Deno.test("cli.ts without arguments prints the help on stderr, and ends with 2", async () => {
  const { code, stdout, stderr } = await runCli();
  assertEquals([code, stdout], [2, ""]);
  assertEquals(stderr, (await runCli("--help")).stdout);
});

for (
  const [words, quoted] of [
    [["--"], "--help"],
    [["lst"], "did you mean list?"],
    [["list", "--bogus"], '"--bogus"'],
    [["list", "--interface="], '"--interface"'],
    [["list", "--interface", ""], '"--interface"'],
    [["list", "--interface"], '"--interface"'],
    [["list", "--json", "extra"], "extra"],
    [["set", IP, MAC], `"${IP}"`],
    [["set", IP, ...ON], "LINK-LAYER-ADDRESS"],
    [["list", "--state", "a", "--state", "b"], '"--state"'],
    [["get", "\x1b[31m\u202e", "b", "c"], '"b"'],
  ] as const
) {
  Deno.test(`cli.ts ends with 2 for ${JSON.stringify(words)}`, async () => {
    const { code, stdout, stderr } = await runCli(...words);
    assertEquals([code, stdout], [2, ""]);
    assert(stderr.includes(quoted), stderr);
    if ((words as readonly string[]).includes("--json")) {
      const { error } = JSON.parse(stderr);
      assertEquals(Object.keys(error).slice(0, 2), ["code", "message"]);
      assertEquals(error.code, "INVALID_PARAMETER");
      assertEquals(error.status, null);
      assertEquals(error.operation, null);
    } else assertMatch(stderr, /^neighbor: [^\n]+\n$/);
  });
}

Deno.test("cli.ts escapes what a usage mistake quotes", async () => {
  const word = "\x1b]0;x\x07\u202e\n";
  const text = await runCli(word);
  assertEquals(text.code, 2);
  assert(text.stderr.includes('"\\u001b]0;x\\u0007\\u202e\\u000a"'));
  const json = await runCli(word, "--json");
  assertEquals(json.code, 2);
  // deno-lint-ignore no-control-regex -- controls are what must be missing
  assertEquals(/[\x00-\x09\x0b-\x1f\u202e]/.test(json.stderr), false);
  assert(JSON.parse(json.stderr).error.message.includes(`"${word}"`));
});

/** Runs main() as if on Windows, where no permission was given. */
async function onWindows(...words: readonly string[]) {
  return await runScript(`${pretend("windows")}
    const { main } = await import("${urlOf("cli.ts")}");
    Deno.exit(await main(${JSON.stringify(words)}));
  `);
}

for (
  const [words, message] of [
    [["set", "127.0.0.1", MAC, ...ON], "a loopback address"],
    [["add", "::1", MAC, ...ON], "a loopback address"],
    [["set", "1...1", MAC, ...ON], '"1...1"'],
    [["set", IP, "02-0g", ...ON], '"02-0g"'],
    [["set", IP, "02e00000000", ...ON], '"02e00000000"'],
    [["set", IP, MAC, "--interface", "0"], "No interface given"],
    [["set", IP, MAC, "--interface", "4294967296"], "4294967296"],
    [["set", IP, MAC, "--interface", "0x"], '"0x"'],
    [["set", IP, MAC, "--interface", "alias:"], "alias is empty"],
    [["add", "0.0.0.0", MAC, ...ON], "the unspecified address"],
    [["set", "0.0.0.0", MAC, ...ON, "--dry-run"], "the unspecified address"],
    [["resolve", "255.255.255.255", ...ON], "the broadcast address"],
    [["set", "::ffff:1.2.3.4", MAC, ...ON, "--json"], "an IPv4-mapped address"],
    [["get", `${IP}%Ethernet`], "only an IPv6 address has a zone"],
    [["list", "--interface", "0"], "names interface 0"],
    [["list", "--family", "inet"], '"inet"'],
    [["list", "--state", "stale,"], '""'],
    [["list", "--state", "dead"], '"dead"'],
    [["list", "--subnet", "192.0.2.7/24"], '"192.0.2.7/24"'],
    [["list", "--subnet", "192.0.2.0"], '"192.0.2.0"'],
    [
      ["list", "--subnet", "::/0", "--family", "ipv4", "--json"],
      'not of the family "ipv4"',
    ],
  ] as const
) {
  Deno.test(`main() ends with 2 before it loads anything for ${words.join(" ")}`, async () => {
    const { code, stdout, stderr } = await onWindows(...words);
    assertEquals([code, stdout], [2, ""], stderr);
    const isJson = (words as readonly string[]).includes("--json");
    const text = isJson ? JSON.parse(stderr).error.message : stderr;
    assert(text.includes(message), stderr);
  });
}

for (
  const words of [
    ["set", IP, "02e000000005", "--interface", "12"],
    ["set", IP, "020000000005", "--interface", "alias:5"],
    ["add", "fe80::1%12", MAC],
    ["delete", IP, "--interface", "0x6008000000000"],
    ["delete", IP, ...ON, "--dry-run"],
    ["get", IP, ...ON],
    // What may not be written can be read and removed
    ["delete", "0.0.0.0", ...ON],
    ["delete", "127.0.0.1", ...ON, "--dry-run"],
    ["get", "255.255.255.255", ...ON],
    ["get", "::ffff:1.2.3.4", ...ON],
    ["list"],
    ["list", "--state", "stale,probe", "--subnet", "192.0.2.0/24"],
    ["interfaces"],
  ]
) {
  Deno.test(`main() ends with 4 and names --allow-ffi for ${words.join(" ")}`, async () => {
    const text = await onWindows(...words);
    assertEquals([text.code, text.stdout], [4, ""]);
    assertMatch(text.stderr, /^neighbor: [^\n]*--allow-ffi[^\n]*\n$/);
    const json = await onWindows(...words, "--json");
    assertEquals([json.code, json.stdout], [4, ""]);
    const { error } = JSON.parse(json.stderr);
    assertEquals(error.code, "PERMISSION_REQUIRED");
    assertEquals(error.status, null);
  });
}
