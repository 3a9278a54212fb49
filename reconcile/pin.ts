/**
 * An entry for as long as it is needed: pinned, and put back as it was.
 *
 * @module
 */

import type { NeighborChange, ReplaceResult } from "../ffi/types/change.ts";
import { withNote } from "../ffi/types/error.ts";
import { InterfaceLookup } from "./interface_lookup.ts";
import type { Neighbor, NeighborEntry } from "../ffi/types/neighbor.ts";
import { sharedTable } from "../ffi/open.ts";
import { checkOptions } from "../ffi/parse/options.ts";
import { type Desired, readOne } from "./desired.ts";
import { type Made, putBack, type RollbackOutcome } from "./rollback.ts";
import { keyOf } from "./row_key.ts";
import type { NeighborTable } from "../ffi/types/table.ts";

/**
 * Where to pin.
 *
 * @example In a table of one's own
 * ```ts no-eval
 * import { openNeighborTable, type PinOptions } from "@ipnet/neighbor";
 *
 * using table = openNeighborTable();
 * const options: PinOptions = { table };
 * console.log(options.table === table);
 * ```
 */
export interface PinOptions {
  /** The table to pin in; the shared one of this package without it. */
  readonly table?: NeighborTable;
}

/**
 * A pinned entry. At its end, by `using` or by `unpin()`, it goes back to what
 * it was.
 *
 * @example What was there before
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
  /** What had to be done. */
  readonly result: ReplaceResult;
  /** The entry as it stood before; `null` for none. */
  readonly previous: Neighbor | null;
  /**
   * Puts back what was changed: removes what was created, restores what was
   * replaced, and leaves alone what somebody else has changed since. Once:
   * later calls answer the same.
   *
   * @throws {NeighborError} What the system refuses it with.
   */
  unpin(): RollbackOutcome;
}

/**
 * Makes an entry so, permanent, until the end of the block. What it created is
 * removed then, and what it replaced is restored as far as the system allows,
 * unless somebody else has changed it since; an entry that was so before stays.
 * Of two pins of one entry the one made last is to end first, as blocks do. A
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
  checkOptions(options, { table: "table" });
  const one = readOne(entry);
  const { linkLayerAddress } = one;
  const table = options.table ?? sharedTable();
  const previous = table.get(entry);
  // An alias may mean another interface by the end: what it is now does not
  const key = previous === undefined ? keyOn(table, one) : keyOf(previous);
  const change = { ...key, linkLayerAddress, verb: "replace" };
  const [done] = table.change([change as NeighborChange]);
  if (done!.outcome === "done") {
    const made = { key, one, previous: done!.previous };
    return new Pin(table, made, done!.result as ReplaceResult);
  }
  // A replace may be two calls, of which the first was taken
  const undone = putBack(table, { key, one, previous, isRefused: true });
  throw UNDONE[undone.outcome] === undefined
    ? done!.error
    : withNote(done!.error, UNDONE[undone.outcome]!);
}

const UNDONE: Readonly<Partial<Record<RollbackOutcome, string>>> = {
  forgotten: "what was there is gone, and will have to be learnt again",
  lost: "what was there could not be put back",
};

/** The key of an entry that is not there yet, by its interface as it is now. */
function keyOn(table: NeighborTable, { entry, parsed, address }: Desired) {
  const interfaces = table.listInterfaces();
  const index = new InterfaceLookup(interfaces, []).of(parsed.interface);
  const found = interfaces.find((one) => one.interfaceIndex === index);
  // An alternative name is in no list
  if (found === undefined) return entry;
  const { interfaceIndex, interfaceLuid } = found;
  return { address, interfaceIndex, interfaceLuid };
}

class Pin implements NeighborPin {
  readonly #table: NeighborTable;
  readonly #made: Made;
  readonly result: ReplaceResult;
  #outcome: RollbackOutcome | undefined;

  constructor(table: NeighborTable, made: Made, result: ReplaceResult) {
    this.#table = table;
    this.#made = made;
    this.result = result;
    // What was so before is nobody's to put back
    if (result === "unchanged") this.#outcome = "restored";
  }

  get previous(): Neighbor | null {
    return this.#made.previous ?? null;
  }

  unpin(): RollbackOutcome {
    if (this.#outcome !== undefined) return this.#outcome;
    const { outcome, error } = putBack(this.#table, this.#made);
    // Not remembered: it can be tried again
    if (outcome === "lost") throw error;
    return this.#outcome = outcome;
  }

  [Symbol.dispose](): void {
    this.unpin();
  }
}
