/**
 * Measures the processor time of a command, from start to end, against Deno with an
 * empty script. Elapsed time would include the load of other programs.
 *
 * `NEIGHBOR_BENCH_BEFORE` may name another checkout, which is measured in the same
 * rounds.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { changesOf } from "../tests/helpers/linux/many.ts";
import { DEVICE } from "../tests/helpers/linux/network.ts";
import { bundle } from "../.ci/bundle.ts";
import { childrenClock } from "./measure.ts";
import { inNamespace, machine, makeDevice } from "./namespace.ts";
import { measure, type Pair, report } from "./ratio.ts";
import { openNeighborTable } from "../ffi/open.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ROUNDS = 40;
/** The device at the other end of the pair. */
const FULL = "vb";

function deno(...args: string[]): () => void {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...args],
    cwd: ROOT,
    env: { DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
    stdin: "null",
  });
  return () => {
    const { success, stderr } = command.outputSync();
    if (success) return;
    throw new Error(
      `deno ${args.join(" ")} failed: ${new TextDecoder().decode(stderr)}`,
    );
  };
}

/** Each call runs the next one of several. */
function inTurn(works: readonly (() => void)[]): () => void {
  let turn = 0;
  return () => works[turn++ % works.length]!();
}

/** A verb, and the ratio each way of starting it must not exceed. */
interface Verb {
  readonly name: string;
  readonly source: number | null;
  readonly bundle: number | null;
  /** Several are taken in turn. */
  readonly words: readonly (readonly string[])[];
}

/** Each verb by the program at `path`; `mark` names the program. */
function startPairs(
  verbs: readonly Verb[],
  way: "source" | "bundle" | null,
  { path, mark, empty }: { path: string; mark: string; empty: string },
): Pair[] {
  const clock = Deno.build.os === "linux" ? childrenClock() : undefined;
  const grants = ["--allow-ffi", "--allow-read"];
  return verbs.map(({ words, ...verb }) => ({
    name: verb.name + mark,
    by: "an empty script",
    subject: inTurn(words.map((some) => deno(...grants, path, ...some))),
    reference: deno(empty),
    calls: 1,
    rounds: ROUNDS,
    target: way && verb[way],
    ...(clock && { clock }),
  }));
}

/** Ten neighbors on one device, 10,000 on the other; a file of two shapes. */
function fill(folder: string): [string, string] {
  using table = openNeighborTable();
  table.change(changesOf("create", 10));
  table.change(
    changesOf("create", 10_000, { from: 70_000 })
      .map((one) => ({ ...one, interfaceAlias: FULL })),
  );
  return [0, 1].map((shift) => {
    const pins = changesOf("set", 10, { shift }).map(({ verb: _, ...pin }) =>
      pin
    );
    const path = `${folder}/${shift}.json`;
    Deno.writeTextFileSync(path, JSON.stringify(pins));
    return path;
  }) as [string, string];
}

async function main(): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    const empty = `${folder}/empty.ts`;
    Deno.writeTextFileSync(empty, "");
    const isLinux = Deno.build.os === "linux";
    if (isLinux) makeDevice();
    const [one, other] = isLinux ? fill(folder) : ["", ""];
    const on = ["--interface", DEVICE];
    const [key, value] = ["10.1.0.1", "02-fc-00-00-00-05"];
    const full = ["--interface", FULL];
    // deno-fmt-ignore
    const verbs: Verb[] = [
      { name: "--version", source: 1.3, bundle: null, words: [["--version"]] },
      { name: "--help", source: 1.6, bundle: null, words: [["--help"]] },
      { name: "get", source: 2.4, bundle: 2, words: [["get", key, ...on]] },
      { name: "set", source: 2.4, bundle: 2, words: [["set", key, value, ...on]] },
      { name: "list of ten", source: 2.4, bundle: 2, words: [["list", ...on]] },
      { name: "list --json of 10,000", source: null, bundle: null, words: [["list", "--json", ...full]] },
      { name: "apply of ten", source: 3, bundle: null, words: [["apply", one], ["apply", other]] },
    ];
    const shown = isLinux ? verbs : verbs.slice(0, 2);
    const pairs = startPairs(shown, "source", {
      path: `${ROOT}/cli.ts`,
      mark: "",
      empty,
    });
    const bundled = await bundle(`${folder}/bundle`, false);
    if (bundled.code !== 0) console.error(bundled.message);
    else {
      const path = `${folder}/bundle/cli.js`;
      const mark = ", from the bundle";
      pairs.push(...startPairs(shown, "bundle", { path, mark, empty }));
    }
    const before = Deno.env.get("NEIGHBOR_BENCH_BEFORE");
    if (before !== undefined) {
      const path = `${before}/cli.ts`;
      pairs.push(...startPairs(shown, null, { path, mark: ", before", empty }));
    }
    console.log(
      isLinux
        ? `${machine()}, processor time:\n`
        : `Deno ${Deno.version.deno}, ${Deno.build.target}, by the clock:\n`,
    );
    for (const result of measure(pairs)) console.log(report(result));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

if (Deno.build.os === "linux") {
  await inNamespace(import.meta.url, main);
} else await main();
