import { assertEquals } from "@std/assert";
import type { DefaultGateway } from "../../ffi/backend.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import type { NeighborEvent } from "../../ffi/types/watch.ts";
import { type Finding, Stations } from "../../reconcile/stations.ts";
import { interfaceOf, rowOf } from "../helpers/fake_table.ts";

const ETH0 = interfaceOf(2, "eth0");
const ETH1 = interfaceOf(3, "eth1");
const [A, B, C] = [
  "02:fc:00:00:00:0a",
  "02:fc:00:00:00:0b",
  "02:fc:00:00:00:0c",
];

function row(address: string, mac: string | null, on = ETH0): Neighbor {
  return rowOf(on, address, mac, mac === null ? "failed" : "reachable");
}

function added(neighbor: Neighbor): NeighborEvent {
  return { type: "added", neighbor, previous: null, initial: false };
}

function changed(previous: Neighbor, neighbor: Neighbor): NeighborEvent {
  return { type: "changed", neighbor, previous };
}

function removed(previous: Neighbor): NeighborEvent {
  return { type: "removed", neighbor: null, previous };
}

function gateway(
  address: string | null,
  interfaceIndex = 2,
  family: "ipv4" | "ipv6" = "ipv4",
): DefaultGateway {
  return { family, address, interfaceIndex, interfaceAlias: "eth0" };
}

/** The findings in short. */
function short(findings: readonly Finding[]): string[] {
  const last = (mac: string | null) => mac?.slice(-2) ?? "-";
  return findings.map((one) => {
    switch (one.type) {
      case "shared":
        return `shared ${last(one.linkLayerAddress)} ${one.count}`;
      case "gateway": {
        const of = (list: readonly DefaultGateway[]) =>
          list.map(({ address }) => address).join();
        return `gateway ${one.family} ${of(one.gateways)} was ${
          of(one.previous)
        }`;
      }
      case "full":
        return `full ${one.stations}`;
      default:
        return `${one.type} ${one.address} ${last(one.linkLayerAddress)} was ` +
          last(one.previous) + (one.isGateway ? " gateway" : "");
    }
  });
}

/** Passes events in order; the findings of all of them. */
function run(stations: Stations, ...events: NeighborEvent[]): string[] {
  return short(events.flatMap((event) => stations.update(event)));
}

Deno.test("a new station, a changed one, and one that is back", () => {
  const stations = new Stations([]);
  const [a, b, c] = [A, B, C].map((mac) => row("192.0.2.7", mac!));
  assertEquals(run(stations, added(a!)), ["new 192.0.2.7 0a was -"]);
  assertEquals(run(stations, changed(a!, { ...a!, state: "stale" })), []);
  assertEquals(run(stations, changed(a!, b!)), ["changed 192.0.2.7 0b was 0a"]);
  assertEquals(run(stations, changed(b!, a!)), [
    "flip-flop 192.0.2.7 0a was 0b",
  ]);
  assertEquals(run(stations, changed(a!, c!)), ["changed 192.0.2.7 0c was 0a"]);
  // Not only back to the one before
  assertEquals(run(stations, changed(c!, b!)), [
    "flip-flop 192.0.2.7 0b was 0c",
  ]);
});

Deno.test("a station that went is known when it comes again", () => {
  const stations = new Stations([]);
  const [a, b] = [row("192.0.2.7", A!), row("192.0.2.7", B!)];
  stations.learn(a);
  assertEquals(run(stations, removed(a), added(a)), []);
  assertEquals(run(stations, changed(a, row("192.0.2.7", null))), []);
  assertEquals(run(stations, removed(row("192.0.2.7", null)), added(b)), [
    "changed 192.0.2.7 0b was 0a",
  ]);
});

Deno.test("what is known at the start is no finding, what differs from it is", () => {
  const stations = new Stations([]);
  stations.learn(row("192.0.2.7", A!));
  stations.learnEarlier(row("192.0.2.8", B!));
  assertEquals(run(stations, added(row("192.0.2.7", A!))), []);
  assertEquals(
    run(stations, added(row("192.0.2.8", C!)), added(row("192.0.2.9", null))),
    ["changed 192.0.2.8 0c was 0b"],
  );
  // The same address on another interface is another station
  assertEquals(run(stations, added(row("192.0.2.7", A!, ETH1))), [
    "new 192.0.2.7 0a was -",
  ]);
});

Deno.test("groups and rows without an address are no stations", () => {
  const none = [
    row("224.0.0.1", "01:00:5e:00:00:01"),
    row("192.0.2.255", "ff:ff:ff:ff:ff:ff"),
    row("ff02::1", "33:33:00:00:00:01"),
    row("127.0.0.1", "00:00:00:00:00:00"),
    row("192.0.2.9", null),
  ];
  assertEquals(run(new Stations([]), ...none.map(added)), []);
  const learnt = new Stations([], 1);
  for (const one of none) learnt.learn(one);
  assertEquals(run(learnt, ...none.map(added)), []);
});

Deno.test("a link-layer address on many addresses is told as often as the number doubles", () => {
  const stations = new Stations([]);
  const rows = Array.from({ length: 9 }, (_, i) => row(`192.0.2.${i}`, A!));
  const found = run(stations, ...rows.map(added))
    .filter((one) => one.startsWith("shared"));
  assertEquals(found, ["shared 0a 2", "shared 0a 4", "shared 0a 8"]);
  // On another interface, and of another family, it is counted apart
  assertEquals(
    run(stations, added(row("192.0.2.1", A!, ETH1)), added(row("fe80::1", A!))),
    ["new 192.0.2.1 0a was -", "new fe80::1 0a was -"],
  );
});

