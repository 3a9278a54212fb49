/**
 * A caller's own {@linkcode NeighborTable} as a {@linkcode Backend}, so that
 * `reconcile/` works with any table.
 *
 * @module
 */

import type { Backend, ScanFilter } from "./backend.ts";
import type { BoundInterface, InterfaceId } from "./bound_interface.ts";
import type { RawRow, RowVisitor } from "./raw_row.ts";
import {
  CHANGED,
  CREATED,
  DELETED,
  describeInterface,
  type EntryList,
  NONE,
  type ParsedInterface,
  PENDING,
  REFUSED,
  UNCHANGED,
  UNKNOWN,
  VERBS,
} from "./entry_list.ts";
import { parseAddressInto } from "./parse/address.ts";
import { parseLinkLayerAddressInto } from "./parse/link_layer_address.ts";
import { interfaceIdOf } from "./parse/row.ts";
import { SystemTable } from "./system_table.ts";
import type { ChangeResult, NeighborChange } from "./types/change.ts";
import { NeighborError } from "./types/error.ts";
import type { NetworkInterface } from "./types/interface.ts";
import type { Neighbor, NeighborKey, NeighborState } from "./types/neighbor.ts";
import type { NeighborTable } from "./types/table.ts";

/** The backend of a table: its own, or one over its methods. */
export function backendOf(table: NeighborTable): Backend {
  return table instanceof SystemTable
    ? table.backend()
    : new TableBackend(table);
}

/** {@linkcode Backend} over the methods of a table. */
export class TableBackend implements Backend {
  readonly #table: NeighborTable;
  /** Whether a caller's `list` is complete is not known. */
  readonly isSnapshot = false;
  /** Whether the caller's table keeps it, reading back shows. */
  readonly hasProtocols = true;
  readonly hasProxies = true;

  /** Wraps a caller's table. */
  constructor(table: NeighborTable) {
    this.#table = table;
  }

  bind(
    names: readonly ParsedInterface[],
    given: unknown,
  ): (BoundInterface | NeighborError)[] {
    const interfaces = this.#table.listInterfaces();
    return names.map((named) => {
      const one = interfaces.find((one) => matchesName(named, one));
      if (one !== undefined) return boundTo(one);
      const what = `Cannot find ${describeInterface(named)}`;
      return new NeighborError(
        "INTERFACE_NOT_FOUND",
        `${what}: the table lists no such interface`,
        { entry: given },
      );
    });
  }

  /** Nothing to read: `check` asks the table each time. */
  refresh(on: BoundInterface): BoundInterface {
    return on;
  }

  check(entries: EntryList, position: number): void {
    const verb = VERBS[entries.verbs[position]!]!;
    if (verb === "delete") return;
    try {
      this.#table.preview("replace", entryOf(entries, position));
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      // Other errors are left to the write itself
      if (error.code === "INVALID_PARAMETER") throw error;
    }
  }

  read(entries: EntryList, position: number): Neighbor | undefined {
    return this.#table.get(neighborKey(entries, position));
  }

  scan({ family, on, proxy }: ScanFilter, visitor: RowVisitor): void {
    visitor.begin();
    const rows = this.#table.list({
      family,
      ...(on !== null && namesOf(on)),
      ...(proxy && { proxy }),
    });
    const raw = new TableRow();
    for (const row of rows) {
      raw.read(row);
      visitor.row(raw);
    }
  }

  write(entries: EntryList, from: number, to: number): void {
    const positions: number[] = [];
    for (let i = from; i < to; i++) {
      const isPending = entries.outcomes[i] === PENDING;
      if (isPending && entries.verbs[i] !== NONE) positions.push(i);
    }
    if (positions.length === 0) return;
    const results = this.#table.change(
      positions.map((position) => changeOf(entries, position)),
    );
    positions.forEach((position, i) => settle(entries, position, results[i]!));
  }

  restore(row: Neighbor): void {
    this.#table.restore(row);
  }
}

/** Compares by LUID, else by index, else by alias or alternative name. */
function matchesName(
  { luid, index, alias }: ParsedInterface,
  one: NetworkInterface,
): boolean {
  if (luid !== 0n) {
    return one.interfaceLuid !== null && BigInt(one.interfaceLuid) === luid;
  }
  if (index !== 0) return one.interfaceIndex === index;
  return one.interfaceAlias === alias ||
    (one.altNames ?? []).includes(alias ?? "");
}

function boundTo(one: NetworkInterface): BoundInterface {
  const { interfaceIndex: index, interfaceLuid } = one;
  const luid = interfaceLuid === null ? 0n : BigInt(interfaceLuid);
  return { key: interfaceIdOf(one), index, luid };
}

function namesOf({ index, luid }: BoundInterface) {
  return {
    interfaceIndex: index,
    ...(luid !== 0n && { interfaceLuid: luid }),
  };
}

function neighborKey(entries: EntryList, position: number): NeighborKey {
  return {
    address: entries.address(position),
    ...namesOf(entries.on(position)),
  };
}

function entryOf(entries: EntryList, position: number) {
  const linkLayerAddress = entries.linkLayerAddress(position);
  const protocol = entries.protocols[position]!;
  return {
    ...neighborKey(entries, position),
    linkLayerAddress,
    ...(protocol !== 0 && { protocol }),
  };
}

function changeOf(entries: EntryList, position: number): NeighborChange {
  const verb = VERBS[entries.verbs[position]!]!;
  return verb === "delete"
    ? { ...neighborKey(entries, position), verb }
    : { ...entryOf(entries, position), verb };
}

const OUTCOMES = {
  created: CREATED,
  changed: CHANGED,
  unchanged: UNCHANGED,
  deleted: DELETED,
} as const;

function settle(
  entries: EntryList,
  position: number,
  result: ChangeResult,
): void {
  if (result.outcome === "done") {
    entries.outcomes[position] = OUTCOMES[result.result];
    const { previous } = result;
    if (previous !== undefined) entries.previous.set(position, previous);
  } else {
    const outcome = result.outcome === "refused" ? REFUSED : UNKNOWN;
    entries.fail(position, result.error, outcome);
  }
}

/** A row of a list with its addresses as octets: 16, then 32. */
export class TableRow implements RawRow {
  readonly octets = new Uint8Array(48);
  readonly addressStart = 0;
  addressEnd = 0;
  readonly linkLayerStart = 16;
  linkLayerEnd = 16;
  #row: Neighbor | undefined;

  read(row: Neighbor): void {
    this.#row = row;
    this.addressEnd = parseAddressInto(row.address, this.octets, 0);
    const { linkLayerAddress } = row;
    this.linkLayerEnd = 16 +
      (linkLayerAddress === null
        ? 0
        : parseLinkLayerAddressInto(linkLayerAddress, this.octets, 16));
  }

  get interfaceKey(): InterfaceId {
    return interfaceIdOf(this.#row!);
  }

  get state(): NeighborState {
    return this.#row!.state;
  }

  get protocol(): number {
    return this.#row!.protocol ?? 0;
  }

  get isProxy(): boolean {
    return this.#row!.flags?.includes("proxy") ?? false;
  }

  neighbor(): Neighbor {
    return this.#row!;
  }
}
