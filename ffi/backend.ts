/**
 * The seam between what every system shares and what each does its own way.
 * Windows, Linux, a caller's own table and the tests' fake implement it; what
 * they are given is parsed, and bound to an interface.
 *
 * @module
 */

import type { BoundInterface } from "./bound_interface.ts";
import type { EntryList, ParsedInterface, WriteVerb } from "./entry_list.ts";
import type { RowVisitor } from "./raw_row.ts";
import type { NeighborError } from "./types/error.ts";
import type { NetworkInterface } from "./types/interface.ts";
import type { AddressFamily, Neighbor } from "./types/neighbor.ts";
import type { OpenSource, ParsedWatch } from "./watch/iterator.ts";

/** Which rows to hand out. */
export interface ScanFilter {
  readonly family: AddressFamily;
  /** Only those of this interface; `null` for all. */
  readonly on: BoundInterface | null;
  /** The proxy entries instead of the neighbors. */
  readonly proxy: boolean;
  /** Whether a row may be handed out twice, which costs less. */
  readonly mayRepeat: boolean;
  /** What the caller gave, for errors. */
  readonly given: unknown;
}

/** What asking the wire takes. */
export interface ResolveRequest {
  /** The address to ask from: 4 or 16 octets; `null` lets the system choose. */
  readonly source: Uint8Array | null;
  /** Milliseconds after which it is given up. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

/** What entries are read and written through. */
export interface Backend {
  /**
   * Whether a scan lacks no row. Windows copies its table at once; a Linux dump
   * may lose rows while the kernel's hash table grows, so there a row that seems
   * to be absent is looked up before it is called so.
   */
  readonly isSnapshot: boolean;
  /**
   * Looks interfaces up, now: for each what it means, or why it cannot be had
   * (`INTERFACE_NOT_FOUND`; `INVALID_PARAMETER` where its names contradict each
   * other). `given` is what the caller gave, for errors.
   */
  bind(
    names: readonly ParsedInterface[],
    given: unknown,
  ): (BoundInterface | NeighborError)[];
  /**
   * Reads a bound interface anew, by what the system keys by: its rules may have
   * changed. Throws `INTERFACE_NOT_FOUND` where it is gone.
   */
  refresh(on: BoundInterface): BoundInterface;
  /** Refuses an entry that breaks a rule of its interface. */
  check(entries: EntryList, position: number): void;
  /** One entry; `undefined` where there is none. */
  read(entries: EntryList, position: number): Neighbor | undefined;
  /** Hands out the rows of a family. */
  scan(filter: ScanFilter, visitor: RowVisitor): void;
  /**
   * Makes the writes that are pending from `from` up to `to`, in order, and goes
   * on after one that is refused. The outcomes go into the list. A replace is
   * compared with the table. Where `confirm`, creates and sets are too if the
   * system may take an address and store another; who leaves it out compares
   * them by itself.
   */
  write(
    entries: EntryList,
    from: number,
    to: number,
    confirm?: boolean,
  ): void;
  /** Writes a row as it was read, as near as the system lets us. */
  restore(row: Neighbor, on: BoundInterface): void;
}

/** A system's own backend: with what only its table needs. */
export interface SystemBackend extends Backend {
  /**
   * Looks up an interface for a single call, at the least cost: to read by
   * nothing but what the system keys by, to write by what the rules need too.
   */
  target(
    named: ParsedInterface,
    given: unknown,
    isWrite: boolean,
  ): BoundInterface;
  /** All interfaces, with every name. */
  interfaces(): NetworkInterface[];
  /** The call that a verb begins with where that row stands. */
  operation(verb: WriteVerb, current: Neighbor | undefined): string;
  /** The link-layer broadcast address of a row's interface, or `null`. */
  broadcast(interfaceIndex: number): string | null;
  /** Empties a family, on one interface or all; false where no call does. */
  flush(
    family: AddressFamily,
    on: BoundInterface | null,
    given: unknown,
  ): boolean;
  /** Asks the wire. */
  resolve(
    entries: EntryList,
    position: number,
    request: ResolveRequest,
  ): Promise<Neighbor>;
  /** Opens a watch; `interfacesChanged` is called when one may have changed. */
  watch(options: ParsedWatch, interfacesChanged: () => void): OpenSource;
  /** Lets go of the system's library, once what is under way has settled. */
  close(): void;
}
