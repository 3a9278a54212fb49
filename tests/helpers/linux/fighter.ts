/**
 * A worker that writes to one entry as somebody else would: in the same network
 * namespace, on a thread of its own.
 *
 * @module
 */

import { LinuxBackend } from "../../../ffi/linux/backend.ts";
import { SystemTable } from "../../../ffi/system_table.ts";
import type { NeighborEntry } from "../../../ffi/types/neighbor.ts";

/** What to write, and how long or how often. */
export type Fight =
  | {
    /** Writes these in turn as fast as possible; returns the number of writes. */
    readonly kind: "write";
    readonly entries: readonly NeighborEntry[];
    readonly milliseconds: number;
  }
  | {
    /**
     * Writes the entry, looks until it is back as `wanted`, waits; answers how
     * many milliseconds each took.
     */
    readonly kind: "measure";
    readonly entry: NeighborEntry;
    readonly wanted: string;
    readonly times: number;
    readonly pause: number;
  };

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Fight>) => void;
  postMessage(data: number | readonly number[] | "ready"): void;
};

const table = new SystemTable(() => new LinuxBackend());

function write(
  { entries, milliseconds }: Extract<Fight, { kind: "write" }>,
): number {
  const end = performance.now() + milliseconds;
  let count = 0;
  // The clock is read only every few writes
  while (count % 64 !== 0 || performance.now() < end) {
    table.change([{ ...entries[count++ % entries.length]!, verb: "replace" }]);
  }
  return count;
}

async function measure(
  { entry, wanted, times, pause }: Extract<Fight, { kind: "measure" }>,
): Promise<number[]> {
  const took: number[] = [];
  while (took.length < times) {
    await new Promise((go) => setTimeout(go, pause));
    const start = performance.now();
    table.set(entry);
    while (
      table.get(entry)?.linkLayerAddress !== wanted &&
      performance.now() - start < 30_000
    );
    took.push(performance.now() - start);
  }
  return took;
}

scope.onmessage = async ({ data }) => {
  scope.postMessage(data.kind === "write" ? write(data) : await measure(data));
};
scope.postMessage("ready");
