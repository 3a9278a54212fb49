/**
 * Expected tables of several devices, and the tables that `ip` lists.
 *
 * @module
 */

import { EntryList } from "../../../ffi/entry_list.ts";
import { assert, assertEquals } from "@std/assert";
import { parseEntry } from "../../../ffi/parse/entry.ts";
import type { Neighbor, NeighborEntry } from "../../../ffi/types/neighbor.ts";
import { ip } from "./network.ts";
import { pause } from "../pause.ts";

/** By device and address: link-layer address and state. */
export type Standing = Map<string, string>;

/** The key of a row in a {@linkcode Standing}. */
export function keyOn(device: string, address: string): string {
  return `${device} ${address}`;
}

/**
 * The table of these devices as `ip` tells it. Without what the kernel makes
 * itself, and without what found no answer: it removes such rows when it likes.
 */
export function standing(devices: readonly string[]): Standing {
  const rows: { dev: string; dst: string; lladdr?: string; state: string[] }[] =
    JSON.parse(ip("-j neigh show nud all"));
  return new Map(
    rows.filter(({ dev, lladdr }) =>
      devices.includes(dev) && lladdr !== undefined &&
      !/^(33:33|01:00:5e)/.test(lladdr)
    ).map(({ dev, dst, lladdr, state }) => [
      keyOn(dev, dst),
      `${lladdr} ${state[0]!.toLowerCase()}`,
    ]),
  );
}

/**
 * The same of large tables that are at rest: a dump loses rows where other
 * namespaces, whose rows are in the same hash table, remove theirs meanwhile.
 */
export function standingFully(devices: readonly string[]): Standing {
  const all = standing(devices);
  for (;;) {
    const { size } = all;
    for (const [key, words] of standing(devices)) all.set(key, words);
    if (all.size === size) return all;
  }
}

/** Asserts that the tables are as expected; a dump may omit a row. */
export async function assertStanding(
  devices: readonly string[],
  expected: Standing,
  message: string,
): Promise<void> {
  const sorted = (rows: Standing) => [...rows].toSorted();
  for (let tries = 1;; tries++) {
    const now = sorted(standing(devices));
    if (tries === 3) return assertEquals(now, sorted(expected), message);
    if (now.join() === sorted(expected).join()) return;
    await pause(20);
  }
}

/**
 * Runs many commands of `ip` in one process while this one goes on. The first
 * that fails is the last: whether none did.
 */
export async function ipBatch(lines: readonly string[]): Promise<boolean> {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, lines.map((line) => `${line}\n`).join(""));
    const ran = await new Deno.Command("ip", { args: ["-batch", file] })
      .output();
    return ran.success;
  } finally {
    await Deno.remove(file);
  }
}

/** Sets the tables of these devices to the expected rows. */
export async function seed(
  devices: readonly string[],
  rows: readonly Neighbor[],
): Promise<void> {
  const isDone = await ipBatch([
    ...devices.map((device) => `neigh flush dev ${device} nud all`),
    ...rows.map((row) => {
      const lladdr = row.linkLayerAddress === null
        ? ""
        : `lladdr ${row.linkLayerAddress}`;
      return `neigh replace ${row.address} ${lladdr} nud ${row.state} ` +
        `dev ${row.interfaceAlias}`;
    }),
  ]);
  assert(isDone, "ip did not make the tables");
}

/** The key and the link-layer address of an entry in canonical form. */
export function wantedBy(
  entry: NeighborEntry,
  nameOf: (index: number) => string,
): { key: string; device: string; linkLayerAddress: string } {
  const entries = new EntryList();
  parseEntry(entries, entry);
  const { index, alias } = entries.named(0);
  const device = index === 0 ? alias! : nameOf(index);
  return {
    key: keyOn(device, entries.address(0)),
    device,
    linkLayerAddress: entries.linkLayerAddress(0),
  };
}

/** Whether `prune` may remove a row. */
export function isPrunable(key: string, words: string): boolean {
  const [, address] = key.split(" ");
  return words.endsWith(" permanent") && !/^(239\.|ff)/.test(address!);
}
