/**
 * The public types: plain English, no buffers, the same on every system.
 *
 * @module
 */

import type { NeighborError } from "./error.ts";

/** The address family of an entry. */
export type AddressFamily = "ipv4" | "ipv6";

/**
 * The reachability state of a neighbor, RFC 4861 section 7.3.2.
 *
 * Both systems know `incomplete`, `reachable`, `stale`, `delay`, `probe` and
 * `permanent`. Windows adds `unreachable` (`NlnsUnreachable`); Linux adds
 * `none`, `noarp` and `failed` (`NUD_*`).
 */
export type NeighborState =
  | "unreachable"
  | "incomplete"
  | "probe"
  | "delay"
  | "stale"
  | "reachable"
  | "permanent"
  | "none"
  | "noarp"
  | "failed";

/**
 * Names one network interface, by at least one of three. Where several are
 * given the LUID decides, then the index, then the alias, as iphlpapi has it.
 *
 * A LUID is a 64-bit number, so it is a `bigint` or the `"0x…"` string that
 * rows carry, never a `number`. `null` means not given, so that a row can be
 * given back.
 */
export type InterfaceKey =
  | (InterfaceNames & {
    readonly interfaceLuid: bigint | string;
  })
  | (InterfaceNames & {
    readonly interfaceIndex: number;
  })
  | (InterfaceNames & {
    readonly interfaceAlias: string;
  });

/** The three names an interface has, none of them demanded. */
export interface InterfaceNames {
  /** Windows `NET_LUID`: stays the same when an adapter is re-enabled. */
  readonly interfaceLuid?: bigint | string | null;
  /** The interface index: changes when an adapter is re-enabled. */
  readonly interfaceIndex?: number | null;
  /** The name people use: `"Ethernet"`, `"eth0"`. */
  readonly interfaceAlias?: string | null;
}

/** IP address text that names its interface too: `"fe80::1%Ethernet"`. */
export type ZonedAddress = `${string}%${string}`;

/**
 * Names one entry: an address on an interface.
 *
 * @example By alias, by index, by zone
 * ```ts
 * import type { NeighborKey } from "@ipnet/neighbor";
 *
 * const keys: NeighborKey[] = [
 *   { address: "192.0.2.7", interfaceAlias: "Ethernet" },
 *   { address: "2001:db8::7", interfaceIndex: 12 },
 *   { address: "fe80::1%Ethernet" },
 * ];
 * console.log(keys.length);
 * ```
 */
export type NeighborKey =
  | ({
    /** IPv4 or IPv6 text. An IPv6 zone must agree with the interface. */
    readonly address: string;
  } & InterfaceKey)
  | ({
    /** IPv6 text whose zone names the interface. */
    readonly address: ZonedAddress;
  } & InterfaceNames);

/**
 * An entry to write.
 *
 * @example An entry with its address as text
 * ```ts
 * import type { NeighborEntry } from "@ipnet/neighbor";
 *
 * const entry: NeighborEntry = {
 *   address: "192.0.2.7",
 *   linkLayerAddress: "02-fc-00-00-00-05",
 *   interfaceAlias: "Ethernet",
 * };
 * console.log(entry.address);
 * ```
 */
export type NeighborEntry = NeighborKey & {
  /**
   * 1 to 32 octets, as bytes or as hexadecimal text with `-`, `:`, `.` or
   * nothing between: `02-fc-00-00-00-05`, `02fc.0000.0005`.
   */
  readonly linkLayerAddress: string | Uint8Array;
};

/** The members every row has. */
export interface NeighborRow {
  /** IP address as RFC 5952 writes it, without a zone. */
  readonly address: string;
  /** The address family of `address`. */
  readonly family: AddressFamily;
  /** The interface's index at the time of reading. */
  readonly interfaceIndex: number;
  /** The interface's LUID as `"0x"` and 16 digits; `null` on Linux. */
  readonly interfaceLuid: string | null;
  /** The interface's alias; `null` if it was gone before it could be asked. */
  readonly interfaceAlias: string | null;
  /** The state as the system reports it. */
  readonly state: NeighborState;
  /** The neighbor is a router (RFC 4861, the R flag). */
  readonly isRouter: boolean;
  /** The neighbor is known to be unreachable. */
  readonly isUnreachable: boolean;
  /**
   * Milliseconds since the neighbor was last known to be reachable, or, where
   * `isUnreachable`, unreachable; `null` where the system does not say.
   */
  readonly reachabilityTime: number | null;
  /**
   * Linux: who made the entry, as a number of `/etc/iproute2/rt_protos`; `null`
   * where nobody said so. Absent on Windows.
   */
  readonly protocol?: number | null;
  /** Linux: what else the kernel says of the entry. Absent on Windows. */
  readonly flags?: readonly NeighborFlag[];
}

