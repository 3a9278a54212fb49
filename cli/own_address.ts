/**
 * Warns of an entry that has the link-layer address of its own interface: what
 * is sent to it would never leave this computer.
 *
 * @module
 */

import type { ParsedEntry } from "../ffi/parse/entry.ts";
import { formatLinkLayerAddress } from "../ffi/parse/link_layer_address.ts";
import { NeighborError } from "../ffi/types/error.ts";
import type { NetworkInterface } from "../ffi/types/interface.ts";
import type { NeighborTable } from "../ffi/types/table.ts";
import { InterfaceLookup } from "../reconcile/interface_lookup.ts";

/** The interfaces of this computer, to compare entries with. */
export class OwnAddresses {
  readonly #lookup: InterfaceLookup;
  readonly #byIndex: ReadonlyMap<number, NetworkInterface>;

  /** Takes the interfaces as they were read. */
  constructor(interfaces: readonly NetworkInterface[]) {
    this.#lookup = new InterfaceLookup(interfaces, []);
    this.#byIndex = new Map(
      interfaces.map((one) => [one.interfaceIndex, one]),
    );
  }

  /** What to say of an entry; `undefined` where there is nothing. */
  warning(entry: ParsedEntry): string | undefined {
    const own = this.#byIndex.get(this.#lookup.of(entry.interface));
    if (own === undefined || own.linkLayerAddress === null) return undefined;
    const address = formatLinkLayerAddress(entry.linkLayerAddress);
    if (own.linkLayerAddress !== address) return undefined;
    return `${address} is the link-layer address of ` +
      `${own.interfaceAlias} itself`;
  }
}

/** The same for one entry; nothing where the interfaces cannot be read. */
export function ownAddressWarning(
  table: NeighborTable,
  entry: ParsedEntry,
): string | undefined {
  try {
    return new OwnAddresses(table.listInterfaces()).warning(entry);
  } catch (error) {
    // A warning must not fail a write that was done
    if (error instanceof NeighborError) return undefined;
    throw error;
  }
}
