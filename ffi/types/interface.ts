/**
 * The public types of interfaces, and how callers name one.
 *
 * @module
 */

/**
 * Names one network interface by its LUID, index or alias. Where several are
 * given, the LUID decides, then the index, then the alias.
 *
 * A LUID has 64 bits, so it is a `bigint` or the `"0x…"` string of a row, never
 * a `number`. `null` means not given, so that a row can be passed as a key.
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
 * The three names of an interface, each optional.
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
 * The kind of link of an interface; `"other"` for all kinds not listed.
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
  /** Linux: alternative names, each of which names it too. Empty on Windows. */
  readonly altNames: readonly string[];
  /** The interface index. */
  readonly interfaceIndex: number;
  /** The LUID as `"0x"` and 16 digits; `null` on Linux. */
  readonly interfaceLuid: string | null;
  /** The interface's own link-layer address; `null` if it has none. */
  readonly linkLayerAddress: string | null;
  /** The kind of link. */
  readonly type: InterfaceType;
  /** The interface is operational. */
  readonly isUp: boolean;
}
