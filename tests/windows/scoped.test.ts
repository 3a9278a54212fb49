import { assertEquals, assertStringIncludes } from "@std/assert";
import { dllPath } from "../helpers/wine/control.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

const FOLDER = "C:\\Windows\\System32";
const DLLS = ["iphlpapi.dll", "ntdll.dll", "kernel32.dll"];

/** Every verb once, and a code that needs kernel32.dll for its text. */
const SCRIPT = `
import * as neighbor from "${new URL("../../mod.ts", import.meta.url)}";
const key = { address: "192.0.2.7", interfaceAlias: "${ETHERNET}" };
const entry = { ...key, linkLayerAddress: "02fc00000005" };
neighbor.createNeighbor(entry);
neighbor.setNeighbor(entry);
neighbor.replaceNeighbor(entry);
neighbor.getNeighbor(key);
neighbor.listNeighbors();
neighbor.listInterfaces();
neighbor.changeNeighbors([{ ...entry, verb: "set" }]);
await neighbor.resolveNeighbor({ ...key, address: "192.0.2.2" });
neighbor.deleteNeighbor(key);
neighbor.flushNeighbors({});
neighbor.flushNeighbors({ permanent: true, interfaceAlias: "lo" });
try {
  neighbor.listInterfaces();
} catch (error) {
  console.log(error.message);
}
console.log("all verbs");
`;

async function run(grant: string[], env: Record<string, string> = {}) {
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(script, SCRIPT);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--no-prompt",
      "--cached-only",
      "--config",
      "deno.json",
      ...grant,
      script,
    ],
    env,
  }).output();
  await Deno.remove(script);
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

wineTest(
  "every verb works under --allow-ffi naming the DLLs alone",
  async () => {
    assertEquals(
      dllPath.toLowerCase(),
      `${FOLDER}\\iphlpapi.dll`.toLowerCase(),
    );
    const grant = `--allow-ffi=${
      DLLS.map((dll) => `${FOLDER}\\${dll}`).join()
    }`;
    const fault = { NEIGHBOR_TEST: "fail=GetIfTable2:170:1:1" };
    const ran = await run([grant], fault);
    assertEquals(ran.code, 0, ran.stderr);
    assertStringIncludes(ran.stdout, "all verbs");
    assertStringIncludes(ran.stdout, "answered 170: ");
    assertEquals(ran.stdout.includes("does not know"), false);
  },
);

wineTest(
  "without kernel32.dll an unknown code comes with its number",
  async () => {
    const grant = `--allow-ffi=${FOLDER}\\iphlpapi.dll,${FOLDER}\\ntdll.dll`;
    const ran = await run([grant], {
      NEIGHBOR_TEST: "fail=GetIfTable2:170:1:1",
    });
    assertEquals(ran.code, 0, ran.stderr);
    assertStringIncludes(
      ran.stdout,
      "answered 170: a code this package does not know",
    );
  },
);

wineTest("a grant of something else is PERMISSION_REQUIRED", async () => {
  const ran = await run(["--allow-ffi=C:\\elsewhere.dll"]);
  assertEquals(ran.code, 1);
  assertStringIncludes(ran.stderr, "run with --allow-ffi");
});
