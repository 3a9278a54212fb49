/**
 * The public types of entries: plain values, no buffers, the same on every
 * system.
 *
 * @module
 */

import type { InterfaceKey, InterfaceNames } from "./interface.ts";

/**
 * The address family of an entry.
 */
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
 * IP address text that names its interface too: `"fe80::1%Ethernet"`.
 *
 * @example Text built from a variable needs the type to be declared
 * ```ts
 * import type { ZonedAddress } from "@ipnet/neighbor";
 *
 * const zone = "Ethernet";
 * const address: ZonedAddress = `fe80::1%${zone}`;
 * console.log(address);
 * ```
 */
export type ZonedAddress = `${string}%${string}`;

/**
 * Names one entry: an address on an interface, such as
 * `{ address: "192.0.2.7", interfaceAlias: "Ethernet" }`. The zone of an IPv6
 * address may name the interface: `{ address: "fe80::1%Ethernet" }`.
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
 */
export type NeighborEntry = NeighborKey & {
  /**
   * 1 to 32 octets, as bytes or as hexadecimal text separated by `-`, `:`, `.`
   * or nothing: `02-fc-00-00-00-05`, `02fc.0000.0005`. With `:` an octet may
   * have one digit: `2:fc:0:0:0:5`.
   */
  readonly linkLayerAddress: string | Uint8Array;
  /**
   * Linux: the program that the entry belongs to, 1 to 255, by the numbers of
   * `/etc/iproute2/rt_protos`. Without it, or with `null`, a new entry has none
   * and a present one keeps its own. Windows: `NOT_SUPPORTED`.
   */
  readonly protocol?: number | null;
};

/**
 * The members that every row has.
 */
export interface NeighborRow {
  /** The IP address in the form of RFC 5952, without a zone. */
  readonly address: string;
  /** The address family of `address`. */
  readonly family: AddressFamily;
  /** The interface's index at the time of reading. */
  readonly interfaceIndex: number;
  /** The interface's LUID as `"0x"` and 16 digits; `null` on Linux. */
  readonly interfaceLuid: string | null;
  /** The interface's alias; `null` if the interface has gone since. */
  readonly interfaceAlias: string | null;
  /** The state as the system reports it. */
  readonly state: NeighborState;
  /** The neighbor is a router (RFC 4861, the R flag). */
  readonly isRouter: boolean;
  /** The neighbor is known to be unreachable. */
  readonly isUnreachable: boolean;
  /**
   * Milliseconds. Linux: since the neighbor was last confirmed, or since it
   * failed; `null` where that means nothing. Windows: `ReachabilityTime` as the
   * system gives it (`LastReachable`, or `LastUnreachable` where
   * `isUnreachable`).
   */
  readonly reachabilityTime: number | null;
  /**
   * Linux: what made the entry, as a number of `/etc/iproute2/rt_protos`;
   * `null` if not given. Absent on Windows.
   */
  readonly protocol?: number | null;
  /** Linux: the other flags of the entry. Absent on Windows. */
  readonly flags?: readonly NeighborFlag[];
}

/**
 * A flag of an entry of the Linux kernel, by its name in `ip neigh`. The router
 * flag is `isRouter`.
 *
 * - `proxy`: this computer answers for the address
 * - `extern_learn`: added by a control plane, not learnt by the kernel
 * - `offload`: programmed into the hardware of a switch
 * - `managed`: the kernel keeps it reachable
 * - `extern_valid`: a control plane keeps it valid; the kernel does not drop it
 */
export type NeighborFlag =
  | "proxy"
  | "extern_learn"
  | "offload"
  | "managed"
  | "extern_valid";

/**
 * One row of the neighbor table: a plain object that `JSON.stringify` keeps
 * whole. A row with a link-layer address can be passed to `setNeighbor`.
 *
 * @example Make rows permanent
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
 * Which rows to list: those that match every member. An empty filter matches
 * every row.
 */
export interface NeighborFilter extends InterfaceNames {
  /** Only this family. */
  readonly family?: AddressFamily;
  /** Only this state, or any of these. */
  readonly state?: NeighborState | readonly NeighborState[];
  /**
   * Only addresses in this subnet, or in any of these: CIDR notation without
   * host bits, `"192.0.2.0/24"`. An address without a length is that address.
   */
  readonly subnet?: string | readonly string[];
  /**
   * Only rows with this link-layer address, written as in an entry. With `:` or
   * `-` at the end, those whose address begins with these octets: `"02:fc:"`.
   */
  readonly linkLayerAddress?: string;
  /**
   * Linux: only rows of this protocol, 1 to 255, see the row's `protocol`. On
   * Windows, where no row has one, it is `NOT_SUPPORTED`.
   */
  readonly protocol?: number;
  /**
   * Linux: the proxy entries (`ip neigh show proxy`) instead of the neighbors.
   * The kernel keeps them in a table of their own. On Windows, which has none,
   * `true` is `NOT_SUPPORTED`.
   */
  readonly proxy?: boolean;
}
