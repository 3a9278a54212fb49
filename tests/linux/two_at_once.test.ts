import { assert, assertEquals } from "@std/assert";
import { applyNeighbors, type NeighborEntry } from "../../mod.ts";
import { pinsFile, TemporaryFile } from "../helpers/linux/applying.ts";
import { CLI } from "../helpers/linux/command.ts";
import { Guarding } from "../helpers/linux/guarding.ts";
import { addressOf, linkLayerOf } from "../helpers/linux/many.ts";
import { applied, pinsOn } from "../helpers/linux/moving.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";
import { words } from "../helpers/linux/process.ts";
import {
  assertAgrees,
  inWords,
  outcomes,
  snapshot,
} from "../helpers/linux/witness.ts";
import { pause } from "../helpers/pause.ts";

const COUNT = 3000;

/** `neighbor apply FILE` in a process of its own: its code and its answer. */
async function applyFile(
  pins: readonly NeighborEntry[],
  ...options: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  using file = new TemporaryFile(pinsFile(pins as never));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...words("--allow-ffi", `--allow-read=${file.path}`),
      ...[CLI, "apply", file.path, "--json", ...options],
    ],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** What `ip` has of these pins. */
function stand(pins: readonly NeighborEntry[], index: number): string[] {
  const { rows } = snapshot();
  return pins.map(({ address }) => inWords(rows.get(`${index} ${address}`)));
}

/** All of these pins are there. */
function assertStand(pins: readonly NeighborEntry[], index: number): void {
  const rows = stand(pins, index);
  const missing = wanted(pins).filter((words, i) => rows[i] !== words);
  assertEquals(missing.slice(0, 5), [], `${missing.length} are not there`);
}

function wanted(pins: readonly NeighborEntry[]): string[] {
  return pins.map((pin) => `${pin.linkLayerAddress} PERMANENT`);
}

networkTest(
  "two concurrent applies of different entries do not disturb each other",
  async ({ table, index }) => {
    const before = snapshot();
    const [one, other] = [pinsOn(DEVICE, COUNT), pinsOn(DEVICE, COUNT, COUNT)];
    const reports = await Promise.all([
      applyNeighbors(one, { table }),
      applyNeighbors(other, { table }),
    ]);
    assertEquals(reports.map(outcomes), Array(2).fill({ created: COUNT }));
    const entries = reports.flatMap((report) => report.entries);
    assertAgrees({ entries }, before);
    assertStand(one, index);
  },
);

networkTest(
  "two commands that apply different files concurrently do not disturb each other",
  async ({ index }) => {
    const [one, other] = [pinsOn(DEVICE, COUNT), pinsOn(DEVICE, COUNT, COUNT)];
    const ran = await Promise.all([applyFile(one), applyFile(other)]);
    for (const { code, stderr } of ran) assertEquals(code, 0, stderr);
    assertStand([...one, ...other], index);
  },
);

networkTest(
  "two commands that apply the same file concurrently both succeed",
  async ({ index }) => {
    const pins = pinsOn(DEVICE, COUNT);
    const ran = await Promise.all([applyFile(pins), applyFile(pins)]);
    for (const { code, stderr } of ran) assertEquals(code, 0, stderr);
    assertStand(pins, index);
  },
);

