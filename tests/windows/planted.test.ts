import { assertEquals, assertStringIncludes } from "@std/assert";
import { neighbor } from "../helpers/windows/command.ts";
import { wineTest } from "../helpers/windows/under_wine.ts";
import { decoyDeno } from "../helpers/wine/witness.ts";

const SYSTEM = "C:\\Windows\\System32";
const DLLS = ["iphlpapi.dll", "kernel32.dll", "ntdll.dll"];

/** A folder with planted DLLs, which report when they are loaded. */
class Planted implements AsyncDisposable {
  readonly folder = Deno.makeTempDirSync();
  readonly #mark = `${this.folder}\\loaded.txt`;
  readonly env = { NEIGHBOR_DECOY_MARK: this.#mark };

  constructor(names: readonly string[] = DLLS) {
    const decoy = decoyDeno.replace(/deno\.exe$/, "iphlpapi.dll");
    for (const name of names) {
      Deno.copyFileSync(decoy, `${this.folder}\\${name}`);
    }
  }

  /** The names of those that were loaded, in order. */
  async loaded(): Promise<string[]> {
    const text = await Deno.readTextFile(this.#mark).catch(() => "");
    return text.split("\n").filter((line) => line !== "")
      .map((line) => line.slice(line.lastIndexOf("\\") + 1).toLowerCase());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

for (const name of DLLS) {
  wineTest(
    `the planted ${name} of these tests leaves its mark when it is loaded`,
    async () => {
      await using planted = new Planted([name]);
      const script = `${planted.folder}\\bare.ts`;
      await Deno.writeTextFile(script, `Deno.dlopen("${name}", {})`);
      const partial = ["--allow-ffi", "--deny-ffi=C:\\elsewhere.dll"];
      const { code } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "--no-check", ...partial, script],
        cwd: planted.folder,
        env: planted.env,
      }).output();
      assertEquals(code, 0);
      assertEquals(await planted.loaded(), [name]);
    },
  );
}

const SCOPED = DLLS.map((name) => `${SYSTEM}\\${name}`).join();

const GRANTS: readonly (readonly [boolean, string, ...string[]])[] = [
  [true, "--allow-ffi"],
  [true, "--allow-ffi", "--deny-ffi=C:\\elsewhere.dll"],
  [true, "--allow-all", "--deny-ffi=kernel32.dll"],
  [true, `--allow-ffi=${SCOPED}`],
  [false, `--allow-ffi=${DLLS.join()}`],
  [false, "--allow-ffi=C:\\elsewhere.dll"],
  [false, "--allow-ffi", `--deny-ffi=${SYSTEM}\\iphlpapi.dll`],
  [false, "--deny-ffi"],
  [false, "--no-prompt"],
];

for (const [isAllowed, ...grant] of GRANTS) {
  wineTest(
    `planted DLLs are not loaded with ${grant.join(" ").slice(0, 60)}`,
    async () => {
      await using planted = new Planted();
      // The first call needs all but kernel32.dll, the second needs it for a message
      const list = await neighbor(["list", "--json"], {
        permission: grant,
        cwd: planted.folder,
        env: planted.env,
      });
      const interfaces = await neighbor(["interfaces", "--json"], {
        permission: grant,
        cwd: planted.folder,
        env: { ...planted.env, NEIGHBOR_TEST: "fail=GetIfTable2:170" },
      });
      assertEquals(await planted.loaded(), []);
      const codes = [list.code, interfaces.code];
      assertEquals(codes, isAllowed ? [0, 1] : [4, 4], list.stderr);
      if (isAllowed) {
        assertStringIncludes(interfaces.stderr, "answered 170: ");
        assertEquals(interfaces.stderr.includes("does not know"), false);
        return;
      }
      for (const { stdout, stderr } of [list, interfaces]) {
        assertEquals(stdout, "");
        const { error } = JSON.parse(stderr);
        assertEquals(error.code, "PERMISSION_REQUIRED");
        assertStringIncludes(error.message, "run with --allow-ffi");
        assertStringIncludes(error.message, `${SYSTEM}\\iphlpapi.dll`);
      }
    },
  );
}
