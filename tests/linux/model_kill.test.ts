import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { SystemTable } from "../../ffi/system_table.ts";
import {
  begun,
  type FilePin,
  filePin,
  pinsFile,
  TemporaryFile,
} from "../helpers/linux/applying.ts";
import { OURS, Pair, THEIRS } from "../helpers/linux/guarding.ts";
import { addressOf, linkLayerOf } from "../helpers/linux/many.ts";
import {
  ipBatch,
  keyOn,
  type Standing,
  standingFully,
} from "../helpers/linux/model.ts";
import { DEVICE, networkTest } from "../helpers/linux/network.ts";
import { pause } from "../helpers/pause.ts";

const DEVICES = [DEVICE, "vx"] as const;
const COUNT = 10_000;

/** How an application is killed, and what it was to do. */
interface Kill {
  /** Milliseconds from the first change that is seen on. */
  readonly delay: number;
  /** It was putting everything back by then. */
  readonly isInterrupted: boolean;
  readonly prune: boolean;
  /** Of the pins' addresses every so many-th had another entry before. */
  readonly step: number;
}

const KILL: fc.Arbitrary<Kill> = fc.record({
  delay: fc.nat(120),
  isInterrupted: fc.boolean(),
  prune: fc.boolean(),
  step: fc.integer({ min: 2, max: 7 }),
});

const PINS: readonly FilePin[] = Array.from(
  { length: COUNT },
  (_, i) => filePin(addressOf(i), linkLayerOf(i)),
);

/** What is there before: some pins, some others in their place, strangers. */
function before(step: number): Standing {
  const rows: Standing = new Map();
  for (const [i, { address, linkLayerAddress }] of PINS.entries()) {
    // The first is to be created: so it is seen when it begins
    const rest = i % step;
    if (i === 0 || rest > 1) continue;
    const key = keyOn(DEVICE, address);
    if (rest === 1) rows.set(key, `${linkLayerAddress} permanent`);
    // Few that are dynamic: the kernel clears them away at some hundreds
    else rows.set(key, `${THEIRS} ${i < 300 ? "stale" : "permanent"}`);
  }
  for (let i = 0; i < 300; i++) {
    rows.set(keyOn(DEVICE, addressOf(0x20000 + i)), `${OURS} permanent`);
    rows.set(keyOn("vx", addressOf(i)), `${THEIRS} permanent`);
  }
  rows.set(keyOn(DEVICE, "10.0.0.9"), `${THEIRS} stale`);
  rows.set(keyOn(DEVICE, "239.1.2.3"), `${OURS} permanent`);
  return rows;
}

/** What is to be there in the end. */
function after(rows: Standing, prune: boolean): Standing {
  const end: Standing = new Map(rows);
  for (const [key, words] of prune ? rows : []) {
    const isStranger = key.startsWith(`${DEVICE} `) &&
      words.endsWith("permanent") && !key.includes("239.");
    if (isStranger) end.delete(key);
  }
  for (const { address, linkLayerAddress } of PINS) {
    end.set(keyOn(DEVICE, address), `${linkLayerAddress} permanent`);
  }
  return end;
}

/** Each row is as it was or as it shall be; how many are not unchanged. */
function countLeft(now: Standing, was: Standing, shall: Standing): number {
  let left = 0;
  for (const key of new Set([...was.keys(), ...shall.keys(), ...now.keys()])) {
    const words = now.get(key);
    if (words === shall.get(key)) continue;
    assertEquals(words, was.get(key), key);
    left++;
  }
  return left;
}

/** Kills one application and lets another end; whether the first was halfway. */
async function killed(
  table: SystemTable,
  { delay, isInterrupted, prune, step }: Kill,
): Promise<boolean> {
  const was = before(step);
  const isDone = await ipBatch([
    ...DEVICES.map((device) => `neigh flush dev ${device} nud all`),
    ...[...was].map(([key, words]) => {
      const [device, address] = key.split(" ");
      const [lladdr, nud] = words.split(" ");
      return `neigh add ${address} lladdr ${lladdr} nud ${nud} dev ${device}`;
    }),
  ]);
  assert(isDone, "ip did not make the table");
  const shall = after(was, prune);
  using file = new TemporaryFile(pinsFile(PINS));
  const options = prune ? ["--prune"] : [];
  const first = { address: addressOf(0), interfaceAlias: DEVICE };
  const isBegun = () => table.get(first) !== undefined;
  const child = await begun(file.path, isBegun, ...options);
  if (isInterrupted) child.kill("SIGINT");
  await pause(delay);
  try {
    child.kill("SIGKILL");
  } catch {
    // It was done already
  }
  await child.output();
  const left = countLeft(standingFully(DEVICES), was, shall);
  const again = await begun(file.path, () => true, ...options);
  const { code, stderr } = await again.output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  assertEquals(countLeft(standingFully(DEVICES), shall, shall), 0);
  return left > 0 && left < countLeft(was, was, shall);
}

networkTest(
  "killed at any moment and applied again: the desired entries, no other change",
  async ({ table }) => {
    using _ = new Pair("vx");
    let halfway = 0;
    await fc.assert(
      fc.asyncProperty(KILL, async (kill) => {
        if (await killed(table, kill)) halfway++;
      }),
      {
        numRuns: 5,
        // It takes a second each: to shrink would take minutes
        endOnFailure: true,
        examples: [
          [{ delay: 0, isInterrupted: false, prune: true, step: 3 }],
          [{ delay: 20, isInterrupted: true, prune: false, step: 2 }],
        ],
      },
    );
    console.log(`${halfway} of 5 were killed halfway`);
    assert(halfway > 0, "none was killed in the middle of it");
  },
);
