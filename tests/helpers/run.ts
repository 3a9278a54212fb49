/**
 * `deno task test`: every test that this computer can run, then one sum of them
 * all: passed, failed, and skipped by cause, with what would let each run.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { namespaceOption } from "./linux/namespace.ts";
import { MARK } from "./linux/network.ts";
import { type Cause, SKIPPED_FILE } from "./skipped.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A test in the output of `deno test --junit-path`. */
export interface TestResult {
  readonly name: string;
  readonly file: string;
  readonly outcome: "passed" | "failed" | "skipped";
}

/**
 * Whole folders that are skipped for one cause: of the tests, and of the helpers
 * that register some of them, which is where Deno then says that they are.
 */
const FOLDERS: readonly [folder: string, cause: Cause][] = [
  ["/tests/windows/real.test.ts", {
    missing: "this is not Windows, or nobody allowed a throw-away entry",
    remedy: "as an administrator of Windows, with NEIGHBOR_LIVE=1: " +
      "deno task test:windows",
  }],
  ["/windows/", {
    missing: "deno.exe under Wine has a run of its own",
    remedy: "deno task test:windows",
  }],
  ["/fleet/", {
    missing: "Ansible with an sshd in each namespace has a run of its own",
    remedy: "as root: apt-get install ansible-core openssh-server " +
      "openssh-client; deno task test:fleet",
  }],
  ["/linux/", {
    missing: "this user may have no network namespace, or there is no ip",
    remedy: "as root: apt-get install iproute2; deno task test:linux",
  }],
];
const UNTOLD: Cause = {
  missing: "the test does not say why",
  remedy: "deno test -A, and look for SKIPPED",
};

/** Reads what `deno test --junit-path` has written. */
export function readJunit(xml: string): TestResult[] {
  const cases = xml.matchAll(
    /<testcase name="([^"]*)" classname="([^"]*)"[^>]*?(?:\/>|>(.*?)<\/testcase>)/gs,
  );
  return [...cases].map(([, name, file, inside]) => ({
    name: unescape(name!),
    file: unescape(file!),
    outcome: inside?.includes("<skipped")
      ? "skipped"
      : inside?.includes("<failure") || inside?.includes("<error")
      ? "failed"
      : "passed",
  }));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};

function unescape(text: string): string {
  return text.replaceAll(/&(?:lt|gt|quot|apos|amp);/g, (one) => ENTITIES[one]!)
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}

/** The lines of the sum; `causes` are those that tests gave themselves. */
export function sum(
  results: readonly TestResult[],
  causes: ReadonlyMap<string, Cause>,
): string[] {
  const count = (outcome: TestResult["outcome"]) =>
    results.filter((one) => one.outcome === outcome).length;
  const groups = new Map<string, { cause: Cause; count: number }>();
  for (const { name, file, outcome } of results) {
    if (outcome !== "skipped") continue;
    const cause = causes.get(name) ??
      FOLDERS.find(([folder]) => file.includes(folder))?.[1] ?? UNTOLD;
    const key = `${cause.missing}\n${cause.remedy}`;
    const group = groups.get(key) ?? { cause, count: 0 };
    group.count++;
    groups.set(key, group);
  }
  return [
    `In all: ${count("passed")} passed, ${count("failed")} failed, ` +
    `${count("skipped")} skipped`,
    ...[...groups.values()].sort((a, b) => b.count - a.count)
      .map(({ cause, count }) =>
        `${`${count}`.padStart(6)} skipped: ${cause.missing}\n` +
        `               to run: ${cause.remedy}`
      ),
  ];
}

/** Runs one part; returns whether it passed, and its tests. */
async function part(
  folder: string,
  name: string,
  before: readonly string[],
  words: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number; results: TestResult[] }> {
  const junit = `${folder}/${name}.xml`;
  const [program, ...args] = [
    ...before,
    ...[Deno.execPath(), "test", "-A", `--junit-path=${junit}`, ...words],
  ];
  const child = new Deno.Command(program!, {
    args,
    cwd: ROOT,
    env: { ...env, NO_COLOR: "1", [SKIPPED_FILE]: `${folder}/skipped` },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  // Passed and skipped tests are only counted; failures are printed
  const isQuiet = /^.* \.\.\. (ok|ignored) \(.*\)$/;
  let rest = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (!isQuiet.test(line)) console.log(line);
  }
  if (rest !== "") console.log(rest);
  const { code } = await child.status;
  const xml = await Deno.readTextFile(junit).catch(() => "");
  return { code, results: readJunit(xml) };
}

/** Reads what skip() has written, by the name of the test. */
export async function readCauses(file: string): Promise<Map<string, Cause>> {
  const text = await Deno.readTextFile(file).catch(() => "");
  return new Map(
    text.trim().split("\n").filter((line) => line !== "").map((line) => {
      const { name, ...cause } = JSON.parse(line);
      return [name, cause];
    }),
  );
}

async function main(): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "neighbor-tests-" });
  try {
    const namespace = Deno.build.os === "linux"
      ? namespaceOption()
      : { reason: "this is not Linux" };
    const [before, env] = "option" in namespace
      ? [["unshare", namespace.option], { [MARK]: "1" }]
      : [[], {}];
    const parts = [
      await part(folder, "all", [], ["--ignore=tests/linux"], {}),
      await part(folder, "linux", before, ["tests/linux"], env),
    ];
    const results = parts.flatMap((one) => one.results);
    const lines = sum(results, await readCauses(`${folder}/skipped`));
    if ("reason" in namespace) {
      lines.push(`tests/linux did not run: ${namespace.reason}`);
    }
    console.log(`\n${lines.join("\n")}`);
    const isComplete = parts.every((one) => one.results.length > 0);
    if (!isComplete) console.log("A part ended before its tests");
    return isComplete && parts.every(({ code }) => code === 0) ? 0 : 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main());