/**
 * What the Linux kernel says of an entry, in the words of `ip neigh`; the
 * router flag is `isRouter`.
 *
 * - `proxy`: this computer answers for the address
 * - `extern_learn`: learnt by a control plane, not by the kernel
 * - `offload`: in the hardware of a switch
 * - `managed`: kept reachable by the kernel itself
 * - `extern_valid`: never dropped as long as a control plane vouches for it
 */
export type NeighborFlag =
  | "proxy"
  | "extern_learn"
  | "offload"
  | "managed"
  | "extern_valid";

/**
 * One row of the neighbor table: a plain object that survives
 * `JSON.stringify`. One with a link-layer address can be given back to
 * `setNeighbor`.
 *
 * @example Give a row back
 * ```ts no-eval
 * import { listNeighbors, setNeighbor } from "@ipnet/neighbor";
 *
 * for (const row of listNeighbors({ state: "stale" })) {
 *   if (row.linkLayerAddress !== null) setNeighbor(row);
 * }
 * ```
 */
export type Neighbor =
  | (NeighborRow & {
    /** Lower case with colons: `"02:fc:00:00:00:05"`. */
    readonly linkLayerAddress: string;
  })
  | (NeighborRow & {
    /** The row has no link-layer address. */
    readonly linkLayerAddress: null;
  });

/**
 * Which rows to list. Every member narrows; an empty filter is every row.
 *
 * @example Permanent IPv4 entries of one subnet
 * ```ts
 * import type { NeighborFilter } from "@ipnet/neighbor";
 *
 * const filter: NeighborFilter = {
 *   family: "ipv4",
 *   state: ["permanent", "reachable"],
 *   subnet: "192.0.2.0/24",
 * };
 * console.log(filter.subnet);
 * ```
 */
export interface NeighborFilter extends InterfaceNames {
  /** Only this family. */
  readonly family?: AddressFamily;
  /** Only this state, or any of these. */
  readonly state?: NeighborState | readonly NeighborState[];
  /** Only addresses in this subnet, in CIDR notation without host bits. */
  readonly subnet?: string;
  /**
   * Linux: the proxy entries (`ip neigh show proxy`), which are in a list of
   * their own, instead of the neighbors. Windows has none.
   */
  readonly proxy?: boolean;
}

/** What kind of link an interface has; `"other"` for what is not named here. */
export type InterfaceType =
  | "ethernet"
  | "wifi"
  | "loopback"
  | "ppp"
  | "tunnel"
  | "infiniband"
  | "other";

/** One network interface. */
export interface NetworkInterface {
  /** The name people use: `"Ethernet"`, `"eth0"`. */
  readonly interfaceAlias: string;
  /** The interface index. */
  readonly interfaceIndex: number;
  /** The LUID as `"0x"` and 16 digits; `null` on Linux. */
  readonly interfaceLuid: string | null;
  /** The interface's own link-layer address; `null` if it has none. */
  readonly linkLayerAddress: string | null;
  /** What kind of link it has. */
  readonly type: InterfaceType;
  /** The interface is operational. */
  readonly isUp: boolean;
}

/** What a write would do, found out by reading only. */
export interface Preview {
  /** The call that would be made, such as `"SetIpNetEntry2"`. */
  readonly operation: string;
  /** The entry as it stands now. */
  readonly current: Neighbor | undefined;
}

/**
 * An open neighbor table: the functions of this package as methods.
 *
 * @example Close it when the block ends
 * ```ts no-eval
 * import { openNeighborTable } from "@ipnet/neighbor";
 *
 * using table = openNeighborTable();
 * console.table(table.list({ family: "ipv4" }));
 * ```
 */
