/**
 * What the tests of planning and applying draw from: few addresses and few
 * interfaces, so that pins and rows meet.
 *
 * @module
 */

import fc from "fast-check";
import type { NetworkInterface } from "../../ffi/types/interface.ts";
import type {
  Neighbor,
  NeighborEntry,
  NeighborState,
} from "../../ffi/types/neighbor.ts";
import { interfaceOf, rowOf } from "../helpers/fake_table.ts";

/** As Linux has them, without LUIDs, and as Windows has them. */
export const LINUX = [interfaceOf(2, "va"), interfaceOf(3, "vb")];
export const WINDOWS = [
  interfaceOf(12, "Ethernet", "0x0006008000000000"),
  interfaceOf(7, "Wi-Fi", "0x0047008001000000"),
];

/** An address, as it is written by rows and in some other way. */
const ADDRESSES: readonly (readonly [string, string])[] = [
  ["10.0.0.1", "10.0.0.1"],
  ["10.0.0.2", "10.0.0.2"],
  ["10.0.0.3", "10.0.0.3"],
  ["239.1.2.3", "239.1.2.3"],
  ["2001:db8::1", "2001:0DB8:0:0:0:0:0:1"],
  ["fe80::1", "fe80:0::0.0.0.1"],
  ["ff02::5", "FF02::5"],
];

const LINK_LAYER = fc.constantFrom(
  "02:fc:00:00:00:01",
  "02:fc:00:00:00:02",
  "02:fc:00:00:00:03",
);

const STATE = fc.constantFrom<NeighborState>(
  "permanent",
  "permanent",
  "permanent",
  "reachable",
  "stale",
  "noarp",
);

/** Rows on these interfaces, each address at most once an interface. */
export function rowsOn(
  interfaces: readonly NetworkInterface[],
): fc.Arbitrary<Neighbor[]> {
  const row = fc.record({
    on: fc.constantFrom(...interfaces),
    address: fc.constantFrom(...ADDRESSES),
    linkLayer: fc.option(LINK_LAYER, { freq: 8 }),
    state: STATE,
  }).map(({ on, address: [address], linkLayer, state }) =>
    linkLayer === null
      ? rowOf(on, address, null, "failed")
      : rowOf(on, address, linkLayer, state)
  );
  return fc.uniqueArray(row, {
    maxLength: 12,
    selector: (one) => `${one.interfaceIndex} ${one.address}`,
  });
}

/** Pins on these interfaces, each under one of its names and spellings. */
export function pinsOn(
  interfaces: readonly NetworkInterface[],
): fc.Arbitrary<NeighborEntry[]> {
  const pin = fc.record({
    on: fc.constantFrom(...interfaces),
    address: fc.constantFrom(...ADDRESSES),
    linkLayer: LINK_LAYER,
    isOdd: fc.boolean(),
    name: fc.constantFrom("alias", "index", "luid", "zone"),
  });
  return fc.uniqueArray(pin, {
    maxLength: 10,
    selector: ({ on, address }) => `${on.interfaceIndex} ${address[0]}`,
  }).map((pins) =>
    pins.map(({ on, address, linkLayer, isOdd, name }) => {
      const text = address[isOdd ? 1 : 0];
      const key = name === "zone" && text.includes(":")
        ? { address: `${text}%${on.interfaceAlias}` as const }
        : name === "luid" && on.interfaceLuid !== null
        ? { address: text, interfaceLuid: BigInt(on.interfaceLuid) }
        : name === "index"
        ? { address: text, interfaceIndex: on.interfaceIndex }
        : { address: text, interfaceAlias: on.interfaceAlias };
      return {
        ...key,
        linkLayerAddress: isOdd ? linkLayer.replaceAll(":", "-") : linkLayer,
      };
    })
  );
}
