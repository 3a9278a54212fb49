import { assertEquals } from "@std/assert";
import { RowCache, rowKey } from "../../ffi/watch/row_cache.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";

const ROW: Neighbor = {
  address: "192.0.2.7",
  family: "ipv4",
  interfaceIndex: 12,
  interfaceLuid: null,
  interfaceAlias: "eth0",
  linkLayerAddress: "02:fc:00:00:00:05",
  state: "permanent",
  isRouter: false,
  isUnreachable: false,
  reachabilityTime: null,
  protocol: null,
  flags: [],
};

const every = () => true;

Deno.test("RowCache reports a row once, as initial if it was there at the start", () => {
  const known = new RowCache(every);
  assertEquals(known.update(ROW, true), {
    type: "added",
    neighbor: ROW,
    previous: null,
    initial: true,
  });
  assertEquals(known.update({ ...ROW }), undefined);
  assertEquals(known.remove(ROW), {
    type: "removed",
    neighbor: null,
    previous: ROW,
  });
  assertEquals(known.remove(ROW), undefined);
  const again = known.update(ROW);
  assertEquals(again?.type === "added" && again.initial, false);
});

for (
  const change of [
    { linkLayerAddress: "02:fc:00:00:00:06" },
    { linkLayerAddress: null },
    { state: "stale" },
    { isRouter: true },
    { isUnreachable: true },
    { interfaceAlias: "lan0" },
    { protocol: 17 },
    { flags: ["managed"] },
  ] as const
) {
  Deno.test(`RowCache reports ${JSON.stringify(change)} as a change`, () => {
    const known = new RowCache(every);
    known.update(ROW);
    const neighbor = { ...ROW, ...change } as Neighbor;
    assertEquals(known.update(neighbor), {
      type: "changed",
      neighbor,
      previous: ROW,
    });
  });
}

Deno.test("RowCache does not report a new reachability time alone", () => {
  const known = new RowCache(every);
  known.update(ROW);
  const older = { ...ROW, reachabilityTime: 5000 };
  assertEquals(known.update(older), undefined);
  // But the next event has the latest time
  assertEquals(known.remove(ROW)?.previous, older);
});

Deno.test("RowCache reports a row that leaves the filter as removed, one that enters it as added", () => {
  const known = new RowCache((row) => row.state === "permanent");
  const stale: Neighbor = { ...ROW, state: "stale" };
  assertEquals(known.update(stale), undefined);
  assertEquals(known.update(ROW)?.type, "added");
  assertEquals(known.update(stale), {
    type: "removed",
    neighbor: null,
    previous: ROW,
  });
  assertEquals(known.remove(stale), undefined);
});

Deno.test("rowKey() keeps interfaces apart, by LUID where there is one", () => {
  const names = [
    { interfaceIndex: 1, interfaceLuid: null },
    { interfaceIndex: 11, interfaceLuid: null },
    { interfaceIndex: 1, interfaceLuid: "0x0006008000000000" },
    { interfaceIndex: 1, interfaceLuid: "0x0006008000000001" },
  ].map((one) => rowKey({ address: "192.0.2.1", ...one }));
  assertEquals(new Set(names).size, 4);
  // An adapter that is re-enabled has another index and is the same
  const luid = "0x0006008000000000";
  assertEquals(
    rowKey({ address: "::1", interfaceIndex: 3, interfaceLuid: luid }),
    rowKey({ address: "::1", interfaceIndex: 9, interfaceLuid: luid }),
  );
});
