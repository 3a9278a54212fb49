import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { fileURLToPath } from "node:url";
import {
  badFrames,
  check,
  missing,
  PINS,
} from "./helpers/kernels/boot_checks.ts";
import { runInGuest } from "./helpers/kernels/guest.ts";
import { FILES } from "./helpers/kernels/files.ts";
import { chosen, KERNELS, X86_64 } from "./helpers/kernels/kernels.ts";
import { filesScript, readResults } from "./helpers/kernels/results.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

async function testKernels(...words: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "tests/helpers/kernels/run.ts", ...words],
    cwd: ROOT,
    // There is no QEMU, and no apt
    env: { PATH: `${ROOT}/docs`, NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

Deno.test("test:kernels names each kernel once, and refuses another name", () => {
  const names = KERNELS.map((one) => one.name);
  assertEquals(new Set(names).size, names.length);
  assertEquals(chosen([]), KERNELS);
  assertEquals(chosen([names[1]!]), [KERNELS[1]!]);
  assertThrows(() => chosen(["potato"]), RangeError, '"potato"');
});

Deno.test("test:kernels runs files that are there, the smoke first", () => {
  for (const file of FILES) assert(Deno.statSync(`${ROOT}/${file}`).isFile);
  assertEquals(FILES[0], "tests/linux/every_verb.test.ts");
  assertEquals(new Set(FILES).size, FILES.length);
});

Deno.test("test:kernels tells of every kernel that it skips, and ends with 69 where it ran none", async () => {
  const [first, second] = KERNELS;
  const { code, stdout } = await testKernels(first!.name, second!.name);
  assertEquals(code, 69, stdout);
  for (const { name } of [first!, second!]) {
    assertStringIncludes(stdout, `SKIPPED: kernel ${name}: `);
  }
  assertStringIncludes(stdout, "0 passed | 0 failed | 2 ignored");
});

Deno.test("test:kernels ends with 2 for a name or a number that is none", async () => {
  const { code, stderr } = await testKernels("potato");
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'There is no kernel "potato"');
  for (const words of [["--minutes"], ["--minutes", "0"]]) {
    const { code, stderr } = await testKernels(...words);
    assertEquals(code, 2);
    assertStringIncludes(stderr, `not "${words[1] ?? ""}"`);
  }
});

/** A guest whose emulator is a shell script; `$out` is the folder it may change. */
async function emulated(script: string, minutes = 1): Promise<number | string> {
  const folder = await Deno.makeTempDir();
  const [qemu, out] = [`${folder}/qemu`, `${folder}/out`];
  try {
    const text = `#!/bin/sh\nout=${out}\n${script}\n`;
    await Deno.writeTextFile(qemu, text, { mode: 0o755 });
    const guest = {
      processor: { ...X86_64, qemu: [qemu, "nothing"] as const },
      ...{ image: "", initramfs: "", root: "/", checkout: "/", out },
    };
    return await runInGuest(guest, "the script", minutes);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "a guest ends with the code of its script, and says why there is none",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const code =
      'test "$(cat "$out/script")" = "the script" && echo 7 >"$out/code"';
    assertEquals(await emulated(code), 7);
    const told = await emulated("echo panic >$out/console; echo no KVM >&2");
    assertStringIncludes(`${told}`, "it ended before its script:");
    assertStringIncludes(`${told}`, "panic");
    assertStringIncludes(`${told}`, "no KVM");
    assertEquals(
      await emulated("exec sleep 60", 0.005),
      "it had not ended after 0.005 minutes",
    );
  },
});

