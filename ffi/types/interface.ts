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
 *
 * @example Each of the three
 * ```ts
 * import type { InterfaceKey } from "@ipnet/neighbor";
 *
 * const keys: InterfaceKey[] = [
 *   { interfaceLuid: 0x0006_008000_000000n },
 *   { interfaceIndex: 12 },
 *   { interfaceAlias: "Ethernet" },
 * ];
 * console.log(keys.length);
 * ```
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
 *
 * @example None given, as in a filter that means every interface
 * ```ts
 * import type { InterfaceNames } from "@ipnet/neighbor";
 *
 * const every: InterfaceNames = {};
 * console.log(Object.keys(every).length);
 * ```
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
 *
 * @example Those that ask by ARP and neighbor discovery
 * ```ts
 * import type { InterfaceType } from "@ipnet/neighbor";
 *
 * const asking: InterfaceType[] = ["ethernet", "wifi", "infiniband"];
 * console.log(asking.length);
 * ```
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
 *
 * @example The adapters that are up
 * ```ts
 * import type { NetworkInterface } from "@ipnet/neighbor";
 *
 * function names(interfaces: readonly NetworkInterface[]): string[] {
 *   return interfaces.filter((one) => one.isUp)
 *     .map((one) => one.interfaceAlias);
 * }
 * console.log(names([]));
 * ```
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