networkTest(
  "of two conflicting applies one wins each entry, and a refused one leaves none",
  async ({ index }) => {
    const one = pinsOn(DEVICE, COUNT);
    const other = one.map((pin, i) => ({
      ...pin,
      linkLayerAddress: linkLayerOf(100_000 + i),
    }));
    const ran = await Promise.all([applyFile(one), applyFile(other)]);
    const rows = stand(one, index);
    const [ones, others] = [wanted(one), wanted(other)];
    const counts = [ones, others].map((words) =>
      rows.filter((row, i) => row === words[i]).length
    );
    for (const [i, { code, stderr }] of ran.entries()) {
      if (code === 0) continue;
      // Which of its entries stay where is told, entry by entry
      const { error } = JSON.parse(stderr);
      assertEquals(error.entries.length, COUNT, stderr.slice(0, 200));
      error.entries.forEach(({ outcome }: { outcome: string }, at: number) => {
        const isTold = /restored|untouched/.test(outcome);
        const isOurs = rows[at] === [ones, others][i]![at];
        assert(!(isTold && isOurs), `${outcome}, yet ${rows[at]}`);
      });
    }
    if (ran.some(({ code }) => code === 0)) {
      // A rollback compares and removes in two calls, one entry at a time: what
      // the other wrote and read back in between is the one entry it may lose
      const lost = COUNT - counts[0]! - counts[1]!;
      const isRolledBack = ran.some(({ code }) => code !== 0);
      assert(lost >= 0 && lost <= (isRolledBack ? 1 : 0), `${counts}`);
    }
  },
);

networkTest(
  "a guard of other entries does not disturb an apply",
  async ({ table, index }) => {
    const guarded = pinsOn(DEVICE, 500);
    await using guarding = await Guarding.begin(guarded, { table });
    const before = snapshot();
    const pins = pinsOn(DEVICE, COUNT, 500);
    const { report } = await applied(pins, { table });
    assertEquals(outcomes(report), { created: COUNT });
    assertAgrees(report, before);
    await pause(100);
    assertEquals(guarding.said(), ["applied"]);
    assertStand(guarded, index);
  },
);

networkTest(
  "an apply that prunes a guarded entry: the guard creates it again",
  async ({ table, index }) => {
    const guarded = pinsOn(DEVICE, 500);
    await using guarding = await Guarding.begin(guarded, { table });
    const pins = pinsOn(DEVICE, 500, 500);
    const { code, stderr } = await applyFile(pins, "--prune");
    // It may find that what it removed is back: then that is told
    assert(code === 0 || /foreign|yet/.test(stderr), stderr.slice(0, 300));
    await guarding.until(
      () => stand(guarded, index).join() === wanted(guarded).join(),
      "all of the guard's are back",
    );
    const isApplied = stand(pins, index).join() === wanted(pins).join();
    assertEquals(isApplied, code === 0);
  },
);

networkTest(
  "an apply that conflicts with a guard: the guard wins, the apply reports what it read",
  async ({ table, index }) => {
    const guarded = pinsOn(DEVICE, 500);
    await using guarding = await Guarding.begin(guarded, { table });
    const theirs = guarded.map((pin, i) => ({
      ...pin,
      linkLayerAddress: linkLayerOf(100_000 + i),
    }));
    const others = pinsOn(DEVICE, 500, 500);
    const { code, stderr } = await applyFile([...theirs, ...others]);
    await guarding.until(
      () => stand(guarded, index).join() === wanted(guarded).join(),
      "the guard has its way",
    );
    // All or nothing: the entries nobody fights over tell which it was
    const stayed = stand(others, index).filter((row) => row !== "nothing");
    assertEquals(stayed.length, code === 0 ? 500 : 0, stderr.slice(0, 300));
  },
);

networkTest(
  "a change by an operator during an apply is not rolled back",
  async ({ table, index }) => {
    const pins = pinsOn(DEVICE, COUNT);
    const controller = new AbortController();
    const { signal } = controller;
    const theirs = "02:ee:00:00:00:07";
    let isDone = false;
    const { report } = await applied(pins, {
      table,
      signal,
      progress() {
        if (isDone) return;
        isDone = true;
        const on = `dev ${DEVICE}`;
        ip(
          `neigh replace ${addressOf(1)} lladdr ${theirs} nud permanent ${on}`,
        );
        controller.abort();
      },
    });
    assertEquals(report.entries[1]?.outcome, "foreign");
    const { restored, untouched, foreign } = outcomes(report);
    assertEquals([foreign, restored! + untouched!], [1, COUNT - 1]);
    assertEquals(
      stand(pins, index).filter((row) => row !== "nothing"),
      [`${theirs} PERMANENT`],
    );
  },
);
