/**
 * The interface between the code that all systems share and the code of each.
 * Windows, Linux, a caller's own table and the tests' fake implement it. The
 * entries they get are parsed, and bound to interfaces.
 *
 * @module
 */

import type { BoundInterface } from "./bound_interface.ts";
import type { EntryList, ParsedInterface, WriteVerb } from "./entry_list.ts";
import type { RawRow, RowVisitor } from "./raw_row.ts";
import type { NeighborError } from "./types/error.ts";
import type { NetworkInterface } from "./types/interface.ts";
import type { AddressFamily, Neighbor } from "./types/neighbor.ts";
import type { ParsedWatch } from "./parse/watch.ts";
import type { OpenSource } from "./watch/iterator.ts";

/** Which rows a scan visits. */
export interface ScanFilter {
  readonly family: AddressFamily;
  /** Only those of this interface; `null` for all. */
  readonly on: BoundInterface | null;
  /** The proxy entries instead of the neighbors. */
  readonly proxy: boolean;
  /** Whether a row may be visited twice, which is cheaper. */
  readonly mayRepeat: boolean;
  /** What the caller passed, for errors. */
  readonly given: unknown;
}

/** How to ask the network. */
export interface ResolveRequest {
  /**
   * The IP address to ask from, 4 or 16 octets; `null` lets the system choose.
   */
  readonly source: Uint8Array | null;
  /** Milliseconds after which it ends with `TIMEOUT`. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

/** Where packets go for which there is no other route. */
export interface DefaultGateway {
  /** That of the route; the address may be of the other one. */
  readonly family: AddressFamily;
  /** `null` where the route names an interface only. */
  readonly address: string | null;
  /** 0 where the route names none. */
  readonly interfaceIndex: number;
  readonly interfaceAlias: string | null;
}

/** How full a table of the system is. */
export interface TableLimits {
  readonly family: AddressFamily;
  /** The entries that the system counts, which may be more than it lists. */
  readonly entries: number;
  /** Linux: `gc_thresh1`, `gc_thresh2`, `gc_thresh3`. */
  readonly thresholds: readonly [number, number, number];
}

/** Reads and writes the entries of one table. */
export interface Backend {
  /**
   * Whether a scan is complete. Windows copies its table at once. A Linux dump
   * may miss rows while the kernel's hash table grows, so a row that a dump
   * lacks has to be looked up before it counts as absent.
   */
  readonly isSnapshot: boolean;
  /** Whether an entry can have a protocol. */
  readonly hasProtocols: boolean;
  /** Whether there are proxy entries. */
  readonly hasProxies: boolean;
  /**
   * Looks interfaces up. The result has for each the interface, or the error:
   * `INTERFACE_NOT_FOUND`, or `INVALID_PARAMETER` where its names contradict
   * each other. `given` is what the caller passed, for errors.
   */
  bind(
    names: readonly ParsedInterface[],
    given: unknown,
  ): (BoundInterface | NeighborError)[];
  /**
   * Reads a bound interface again by its key, because its rules may have
   * changed. Throws `INTERFACE_NOT_FOUND` where it is gone.
   */
  refresh(on: BoundInterface): BoundInterface;
  /** Refuses an entry that breaks a rule of its interface. */
  check(entries: EntryList, position: number): void;
  /** One entry; `undefined` where there is none. */
  read(entries: EntryList, position: number): Neighbor | undefined;
  /** Visits the rows of one family. */
  scan(filter: ScanFilter, visitor: RowVisitor): void;
  /**
   * Makes the pending writes from position `from` up to `to`, in order. A write
   * that is refused does not stop the rest. The outcomes go into the list. The
   * result of a replace is always compared with the table. With `confirm` those
   * of creates and sets are too, if the system may accept an address and store
   * another; without it the caller has to compare them.
   */
  write(
    entries: EntryList,
    from: number,
    to: number,
    confirm?: boolean,
  ): void;
  /** Writes a row as it was read, as far as the system allows it. */
  restore(row: Neighbor, on: BoundInterface): void;
}

/**
 * The backend of an operating system, with what only a table of its own needs.
 */
export interface SystemBackend extends Backend {
  /**
   * Looks up an interface for a single call as cheaply as possible. A read
   * needs only the key; a write also needs what the rules of the interface
   * depend on.
   */
  target(
    named: ParsedInterface,
    given: unknown,
    isWrite: boolean,
  ): BoundInterface;
  /**
   * Yields the rows of one family that match, decoded as they are asked for.
   * What it holds is released when it returns.
   */
  stream(
    filter: ScanFilter,
    matches: (row: RawRow) => boolean,
  ): Generator<Neighbor, undefined>;
  /** All interfaces, with every name. */
  interfaces(): NetworkInterface[];
  /** The call that a verb begins with, given the row that is there now. */
  operation(verb: WriteVerb, current: Neighbor | undefined): string;
  /** The link-layer broadcast address of a row's interface, or `null`. */
  broadcast(interfaceIndex: number): string | null;
  /**
   * Removes all rows of a family, on one interface or all. Returns false where
   * the system has no such call.
   */
  flush(
    family: AddressFamily,
    on: BoundInterface | null,
    given: unknown,
  ): boolean;
  /** Asks the network for the link-layer address of an entry. */
  resolve(
    entries: EntryList,
    position: number,
    request: ResolveRequest,
  ): Promise<Neighbor>;
  /**
   * Opens a watch; `interfacesChanged` is called when one may have changed, and
   * with `withRoutes` also when a default route may have.
   */
  watch(
    options: ParsedWatch,
    interfacesChanged: () => void,
    withRoutes: boolean,
  ): OpenSource;
  /** The default gateways; on Windows those of each interface. */
  gateways(): DefaultGateway[];
  /** How full the tables are; none where the system does not tell. */
  limits(): TableLimits[];
  /**
   * Unloads the system's library once pending calls have settled. Every later
   * call is refused with `CLOSED`; a second `close` does nothing.
   */
  close(): void;
}
