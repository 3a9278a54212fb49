/**
 * Warns of an entry that has the link-layer address of its own interface: what
 * is sent to it would never leave this computer.
 *
 * @module
 */

import type { ParsedInterface } from "../ffi/entry_list.ts";
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
  warning(named: ParsedInterface, address: string): string | undefined {
    const index = this.#lookup.find(named);
    const own = index === undefined ? undefined : this.#byIndex.get(index);
    if (own === undefined || own.linkLayerAddress !== address) return undefined;
    return `${address} is the link-layer address of ` +
      `${own.interfaceAlias} itself`;
  }
}

/** The same for one entry; nothing where the interfaces cannot be read. */
export function ownAddressWarning(
  table: NeighborTable,
  named: ParsedInterface,
  address: string,
): string | undefined {
  try {
    const own = new OwnAddresses(table.listInterfaces());
    return own.warning(named, address);
  } catch (error) {
    // A warning must not fail a write that was done
    if (error instanceof NeighborError) return undefined;
    throw error;
  }
}
