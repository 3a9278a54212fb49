/**
 * The public types of interfaces, and how callers name one.
 *
 * @module
 */

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

/**
 * The three names an interface has, none of them demanded.
 */
export interface InterfaceNames {
  /** Windows `NET_LUID`: stays the same when an adapter is re-enabled. */
  readonly interfaceLuid?: bigint | string | null;
  /** The interface index: may change when an adapter is re-enabled. */
  readonly interfaceIndex?: number | null;
  /** The name people use: `"Ethernet"`, `"eth0"`. */
  readonly interfaceAlias?: string | null;
}

/**
 * What kind of link an interface has; `"other"` for what is not named here.
 */
export type InterfaceType =
  | "ethernet"
  | "wifi"
  | "loopback"
  | "ppp"
  | "tunnel"
  | "infiniband"
  | "other";

/**
 * One network interface.
 */
export interface NetworkInterface {
  /** The name people use: `"Ethernet"`, `"eth0"`. */
  readonly interfaceAlias: string;
  /** Linux: its alternative names, any of which names it too; empty on Windows. */
  readonly altNames: readonly string[];
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