Deno.test({
  name:
    "a file of a guest that fails, hangs, has no test or is not reached counts as failed",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const out = await Deno.makeTempDir();
    try {
      // In place of `deno test`: a report where it is called so, and an end
      const command = `${out}/test`;
      await Deno.writeTextFile(
        command,
        `#!/bin/sh
one() { echo '<testcase name="t" classname="f"'"$1" >"\${2#--junit-path=}"; }
case $2 in
  good.ts) one "/>" "$1" ;;
  bad.ts) one "><failure></failure></testcase>" "$1"; exit 1 ;;
  crash.ts) exit 9 ;;
  hang.ts) exec sleep 60 ;;
esac
`,
        { mode: 0o755 },
      );
      const files = ["good.ts", "bad.ts", "crash.ts", "hang.ts", "none.ts"];
      const { code } = await new Deno.Command("sh", {
        args: ["-c", `out=${out}; ${filesScript(files, command, Infinity, 1)}`],
        stdin: "null",
      }).output();
      assertEquals(code, 0);
      // The computer has been up for longer
      await new Deno.Command("sh", {
        args: ["-c", `out=${out}; ${filesScript(["over.ts"], command, 0)}`],
        stdin: "null",
      }).output();
      const results = await readResults(out, [...files, "over.ts", "later.ts"]);
      assertEquals(results.map(({ name, outcome }) => `${outcome}: ${name}`), [
        "passed: t",
        "failed: t",
        "failed: crash.ts: it ended with 9",
        "failed: hang.ts: it had not ended after 30 minutes",
        "failed: none.ts: it has no test",
        "skipped: all of over.ts",
        "failed: later.ts: the guest ended before it",
      ]);
    } finally {
      await Deno.remove(out, { recursive: true });
    }
  },
});

/** A file as QEMU's filter-dump writes it, of frames in hexadecimal. */
function recorded(...frames: string[]): Uint8Array {
  const bytes = frames.flatMap((frame) => {
    const octets = frame.replaceAll(" ", "").match(/../g)!
      .map((two) => parseInt(two, 16));
    return [...Array(8).fill(0), octets.length, 0, 0, 0, 0, 0, 0, 0, ...octets];
  });
  return Uint8Array.from([...Array(24).fill(0), ...bytes]);
}

const [FROM, ZEROS] = ["02fc00000009", "00".repeat(8)];
const IPV4 = `${FROM} 0800 ${"00".repeat(16)}`;
const TO_IPV4 = `02fc00000001 ${IPV4} c0000201`;
const ADDRESS = "20010db8000000000000000000000001";
const IPV6 = `${FROM} 86dd 60000000 0020`;
const SOURCE = "20010db8000000000000000000000009";
const TO_IPV6 = `02fc00000002 ${IPV6} 11ff ${SOURCE} ${ADDRESS}`;

Deno.test("test:boot: frames to the pinned addresses without a request are right", () => {
  assertEquals(badFrames(recorded(TO_IPV4, TO_IPV6)), undefined);
  // Of another address: it looks for duplicates of its own
  const own = `3333ff000009 ${IPV6} 3aff ${SOURCE} ${SOURCE} 87000000 00000000`;
  assertEquals(
    badFrames(recorded(`${own} ${SOURCE}`, TO_IPV4, TO_IPV6)),
    undefined,
  );
  for (
    const [frames, words] of [
      [[TO_IPV4], `no packet was sent to ${ADDRESS}`],
      [
        [TO_IPV4.replace("02fc00000001", "02fc00000007"), TO_IPV6],
        "02fc00000007",
      ],
      [[`${own} ${ADDRESS}`, TO_IPV4, TO_IPV6], "there were requests"],
      [[
        `ffffffffffff ${FROM} 0806 0001080006040001 ${FROM} c0000209 ${
          ZEROS.slice(0, 12)
        } c0000201`,
        TO_IPV4,
        TO_IPV6,
      ], "there were requests for c0000201"],
    ] as const
  ) assertStringIncludes(badFrames(recorded(...frames)) ?? "", words);
});

Deno.test("test:boot: a row is a permanent one with the address of the pin", () => {
  const rows = PINS.map(({ address, linkLayerAddress }) =>
    `${address} dev eth0 lladdr ${linkLayerAddress} PERMANENT `
  );
  assertEquals(missing(rows.join("\n")), undefined);
  assertStringIncludes(missing(rows[0]!) ?? "", "2001:db8::1");
  const stale = rows.join("\n").replace("PERMANENT", "STALE");
  assertStringIncludes(missing(stale) ?? "", "192.0.2.1 in");
});

Deno.test("test:boot: a guest that left nothing fails every check", async () => {
  const out = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${out}/frames`, recorded());
    const checks = await check(out);
    const passed = checks.filter(({ failure }) => failure === undefined);
    assertEquals(passed, []);
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});