Deno.test("an IPv6 host has several addresses: told from 16 on", () => {
  const rows = Array.from({ length: 17 }, (_, i) => row(`fe80::${i + 1}`, A!));
  const found = new Stations([]);
  const shared = rows.map(added).flatMap((one) => found.update(one))
    .filter((one) => one.type === "shared");
  assertEquals(short(shared), ["shared 0a 16"]);
  const { addresses } = shared[0]!;
  assertEquals([addresses.length, addresses.at(-1)], [8, "fe80::16"]);
});

Deno.test("only present addresses share: a host that moved does not", () => {
  const stations = new Stations([]);
  const [old, next] = [row("192.0.2.7", A!), row("192.0.2.8", A!)];
  stations.learn(old);
  assertEquals(run(stations, removed(old), added(next)), [
    "new 192.0.2.8 0a was -",
  ]);
  assertEquals(
    run(stations, changed(next, { ...next, linkLayerAddress: B! }), added(old)),
    ["changed 192.0.2.8 0b was 0a"],
  );
});

Deno.test("sharing that was known is told only when it has doubled", () => {
  const stations = new Stations([]);
  stations.learnEarlier(row("192.0.2.1", A!));
  stations.learnEarlier(row("192.0.2.2", A!));
  const rows = [1, 2, 3, 4].map((i) => row(`192.0.2.${i}`, A!));
  assertEquals(run(stations, ...rows.slice(0, 3).map(added)), [
    "new 192.0.2.3 0a was -",
  ]);
  assertEquals(run(stations, added(rows[3]!)), [
    "new 192.0.2.4 0a was -",
    "shared 0a 4",
  ]);
});

Deno.test("an interface that is renamed keeps its stations", () => {
  const stations = new Stations([]);
  const rows = ["192.0.2.1", "192.0.2.2"].map((one) => row(one, A!));
  for (const one of rows) stations.learn(one);
  const renamed = rows.map((one) => ({ ...one, interfaceAlias: "lan0" }));
  assertEquals(
    run(stations, ...rows.map((one, i) => changed(one, renamed[i]!))),
    [],
  );
  assertEquals(
    run(
      stations,
      changed(renamed[0]!, { ...renamed[0]!, linkLayerAddress: B! }),
    ),
    ["changed 192.0.2.1 0b was 0a"],
  );
});

Deno.test("a finding says whether the address is a default gateway", () => {
  const stations = new Stations([gateway("192.0.2.1")]);
  assertEquals(
    run(
      stations,
      added(row("192.0.2.1", A!)),
      added(row("192.0.2.1", B!, ETH1)),
    ),
    ["new 192.0.2.1 0a was - gateway", "new 192.0.2.1 0b was -"],
  );
});

Deno.test("another default gateway is told once for its family", () => {
  const [one, two] = [gateway("192.0.2.1"), gateway("192.0.2.9")];
  const six = gateway("fe80::1", 2, "ipv6");
  const stations = new Stations([one, six]);
  const set = (...now: DefaultGateway[]) => short(stations.updateGateways(now));
  assertEquals(set(six, one), []);
  assertEquals(set(two, six), ["gateway ipv4 192.0.2.9 was 192.0.2.1"]);
  assertEquals(set(two, one, six), [
    "gateway ipv4 192.0.2.9,192.0.2.1 was 192.0.2.9",
  ]);
  assertEquals(set(one, two, six), []);
  assertEquals(set(), [
    "gateway ipv4  was 192.0.2.1,192.0.2.9",
    "gateway ipv6  was fe80::1",
  ]);
  assertEquals(set(gateway(null)), ["gateway ipv4  was "]);
  assertEquals(run(stations, added(row("192.0.2.1", A!))), [
    "new 192.0.2.1 0a was -",
  ]);
});

Deno.test("the stations that were not seen for longest are forgotten, which is told once", () => {
  const stations = new Stations([], 2);
  const rows = [A, B, C].map((mac, i) => row(`192.0.2.${i}`, mac!));
  assertEquals(run(stations, ...rows.slice(0, 2).map(added)).length, 2);
  // Seen again, so the other one is forgotten
  assertEquals(run(stations, changed(rows[0]!, rows[0]!)), []);
  assertEquals(run(stations, added(rows[2]!)), [
    "new 192.0.2.2 0c was -",
    "full 2",
  ]);
  assertEquals(run(stations, removed(rows[1]!), added(rows[1]!)), [
    "new 192.0.2.1 0b was -",
  ]);
});

Deno.test("twice as many stations fit as are known from the start", () => {
  const stations = new Stations([], 1);
  for (let i = 0; i < 4; i++) stations.learn(row(`192.0.2.${i}`, `02:${i}0`));
  const more = (i: number) => added(row(`192.0.2.${i}`, `02:${i}0`));
  for (let i = 4; i < 8; i++) assertEquals(run(stations, more(i)).length, 1);
  assertEquals(run(stations, more(8)).at(-1), "full 8");
});

Deno.test("a flood of addresses and of link-layer addresses takes bounded memory", () => {
  const stations = new Stations([], 100);
  const sizes: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const mac = `02:fc:00:${
      (i + 0x1000000).toString(16).slice(1).replace(/..(?=.)/g, "$&:")
    }`;
    const one = row(`10.${i >> 16}.${i >> 8 & 255}.${i & 255}`, mac);
    const again = row("10.255.0.1", mac);
    stations.update(added(one));
    stations.update(added(again));
    stations.update(removed(one));
    stations.update(removed(again));
    if (i % 5_000 === 0) sizes.push(stations.size);
  }
  assertEquals(sizes.slice(1), [100, 100, 100]);
});
