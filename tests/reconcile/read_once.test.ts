import { assertEquals } from "@std/assert";
import {
  type Neighbor,
  type NetworkInterface,
  planNeighbors,
} from "../../mod.ts";
import { counted, fickle, notOnce } from "../helpers/counted.ts";

const OURS = "02:fc:00:00:00:05";
const D0: NetworkInterface & { altNames: readonly string[] } = {
  interfaceAlias: "d0",
  interfaceIndex: 7,
  interfaceLuid: null,
  linkLayerAddress: null,
  type: "ethernet",
  isUp: true,
  altNames: ["uplink", "wifi:0"],
};

function pin(address: string, interfaceAlias = "d0") {
  return { address, linkLayerAddress: OURS, interfaceAlias };
}

function row(address: string): Neighbor {
  return {
    address,
    family: "ipv4",
    interfaceIndex: 7,
    interfaceLuid: null,
    interfaceAlias: "d0",
    linkLayerAddress: OURS,
    state: "permanent",
    isRouter: false,
    isUnreachable: false,
    reachabilityTime: null,
  };
}

Deno.test("the counting helper counts reads of a member", () => {
  const { object, taken } = counted(pin("192.0.2.7"));
  assertEquals(object.address + object.address, "192.0.2.7192.0.2.7");
  assertEquals(notOnce(pin("192.0.2.7"), taken()), [
    ...["address: 2", "interfaceAlias: 0", "linkLayerAddress: 0"],
  ]);
  const changing = fickle(pin("192.0.2.7"), pin("192.0.2.8"));
  assertEquals([changing.address, changing.address, changing.address], [
    ...["192.0.2.7", "192.0.2.8", "192.0.2.8"],
  ]);
});

Deno.test("planNeighbors() reads each member of an entry once", () => {
  const given = [pin("192.0.2.7"), pin("192.0.2.8", "uplink")];
  const all = given.map(counted);
  planNeighbors(all.map(({ object }) => object), [row("192.0.2.7")], {
    interfaces: [D0],
    prune: true,
  });
  const counts = all.map(({ taken }, i) => notOnce(given[i]!, taken()));
  assertEquals(counts, [[], []]);
});

Deno.test("planNeighbors() knows interfaces by their alternative names", () => {
  const pins = [pin("192.0.2.7", "uplink"), pin("192.0.2.8", "wifi:0")];
  const rows = [7, 8, 9].map((i) => row(`192.0.2.${i}`));
  const plan = planNeighbors(pins, rows, { interfaces: [D0], prune: true });
  assertEquals(plan, {
    create: [],
    change: [],
    unchanged: pins.map((entry, i) => ({ entry, current: rows[i]! })),
    remove: [rows[2]!],
  });
});
