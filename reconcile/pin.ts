/**
 * Pins an entry until the end of a block, and then restores the former row.
 *
 * @module
 */

import type { Backend } from "../ffi/backend.ts";
import { bindOne, protocolError } from "../ffi/bind.ts";
import {
  CHANGED,
  CREATED,
  EntryList,
  NONE,
  PENDING,
  REPLACE,
  UNCHANGED,
} from "../ffi/entry_list.ts";
import { sharedTable } from "../ffi/open.ts";
import { parseEntry } from "../ffi/parse/entry.ts";
import { checkOptions } from "../ffi/parse/options.ts";
import { backendOf } from "../ffi/table_backend.ts";
import type { ReplaceResult } from "../ffi/types/change.ts";
import { withNote } from "../ffi/types/error.ts";
import type { Neighbor, NeighborEntry } from "../ffi/types/neighbor.ts";
import type { NeighborTable } from "../ffi/types/table.ts";
import { rollBack, type RollbackOutcome } from "./rollback.ts";
import { readRows } from "./rows.ts";

/**
 * Options of `pinNeighbor`.
 *
 * @example Pin in a table opened by the caller
 * ```ts no-eval
 * import { openNeighborTable, type PinOptions } from "@ipnet/neighbor";
 *
 * using table = openNeighborTable();
 * const options: PinOptions = { table };
 * console.log(options.table === table);
 * ```
 */
export interface PinOptions {
  /** The table to pin in; by default the shared one of this package. */
  readonly table?: NeighborTable;
}

/**
 * A pinned entry. Disposing of it, by `using` or by `unpin()`, restores what was
 * there before.
 *
 * @example Show the row before
 * ```ts no-eval
 * import { type NeighborPin, pinNeighbor } from "@ipnet/neighbor";
 *
 * using pin: NeighborPin = pinNeighbor({
 *   address: "192.0.2.7",
 *   linkLayerAddress: "02-fc-00-00-00-05",
 *   interfaceAlias: "Ethernet",
 * });
 * console.log(pin.result, pin.previous?.linkLayerAddress);
 * ```
 */
export interface NeighborPin extends Disposable {
  /** Whether the entry was created, changed, or in sync already. */
  readonly result: ReplaceResult;
  /** The row before; `null` where there was none. */
  readonly previous: Neighbor | null;
  /**
   * Removes an entry that was created, restores a row that was replaced, and
   * leaves alone an entry that another program has changed since. Later calls
   * return the first outcome; a call that threw can be repeated.
   *
   * @throws {NeighborError} The system's refusal, or `UNCONFIRMED`; `CLOSED`
   * where the table was closed before, which leaves the entry pinned.
   */
  unpin(): RollbackOutcome;
}

/**
 * Writes a permanent entry and undoes that at the end of the block: a created
 * entry is removed, a replaced row is restored as far as the system allows.
 * An entry that another program has changed since, or that was in sync before,
 * stays. Two pins of one entry must end in reverse order, as `using` does it. A
 * process that is killed leaves the entry.
 *
 * @param entry The address, the interface and the link-layer address.
 * @param options The table, where it is not the shared one.
 * @returns The pin; declare it with `using`.
 * @throws {NeighborError} As `replaceNeighbor` does. Nothing is changed then,
 * or the message says what is.
 *
 * @example Wake a host that is asleep and so does not answer ARP
 * ```ts no-eval
 * import { createSocket } from "node:dgram";
 * import { once } from "node:events";
 * import { pinNeighbor } from "@ipnet/neighbor";
 *
 * const host = {
 *   address: "192.0.2.7",
 *   linkLayerAddress: "02-fc-00-00-00-05",
 *   interfaceAlias: "Ethernet",
 * };
 * const octets = host.linkLayerAddress.split("-").map((octet) => `0x${octet}`);
 * const magic = [...Array(6).fill(0xff), ...Array(16).fill(octets).flat()];
 *
 * const socket = createSocket("udp4");
 * // Before the pin: without --allow-net there is none to put back
 * await once(socket.bind(), "listening");
 * {
 *   using _pin = pinNeighbor(host);
 *   await new Promise<void>((sent, failed) =>
 *     socket.send(
 *       Uint8Array.from(magic, Number),
 *       9,
 *       host.address,
 *       (error) => error ? failed(error) : sent(),
 *     )
 *   );
 * }
 * socket.close();
 * ```
 */
export function pinNeighbor(
  entry: NeighborEntry,
  options: PinOptions = {},
): NeighborPin {
  const { table } = checkOptions(options, { table: "table" });
  const entries = new EntryList();
  parseEntry(entries, entry);
  const backend = backendOf(table ?? sharedTable());
  const unsupported = protocolError(backend, entries, 0);
  if (unsupported !== undefined) throw unsupported;
  // Bound once: unpinning writes to this interface even if its name moves
  bindOne(backend, entries);
  backend.check(entries, 0);
  const before = readRows(backend, entries, [0]).get(0);
  entries.verbs[0] = REPLACE;
  backend.write(entries, 0, 1);
  const outcome = entries.outcomes[0]!;
  const result = RESULTS[outcome];
  if (result !== undefined) {
    const previous = outcome === CREATED
      ? undefined
      : entries.previous.get(0) ?? before;
    return new Pin(backend, entries, previous, result);
  }
  const refused = entries.errors.get(0)!;
  // A replace may be two calls, of which only the second was refused
  const { outcome: undone } = undo(backend, entries, before, true);
  throw UNDONE[undone] === undefined
    ? refused
    : withNote(refused, UNDONE[undone]!);
}

const RESULTS: Readonly<Record<number, ReplaceResult>> = {
  [CREATED]: "created",
  [CHANGED]: "changed",
  [UNCHANGED]: "unchanged",
};

const UNDONE: Readonly<Partial<Record<RollbackOutcome, string>>> = {
  forgotten: "what was there is gone, and will have to be learnt again",
  lost: "what was there could not be put back",
};

function undo(
  backend: Backend,
  entries: EntryList,
  previous: Neighbor | undefined,
  isRefused: boolean,
) {
  entries.verbs[0] = NONE;
  entries.outcomes[0] = PENDING;
  entries.errors.clear();
  const change = { position: 0, isRemoval: false, previous, isRefused };
  return rollBack(backend, entries, [change])[0]!;
}

class Pin implements NeighborPin {
  readonly #backend: Backend;
  readonly #entries: EntryList;
  readonly #previous: Neighbor | undefined;
  readonly result: ReplaceResult;
  #outcome: RollbackOutcome | undefined;

  constructor(
    backend: Backend,
    entries: EntryList,
    previous: Neighbor | undefined,
    result: ReplaceResult,
  ) {
    this.#backend = backend;
    this.#entries = entries;
    this.#previous = previous;
    this.result = result;
    // An entry that was in sync before was not written, so nothing is undone
    if (result === "unchanged") this.#outcome = "restored";
  }

  get previous(): Neighbor | null {
    return this.#previous ?? null;
  }

  unpin(): RollbackOutcome {
    if (this.#outcome !== undefined) return this.#outcome;
    const { outcome, error } = undo(
      this.#backend,
      this.#entries,
      this.#previous,
      false,
    );
    // Not stored, so that the call can be repeated
    if (outcome === "lost") throw error;
    return this.#outcome = outcome;
  }

  [Symbol.dispose](): void {
    this.unpin();
  }
}
