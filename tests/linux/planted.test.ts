import { assertEquals, assertMatch } from "@std/assert";
import { LIBC_PATHS } from "../../ffi/linux/netlink/libc.ts";
import { Broker } from "../helpers/linux/broker.ts";
import { CLI } from "../helpers/linux/command.ts";
import { works } from "../helpers/linux/namespace.ts";
import { attempt, networkTest } from "../helpers/linux/network.ts";
import { LIBC } from "../helpers/linux/process.ts";
import { notInstalled } from "../helpers/skipped.ts";

const skip = works("gcc", "--version") ? undefined : notInstalled("gcc");

/** Writes a file when it is loaded. */
const SOURCE = `#include <fcntl.h>
#include <unistd.h>
__attribute__((constructor)) static void loaded(void)
{
    close(open("loaded", O_CREAT | O_WRONLY, 0644));
}
`;

/** A folder with a planted libc.so.6. */
class Planted implements Disposable {
  readonly folder = Deno.makeTempDirSync();

  constructor() {
    const source = `${this.folder}/planted.c`;
    const library = `${this.folder}/libc.so.6`;
    Deno.writeTextFileSync(source, SOURCE);
    const words = ["-shared", "-fPIC", "-o", library, source];
    const { success, stderr } = attempt("gcc", ...words);
    assertEquals(success, true, stderr);
  }

  /** Whether it was loaded since it was asked last. */
  isLoaded(): boolean {
    try {
      Deno.removeSync(`${this.folder}/loaded`);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }

  /** Runs `deno` in that folder, without prompts. */
  async deno(
    words: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...words],
      cwd: this.folder,
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  }

  list(grant: readonly string[], env?: Readonly<Record<string, string>>) {
    const words = ["run", "--quiet", "--no-check", ...grant, CLI];
    return this.deno([...words, "list", "--json"], env);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** How the command ends where it may read the table, and where it may not. */
async function assertEnds(
  isAllowed: boolean,
  planted: Planted,
  grant: readonly string[],
  broker?: Broker,
): Promise<void> {
  const { code, stdout, stderr } = await planted.list(grant, broker?.env);
  const about = `${grant.join(" ")}: ${stderr}`;
  assertEquals(planted.isLoaded(), false, about);
  assertEquals(code, isAllowed ? 0 : 4, about);
  if (isAllowed) {
    assertEquals(Array.isArray(JSON.parse(stdout)), true, about);
  } else {
    assertEquals(stdout, "", about);
    const { error } = JSON.parse(stderr.slice(stderr.indexOf("{")));
    assertEquals(error.code, "PERMISSION_REQUIRED", about);
    assertMatch(
      error.message,
      broker !== undefined && grant.join() === "--allow-ffi"
        ? /the permission broker has to allow/
        : /run with --allow-ffi/,
    );
  }
}

networkTest(
  "the planted libc.so.6 of these tests leaves a file when it is loaded",
  async () => {
    using planted = new Planted();
    const words = ["eval", 'Deno.dlopen("./libc.so.6", {})'];
    assertEquals((await planted.deno(words)).code, 0);
    assertEquals(planted.isLoaded(), true);
    // What makes the bare name dangerous
    const script = `${planted.folder}/bare.ts`;
    await Deno.writeTextFile(script, 'Deno.dlopen("libc.so.6", {})');
    await planted.deno([
      "run",
      "--allow-ffi",
      "--deny-ffi=/elsewhere",
      script,
    ]);
    assertEquals(planted.isLoaded(), true);
  },
  skip,
);

const GRANTS: readonly (readonly [boolean, string, ...string[]])[] = [
  [true, "--allow-ffi"],
  [true, "--allow-all"],
  [true, "--allow-ffi", "--deny-ffi=/elsewhere"],
  [true, "--allow-all", "--deny-ffi=libc.so.6"],
  [true, `--allow-ffi=${LIBC}`],
  [false, "--allow-ffi=libc.so.6"],
  [false, "--allow-ffi=/elsewhere/libc.so.6"],
  [false, "--allow-ffi", `--deny-ffi=${LIBC_PATHS[Deno.build.arch].join()}`],
  [false, "--deny-ffi"],
  [false, "--no-prompt"],
];

for (const [isAllowed, ...grant] of GRANTS) {
  networkTest(
    `a planted libc.so.6 is not loaded with ${grant.join(" ").slice(0, 60)}`,
    async () => {
      using planted = new Planted();
      await assertEnds(isAllowed, planted, grant);
    },
    skip,
  );
}

const BROKERS: readonly {
  readonly name: string;
  readonly allows: (path: string | null) => boolean;
  readonly isAllowed: boolean;
}[] = [
  { name: "everything", allows: () => true, isAllowed: true },
  { name: "the path", allows: (path) => path === LIBC, isAllowed: true },
  {
    name: "the bare name",
    allows: (path) => path === "libc.so.6",
    isAllowed: false,
  },
  { name: "nothing", allows: () => false, isAllowed: false },
];

for (const { name, allows, isAllowed } of BROKERS) {
  networkTest(
    `a planted libc.so.6 is not loaded where a broker allows ${name}`,
    async () => {
      using planted = new Planted();
      // Deno.permissions goes by the flags, dlopen by the broker
      const flags = [
        [],
        ["--no-prompt"],
        ["--allow-ffi"],
        ["--allow-ffi", "--deny-ffi=/elsewhere"],
        ["--allow-ffi=/elsewhere"],
        ["--deny-ffi"],
      ];
      for (const grant of flags) {
        await using broker = new Broker(allows);
        await assertEnds(isAllowed, planted, grant, broker);
        assertEquals(broker.asked.length > 0, true);
      }
    },
    skip,
  );
}
