/**
 * Warns of an entry whose link-layer address is that of its own interface, so
 * that its packets would not leave this computer, or that of no station or of
 * every one.
 *
 * @module
 */

import type { ParsedInterface } from "../ffi/entry_list.ts";
import { NeighborError } from "../ffi/types/error.ts";
import type { NetworkInterface } from "../ffi/types/interface.ts";
import type { NeighborTable } from "../ffi/types/table.ts";
import { InterfaceLookup } from "../reconcile/interface_lookup.ts";

/** The link-layer addresses of this computer's interfaces. */
export class OwnAddresses {
  readonly #lookup: InterfaceLookup;
  readonly #byIndex: ReadonlyMap<number, NetworkInterface>;

  /** Indexes the interfaces. */
  constructor(interfaces: readonly NetworkInterface[]) {
    this.#lookup = new InterfaceLookup(interfaces, []);
    this.#byIndex = new Map(
      interfaces.map((one) => [one.interfaceIndex, one]),
    );
  }

  /** The warning for an entry; `undefined` where there is none. */
  warning(named: ParsedInterface, address: string): string | undefined {
    if (/^00(:00)*$/.test(address)) {
      return `${address} is the link-layer address of no station`;
    }
    if (/^ff(:ff)*$/.test(address)) {
      return `${address} is the broadcast address of the link: every station ` +
        "gets what is sent there";
    }
    const index = this.#lookup.find(named);
    const own = index === undefined ? undefined : this.#byIndex.get(index);
    if (own === undefined || own.linkLayerAddress !== address) return undefined;
    return `${address} is the link-layer address of ` +
      `${own.interfaceAlias} itself`;
  }
}

/** The warning for one entry; `undefined` where the interfaces cannot be read. */
export function ownAddressWarning(
  table: NeighborTable,
  named: ParsedInterface,
  address: string,
): string | undefined {
  try {
    const own = new OwnAddresses(table.listInterfaces());
    return own.warning(named, address);
  } catch (error) {
    // The write was done, so an optional warning must not fail
    if (error instanceof NeighborError) return undefined;
    throw error;
  }
}
