import { assertEquals, assertThrows } from "@std/assert";
import type { FlushFilter } from "../../ffi/types/change.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { parseFlush } from "../../ffi/parse/flush.ts";
import { interfaceOf, rowOf } from "../helpers/fake_table.ts";

Deno.test("parseFlush() refuses a member that is undefined: it would widen the flush", () => {
  for (
    const member of [
      ...["interfaceAlias", "state", "subnet", "permanent"],
      ...["linkLayerAddress", "protocol"],
    ]
  ) {
    const filter = { family: "ipv4", [member]: undefined };
    const error = assertThrows(
      () => parseFlush(filter as unknown as FlushFilter),
      NeighborError,
      `member ${member} is undefined`,
    );
    assertEquals([error.code, error.status], ["INVALID_PARAMETER", null]);
  }
});

const ON = interfaceOf(12, "Ethernet");

/** Which of the rows a flush may remove, by address and state. */
function gone(filter: FlushFilter, broadcast: string | null = null): string[] {
  const { keepReason } = parseFlush(filter);
  return ROWS.filter((row) => keepReason(row, broadcast) === undefined)
    .map(({ address, state }) => `${address} ${state}`);
}

const OURS = "02:fc:00:00:00:05";
const ROWS = [
  rowOf(ON, "10.0.0.1", OURS),
  rowOf(ON, "10.0.0.2", OURS, "stale"),
  rowOf(ON, "10.0.0.3", null, "failed"),
  rowOf(ON, "10.0.0.4", null, "unreachable"),
  rowOf(ON, "10.0.0.5", OURS, "unreachable"),
  rowOf(ON, "10.0.0.6", OURS, "noarp"),
  rowOf(ON, "10.0.0.255", "ff:ff:ff:ff:ff:ff", "stale"),
  rowOf(ON, "239.1.2.3", OURS, "stale"),
  rowOf(ON, "ff02::1", OURS, "stale"),
  rowOf(ON, "255.255.255.255", OURS, "stale"),
];
const DYNAMIC = ["10.0.0.2 stale", "10.0.0.3 failed", "10.0.0.5 unreachable"];
const BROADCAST = "ff:ff:ff:ff:ff:ff";

Deno.test("a flush keeps permanent, noarp, multicast and broadcast rows, and rests of deleted ones", () => {
  assertEquals(gone({}, BROADCAST), DYNAMIC);
  assertEquals(gone({ permanent: false }, BROADCAST), DYNAMIC);
  // Where the device has no broadcast address, nothing is one
  assertEquals(gone({}), [...DYNAMIC, "10.0.0.255 stale"]);
});

Deno.test("a flush removes permanent and noarp rows with permanent: true", () => {
  assertEquals(gone({ permanent: true }, BROADCAST), [
    "10.0.0.1 permanent",
    ...DYNAMIC,
  ]);
  for (const state of ["noarp", ["stale", "noarp"]] as const) {
    assertEquals(gone({ state }, BROADCAST), [
      ...DYNAMIC,
      "10.0.0.6 noarp",
    ]);
  }
});

Deno.test("a flush has a reason for each row that it keeps", () => {
  const rows = [...ROWS, rowOf(ON, "239.1.2.4", OURS)];
  const { keepReason } = parseFlush({});
  assertEquals(rows.map((row) => keepReason(row, BROADCAST)), [
    ...["permanent", undefined, undefined, "absent", undefined, "noarp"],
    ...["broadcast", "multicast", "multicast", "broadcast", "multicast"],
  ]);
});

Deno.test("a flush is whole where it is limited by family and interface only", () => {
  const isWhole = (filter: FlushFilter) => parseFlush(filter).isWhole;
  assertEquals(isWhole({ permanent: true }), true);
  assertEquals(isWhole({ permanent: true, family: "ipv4" }), true);
  assertEquals(isWhole({ permanent: true, interfaceAlias: "va" }), true);
  assertEquals(isWhole({ permanent: true, interfaceIndex: 3 }), true);
  assertEquals(isWhole({ permanent: true, interfaceLuid: 5n }), true);
  assertEquals(isWhole({}), false);
  assertEquals(isWhole({ permanent: false }), false);
  assertEquals(isWhole({ permanent: true, state: "stale" }), false);
  assertEquals(isWhole({ permanent: true, subnet: "10.0.0.0/8" }), false);
  assertEquals(isWhole({ permanent: true, linkLayerAddress: "02:" }), false);
  assertEquals(isWhole({ permanent: true, protocol: 42 }), false);
});

Deno.test("a flush refuses flags that are not boolean, and proxy entries", () => {
  for (
    const [filter, message] of [
      [{ permanent: "yes" }, "permanent takes true or false"],
      [{ permanent: 1 }, "permanent takes true or false"],
      [{ permanent: null }, "member permanent is null"],
      [{ subnet: null }, "member subnet is null"],
      [{ proxy: true }, "Proxy entries cannot be flushed"],
      [{ proxy: false }, "Proxy entries cannot be flushed"],
      [{ stat: "stale" }, 'A filter has no member "stat"'],
      [null, "No filter given"],
      ["all", "No filter given"],
    ] as const
  ) {
    const error = assertThrows(
      () => parseFlush(filter as unknown as FlushFilter),
      NeighborError,
      message,
    );
    assertEquals([error.code, error.status], ["INVALID_PARAMETER", null]);
  }
});

Deno.test("a flush's filter is that of a list", () => {
  const { filter } = parseFlush({ state: "stale", subnet: "10.0.0.0/30" });
  assertEquals(filter.families, ["ipv4"]);
  assertEquals(ROWS.filter(filter.wants).map((row) => row.address), [
    "10.0.0.2",
  ]);
});