export interface NeighborTable extends Disposable {
  /** See {@linkcode setNeighbor}. */
  set(entry: NeighborEntry): void;
  /** See {@linkcode createNeighbor}. */
  create(entry: NeighborEntry): void;
  /** See {@linkcode deleteNeighbor}. */
  delete(key: NeighborKey): void;
  /** See {@linkcode getNeighbor}. */
  get(key: NeighborKey): Neighbor | undefined;
  /** See {@linkcode listNeighbors}. */
  list(filter?: NeighborFilter): Neighbor[];
  /** See {@linkcode listInterfaces}. */
  listInterfaces(): NetworkInterface[];
  /**
   * Checks a write as the write itself would, reads the entry, writes
   * nothing. Throws what the write is known to throw: the rules of the entry,
   * `NOT_FOUND` and `ALREADY_EXISTS`. Privileges are not tried.
   */
  preview(verb: "set" | "create", entry: NeighborEntry): Preview;
  /** The same for a delete. */
  preview(verb: "delete", key: NeighborKey): Preview;
  /** Unloads the system's library. Further calls throw. */
  close(): void;
}

/**
 * Which rows to remove. Every member narrows; whatever it says, rows of
 * multicast and broadcast addresses stay.
 *
 * @example The entries that did not answer
 * ```ts
 * import type { FlushFilter } from "@ipnet/neighbor";
 *
 * const filter: FlushFilter = { interfaceAlias: "eth0", state: "failed" };
 * console.log(filter.state);
 * ```
 */
export interface FlushFilter extends NeighborFilter {
  /** Removes permanent entries too. */
  readonly permanent?: boolean;
}

/** How to resolve a neighbor. */
export interface ResolveOptions {
  /** Stops waiting; what it is aborted with is what the promise rejects with. */
  readonly signal?: AbortSignal;
  /** Windows: the address to ask from. Linux picks one itself: `NOT_SUPPORTED`. */
  readonly sourceAddress?: string;
}

/** What {@linkcode NeighborVerbs.replace} found and did. */
export type Replacement = "created" | "changed" | "unchanged";

/**
 * One change of a batch.
 *
 * @example Pin one entry, remove another
 * ```ts
 * import type { NeighborChange } from "@ipnet/neighbor";
 *
 * const changes: NeighborChange[] = [
 *   {
 *     verb: "replace",
 *     address: "192.0.2.7",
 *     linkLayerAddress: "02-fc-00-00-00-05",
 *     interfaceAlias: "eth0",
 *   },
 *   { verb: "delete", address: "192.0.2.9", interfaceAlias: "eth0" },
 * ];
 * console.log(changes.length);
 * ```
 */
export type NeighborChange =
  | (NeighborEntry & {
    /** As `setNeighbor`, `createNeighbor` and `replaceNeighbor` do. */
    readonly verb: "set" | "add" | "replace";
  })
  | (NeighborKey & {
    /** As `deleteNeighbor` does. */
    readonly verb: "delete";
  });

/** What became of one change of a batch. */
export type ChangeResult =
  | {
    /** The system did it. */
    readonly outcome: "done";
    /** What it did. */
    readonly result: "set" | "deleted" | Replacement;
  }
  | {
    /**
     * Refused by a rule or by the system, which changed nothing; or, for a
     * `replace`, the table disagreed when read back.
     */
    readonly outcome: "refused";
    /** Why. */
    readonly error: NeighborError;
  }
  | {
    /** The system's answer was lost: it may be done or not. */
    readonly outcome: "unknown";
    /** What was lost. */
    readonly error: NeighborError;
  };

/** The verbs of {@linkcode NeighborTable} that are more than one call. */
export interface NeighborVerbs {
  /**
   * Makes an entry so, permanent, whatever was there: `"changed"` also where
   * only the state was another. Reads back and throws if the table disagrees.
   */
  replace(entry: NeighborEntry): Replacement;
  /**
   * Removes rows and answers with those it removed. Permanent ones only with
   * `permanent: true`, those of state `noarp` only where `state` names it,
   * multicast and broadcast rows never.
   */
  flush(filter: FlushFilter): Neighbor[];
  /**
   * Asks the wire who has an address. An entry that is permanent, needs no
   * asking or is reachable is the answer already. Rejects with `UNREACHABLE`
   * where nobody answers.
   */
  resolve(key: NeighborKey, options?: ResolveOptions): Promise<Neighbor>;
  /** Makes many changes: one result each, in order. Goes on after a refusal. */
  change(changes: readonly NeighborChange[]): ChangeResult[];
}
