/**
 * The public types of entries: plain English, no buffers, the same on every
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
 * @example Built from a variable, it wants to be told
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
 * Names one entry: an address on an interface.
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
   * 1 to 32 octets, as bytes or as hexadecimal text with `-`, `:`, `.` or
   * nothing between: `02-fc-00-00-00-05`, `02fc.0000.0005`. With `:` an octet
   * may have one digit: `2:fc:0:0:0:5`.
   */
  readonly linkLayerAddress: string | Uint8Array;
};

/**
 * The members every row has.
 */
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
