import { assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import { planNeighbors } from "../../reconcile/plan.ts";
import { interfaceOf, rowOf } from "../helpers/fake_table.ts";

const VA = interfaceOf(2, "va");
const ETHERNET = interfaceOf(12, "Ethernet", "0x0006008000000000");
const FIRST = "02:fc:00:00:00:01";
const SECOND = "02:fc:00:00:00:02";

const pin: NeighborEntry = {
  address: "10.0.0.1",
  linkLayerAddress: FIRST,
  interfaceAlias: "va",
};

Deno.test("planNeighbors() puts each entry in one list", () => {
  const current = [
    rowOf(VA, "10.0.0.1", FIRST),
    rowOf(VA, "10.0.0.2", SECOND),
    rowOf(VA, "10.0.0.3", FIRST, "stale"),
    rowOf(VA, "10.0.0.5", FIRST),
  ];
  const desired = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]
    .map((address) => ({ ...pin, address }));
  assertEquals(planNeighbors(desired, current, { prune: true }), {
    unchanged: [{ entry: desired[0]!, current: current[0]! }],
    change: [
      { entry: desired[1]!, current: current[1]! },
      { entry: desired[2]!, current: current[2]! },
    ],
    create: [desired[3]!],
    remove: [current[3]!],
  });
});

Deno.test("planNeighbors() knows an interface by any of its names", () => {
  const current = [rowOf(ETHERNET, "fe80::1", FIRST)];
  for (
    const key of [
      { address: "fe80::1", interfaceAlias: "Ethernet" },
      { address: "fe80::1", interfaceIndex: 12 },
      { address: "fe80::1", interfaceLuid: 0x6008000000000n },
      { address: "fe80:0:0:0:0:0:0:1", interfaceLuid: "0x6008000000000" },
      { address: "fe80::1%Ethernet" as const },
      { address: "fe80::1%12" as const },
      // The LUID decides, then the index
      {
        address: "fe80::1",
        interfaceLuid: 0x6008000000000n,
        interfaceIndex: 3,
      },
      { address: "fe80::1", interfaceIndex: 12, interfaceAlias: "Wi-Fi" },
    ]
  ) {
    const entry = { ...key, linkLayerAddress: FIRST } as NeighborEntry;
    const { unchanged } = planNeighbors([entry], current);
    assertEquals(unchanged.length, 1, JSON.stringify(key.address));
  }
});

Deno.test("planNeighbors() treats an unknown interface as one without rows", () => {
  const other = { ...pin, interfaceAlias: "later" };
  const luid = { ...pin, interfaceAlias: null, interfaceLuid: 5n };
  const desired = [pin, other, luid] as NeighborEntry[];
  const { create } = planNeighbors(desired, []);
  assertEquals(create, desired);
});

Deno.test("planNeighbors() never prunes group rows, and ignores proxy entries", () => {
  const current = [
    rowOf(VA, "239.1.2.3", "01:00:5e:01:02:03"),
    rowOf(VA, "ff02::1", "33:33:00:00:00:01"),
    rowOf(VA, "255.255.255.255", "ff:ff:ff:ff:ff:ff"),
    rowOf(VA, "10.0.0.255", "ff:ff:ff:ff:ff:ff"),
    { ...rowOf(VA, "10.0.0.1", FIRST), flags: ["proxy" as const] },
  ];
  const plan = planNeighbors([pin], current, { prune: true });
  assertEquals([plan.create, plan.remove], [[pin], []]);
});

for (
  const [what, entries, message] of [
    [
      "the same again",
      [pin, { ...pin }],
      '10.0.0.1 on interface "va" is given twice: it is the same entry again',
    ],
    [
      "another link-layer address",
      [pin, { ...pin, linkLayerAddress: SECOND }],
      `10.0.0.1 on interface "va" is given twice: once as ${FIRST}, once as ${SECOND}`,
    ],
    [
      "the interface by another name",
      [pin, { ...pin, interfaceAlias: null, interfaceIndex: 2 }],
      "10.0.0.1 on interface 2 is given twice: it is the same entry again",
    ],
    [
      "the address in other words",
      [
        { ...pin, address: "2001:db8::1" },
        { ...pin, address: "2001:0db8:0::0.0.0.1" },
      ],
      '2001:db8::1 on interface "va" is given twice: it is the same entry again',
    ],
    [
      "a zone that names another interface",
      [{ ...pin, address: "fe80::1%vb" }],
      'The zone of fe80::1 on interface "va" names another interface',
    ],
    [
      "a loopback address",
      [{ ...pin, address: "127.0.0.1" }],
      'The address "127.0.0.1" is a loopback address, it must be a unicast, ' +
      "anycast or multicast address",
    ],
  ] as const
) {
  Deno.test(`planNeighbors() refuses ${what}`, () => {
    const error = assertThrows(
      () =>
        planNeighbors(entries as readonly NeighborEntry[], [], {
          interfaces: [VA, interfaceOf(3, "vb")],
        }),
      NeighborError,
    );
    assertEquals([error.code, error.message], ["INVALID_PARAMETER", message]);
    assertEquals(error.entry, entries.at(-1));
  });
}

Deno.test("planNeighbors() refuses what is no array", () => {
  assertThrows(
    () => planNeighbors({} as unknown as NeighborEntry[], []),
    NeighborError,
    "The desired entries are not an array",
  );
});
