/**
 * `deno task test:kernels [NAME…]`: a smoke of every verb and part of the live
 * tests, each kernel in a guest of QEMU. Without a name, every kernel of
 * kernels.ts. A name that ends with `.ts` is a file to run in place of those. With
 * `--minutes N` no file is begun later than that after the boot of a kernel: the
 * others count as skipped.
 *
 * Ends with 0 where every kernel passed, 1 where a test failed, and 69
 * (EX_UNAVAILABLE) where no kernel could be run at all.
 *
 * @module
 */

import { MARK } from "../linux/network.ts";
import { readCauses, sum, type TestResult } from "../run.ts";
import { SKIPPED_FILE } from "../skipped.ts";
import { places } from "../wine/places.ts";
import {
  checkHere,
  DENO_DIR,
  fillDenoDir,
  prepare,
  waitForTurn,
} from "./build.ts";
import { FILES } from "./files.ts";
import { runInGuest } from "./guest.ts";
import { chosen, type Kernel } from "./kernels.ts";
import {
  FILE_MINUTES,
  filesScript,
  readResults,
  UNREACHED,
} from "./results.ts";
import { Unavailable } from "./unavailable.ts";

const NOTHING_RAN = 69;

// The namespaces start without devices, as on this computer
const TEST =
  "unshare -n /dev/shm/deno test -A --no-check --cached-only --frozen";

/** What the guest runs, as root, in a network namespace as on this computer. */
function script(
  deno: string,
  files: readonly string[],
  minutes: number,
): string {
  return `
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root NO_COLOR=1
export ${MARK}=1 ${SKIPPED_FILE}=/out/skipped
export DENO_DIR=/dev/shm/deno-dir DENO_NO_UPDATE_CHECK=1
# An emulator runs the code of V8's compilers at half the speed of V8's interpreter
export DENO_V8_FLAGS=--jitless
uname -rm >/out/system
getconf PAGESIZE >>/out/system
getconf GNU_LIBC_VERSION >>/out/system
ip -V >>/out/system
# Files that many processes read are cheaper in memory
cp -r '${DENO_DIR}' /dev/shm/deno-dir && cp '${deno}' /dev/shm/deno || exit
cd '${places.checkout}' || exit
out=/out
${filesScript(files, TEST, minutes)}`;
}

function say(text: string): void {
  console.error(`kernels: ${text}`);
}

/** The tests of one kernel. */
async function runKernel(
  kernel: Kernel,
  files: readonly string[],
  minutes: number,
): Promise<
  { results: TestResult[]; causes: Awaited<ReturnType<typeof readCauses>> }
> {
  const guest = await prepare(kernel, say);
  say(`booting ${kernel.name}`);
  const start = performance.now();
  const { out } = guest;
  // Each file has an end of its own: this is for a guest that hangs
  const most = 10 + Math.min(minutes, files.length * FILE_MINUTES) +
    FILE_MINUTES;
  const text = script(guest.deno, files, minutes);
  const code = await runInGuest(guest, text, most);
  const seconds = Math.round((performance.now() - start) / 1000);
  const read = (name: string) =>
    Deno.readTextFile(`${out}/${name}`).catch(() => "");
  const results = await readResults(out, files);
  const count = (outcome: TestResult["outcome"]) =>
    results.filter((one) => one.outcome === outcome).length;
  if (count("failed") > 0) {
    // Without the sum of each file, which would be counted twice
    for (const line of (await read("log")).split("\n")) {
      if (!/ \.\.\. (ok|ignored) \(|^\w+ \| \d+ passed/.test(line)) {
        console.log(line);
      }
    }
  }
  if (code !== 0) {
    const what = typeof code === "string" ? code : `it ended with ${code}`;
    results.push({ name: what, file: kernel.name, outcome: "failed" });
  }
  for (const { name, file, outcome } of results) {
    if (outcome === "failed") {
      console.log(`FAILED: kernel ${kernel.name}: ${file}: ${name}`);
    }
  }
  const [system, page, libc, iproute] = (await read("system")).split("\n");
  console.log(
    `${kernel.name}: Linux ${system}, pages of ${page}, ${libc}, ` +
      `${/iproute2-[^,]*/.exec(iproute ?? "")}, ` +
      `Deno ${Deno.version.deno}: passed ${count("passed")}, failed ` +
      `${count("failed")}, skipped ${count("skipped")}, in ${seconds} s`,
  );
  const causes = await readCauses(`${out}/skipped`);
  for (const file of files) causes.set(`all of ${file}`, UNREACHED);
  return { results, causes };
}

/** Takes `--minutes N` out of the words. */
function minutesOf(words: string[]): number {
  const at = words.indexOf("--minutes");
  if (at === -1) return Infinity;
  const [, text] = words.splice(at, 2);
  if (/^[1-9]\d{0,3}$/.test(text ?? "")) return Number(text);
  throw new RangeError(`--minutes wants 1 to 9999, not "${text ?? ""}"`);
}

async function main(words: string[]): Promise<number> {
  const minutes = minutesOf(words);
  const given = words.filter((word) => word.endsWith(".ts"));
  const kernels = chosen(words.filter((word) => !word.endsWith(".ts")));
  const files = given.length > 0 ? given : FILES;
  const results: TestResult[] = [];
  let [ran, skipped] = [0, 0];
  const causes = new Map();
  let turn: Deno.FsFile | undefined;
  for (const kernel of kernels) {
    try {
      await checkHere(kernel);
      if (turn === undefined) {
        turn = await waitForTurn();
        await fillDenoDir(["cli.ts", "mod.ts", ...files]);
      }
      const one = await runKernel(kernel, files, minutes);
      results.push(...one.results);
      for (const [name, cause] of one.causes) causes.set(name, cause);
      ran++;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      skipped++;
      console.log(`SKIPPED: kernel ${kernel.name}: ${error.message}`);
    }
  }
  const count = (outcome: TestResult["outcome"]) =>
    results.filter((one) => one.outcome === outcome).length;
  turn?.close();
  for (const line of sum(results, causes).slice(1)) console.log(line);
  console.log(
    `Kernels: ${ran} run, ${skipped} skipped: ${count("passed")} passed | ` +
      `${count("failed")} failed | ${count("skipped") + skipped} ignored`,
  );
  if (ran === 0) return NOTHING_RAN;
  return count("failed") === 0 ? 0 : 1;
}

if (import.meta.main) {
  try {
    Deno.exit(await main([...Deno.args]));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(error.message);
    Deno.exit(2);
  }
}
