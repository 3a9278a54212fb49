import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { fileURLToPath } from "node:url";
import { runInGuest } from "./helpers/kernels/guest.ts";
import { FILES } from "./helpers/kernels/files.ts";
import { chosen, KERNELS, X86_64 } from "./helpers/kernels/kernels.ts";

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

Deno.test("test:kernels ends with 2 for a name that it does not know", async () => {
  const { code, stderr } = await testKernels("potato");
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'There is no kernel "potato"');
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
