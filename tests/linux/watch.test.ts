import { assert, assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import type { NeighborFilter } from "../../ffi/types/neighbor.ts";
import type { SystemTable } from "../../ffi/system_table.ts";
import { renameMissing } from "../helpers/linux/kernel.ts";
import {
  DEVICE,
  ip,
  ipNeighbors,
  networkTest,
  THERE,
} from "../helpers/linux/network.ts";
import { Follower } from "../helpers/linux/watching.ts";
import { pause } from "../helpers/pause.ts";

const FIRST = "02:fc:00:00:00:05";
const SECOND = "02:fc:00:00:00:06";

/** Follows a watch of the device while `body` runs, then ends it. */
async function following(
  table: SystemTable,
  filter: NeighborFilter,
  body: (follower: Follower) => Promise<void>,
  initial = true,
): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const follower = new Follower(table.watch({ filter, signal, initial }));
  try {
    await body(follower);
  } finally {
    controller.abort();
    await follower.ended;
  }
}

/**
 * The table by ip, in the form of `told`: without the rows of
 * multicast addresses, which the kernel makes without a word.
 */
function truth(): string[] {
  return ipNeighbors().filter(({ dst }) => !dst.startsWith("ff"))
    .map(({ dst, lladdr, state }) =>
      `${dst} ${lladdr ?? null} ${state[0]!.toLowerCase()}`
    ).toSorted();
}

function told({ rows }: Follower): string[] {
  return [...rows.values()].filter(({ address }) => !address.startsWith("ff"))
    .map((row) => `${row.address} ${row.linkLayerAddress} ${row.state}`)
    .toSorted();
}

networkTest(
  "watch() reports the present rows, then rows added, changed and removed",
  async ({ table }) => {
    ip(`neigh add 10.0.0.7 lladdr ${FIRST} dev ${DEVICE}`);
    ip(`neigh add 2001:db8::7 lladdr ${FIRST} dev ${DEVICE} nud stale`);
    const filter = { interfaceAlias: DEVICE };
    await following(table, filter, async (follower) => {
      const { events } = follower;
      await follower.until(() => told(follower).length === 2, "two rows");
      assert(events.every((one) => one.type === "added" && one.initial));
      assertEquals(told(follower), truth());
      events.length = 0;

      const steps = [
        `add 10.0.0.8 lladdr ${FIRST} dev ${DEVICE}`,
        `replace 10.0.0.8 lladdr ${SECOND} dev ${DEVICE}`,
        `replace 10.0.0.8 lladdr ${SECOND} dev ${DEVICE} nud stale`,
        `replace 10.0.0.8 lladdr ${SECOND} dev ${DEVICE} nud stale`,
        `del 10.0.0.8 dev ${DEVICE}`,
        `add 2001:db8::8 lladdr ${FIRST} dev ${DEVICE} router`,
        `del 2001:db8::8 dev ${DEVICE}`,
        `del 10.0.0.7 dev ${DEVICE}`,
      ];
      for (const step of steps) ip(`neigh ${step}`);
      const ours = () =>
        follower.said().filter((one) => /10\.0\.0|2001/.test(one));
      await follower.until(() => ours().length >= 7, "seven events");
      await pause(20);
      // A deletion is one event, a repetition none
      assertEquals(ours(), [
        `added 10.0.0.8 ${FIRST} permanent`,
        `changed 10.0.0.8 ${SECOND} permanent`,
        `changed 10.0.0.8 ${SECOND} stale`,
        `removed 10.0.0.8 ${SECOND} stale`,
        `added 2001:db8::8 ${FIRST} permanent`,
        `removed 2001:db8::8 ${FIRST} permanent`,
        `removed 10.0.0.7 ${FIRST} permanent`,
      ]);
      const added = events.find(({ type }) => type === "added");
      assertEquals(added?.type === "added" && added.initial, false);
      assertEquals(added?.neighbor?.interfaceAlias, DEVICE);
      assertEquals(told(follower), truth());
    });
  },
);

networkTest(
  "watch() filters by subnets and link-layer prefix; a row that leaves is removed",
  async ({ table }) => {
    ip(`neigh add 10.0.0.7 lladdr ${FIRST} dev ${DEVICE}`);
    ip(`neigh add 10.0.0.8 lladdr ${FIRST} dev ${DEVICE}`);
    const filter = {
      subnet: ["10.0.0.7", "10.1.0.0/16"],
      linkLayerAddress: "02:fc:",
    };
    await following(table, filter, async (follower) => {
      await follower.until(() => follower.rows.size === 1, "the first row");
      follower.events.length = 0;
      const steps = [
        `add 10.1.0.7 lladdr 02:fd:00:00:00:05 dev ${DEVICE}`,
        `replace 10.1.0.7 lladdr ${SECOND} dev ${DEVICE}`,
        `replace 10.0.0.8 lladdr ${SECOND} dev ${DEVICE}`,
        `replace 10.0.0.7 lladdr 02:fd:00:00:00:05 dev ${DEVICE}`,
        `del 10.1.0.7 dev ${DEVICE}`,
      ];
      for (const step of steps) ip(`neigh ${step}`);
      await follower.until(() => follower.events.length >= 3, "three events");
      await pause(20);
      assertEquals(
        follower.events.map((event) =>
          `${event.type} ${(event.neighbor ?? event.previous)?.address}`
        ),
        ["added 10.1.0.7", "removed 10.0.0.7", "removed 10.1.0.7"],
      );
    });
  },
);

networkTest(
  "watch() reports a row that the network resolves",
  async ({ table }) => {
    const filter = { subnet: "10.0.0.0/24", interfaceAlias: DEVICE };
    await following(table, filter, async (follower) => {
      const key = { address: THERE.ipv4, interfaceAlias: DEVICE };
      await table.resolve(key);
      await follower.until(
        () => follower.said().some((one) => one.endsWith("reachable")),
        "an answer",
      );
      assertEquals(follower.rows.size, 1);
    });
  },
);

networkTest(
  "watch(): a row that stops matching is removed, one that begins to match added",
  async ({ table }) => {
    const here = `dev ${DEVICE}`;
    const filter = { state: "permanent", subnet: "10.0.0.0/24" } as const;
    await following(table, filter, async (follower) => {
      ip(`neigh add 10.0.1.7 lladdr ${FIRST} ${here}`);
      ip(`neigh add 10.0.0.7 lladdr ${FIRST} ${here} nud stale`);
      ip(`neigh replace 10.0.0.7 lladdr ${FIRST} ${here} nud permanent`);
      ip(`neigh replace 10.0.0.7 lladdr ${SECOND} ${here} nud permanent`);
      ip(`neigh replace 10.0.0.7 lladdr ${SECOND} ${here} nud stale`);
      ip(`neigh replace 10.0.0.7 lladdr ${SECOND} ${here} nud permanent`);
      ip(`neigh del 10.0.0.7 ${here}`);
      await follower.until(() => follower.events.length >= 5, "five events");
      await pause(20);
      assertEquals(follower.said(), [
        `added 10.0.0.7 ${FIRST} permanent`,
        `changed 10.0.0.7 ${SECOND} permanent`,
        `removed 10.0.0.7 ${SECOND} permanent`,
        `added 10.0.0.7 ${SECOND} permanent`,
        `removed 10.0.0.7 ${SECOND} permanent`,
      ]);
    });
  },
);

networkTest(
  "watch() of an interface reports no other, nor a bridge's ports",
  async ({ table }) => {
    ip("link add br0 type bridge");
    ip("link set br0 up");
    try {
      const filter = { interfaceAlias: DEVICE, family: "ipv4" } as const;
      await following(table, filter, async (follower) => {
        ip(`neigh add 10.0.0.7 lladdr ${FIRST} dev br0`);
        ip(`link set ${DEVICE} master br0`);
        ip(`link set ${DEVICE} nomaster`);
        ip(`neigh add 10.0.0.8 lladdr ${FIRST} dev ${DEVICE}`);
        await follower.until(() => follower.events.length > 0, "an event");
        assertEquals(follower.said(), [`added 10.0.0.8 ${FIRST} permanent`]);
      });
    } finally {
      ip("link del br0");
    }
  },
);

networkTest(
  "watch() reports the new name of an interface, and the new owner of an index",
  async ({ table }) => {
    ip("link add one type bridge");
    const index = JSON.parse(ip("-j link show dev one"))[0].ifindex;
    await following(table, { family: "ipv4" }, async (follower) => {
      const names = () =>
        follower.events.map((one) => one.neighbor?.interfaceAlias ?? null);
      ip("link set one up");
      ip(`neigh add 10.9.0.7 lladdr ${FIRST} dev one`);
      await follower.until(() => names().length === 1, "added");
      ip("link set one down");
      await follower.until(() => names().length === 2, "flushed");
      ip("link set one name two");
      ip("link set two up");
      ip(`neigh add 10.9.0.7 lladdr ${FIRST} dev two`);
      await follower.until(() => names().length === 3, "added again");
      ip("link set two name three");
      await follower.until(() => names().length === 4, "renamed");
      ip("link del three");
      ip(`link add four index ${index} type bridge`);
      ip("link set four up");
      ip(`neigh add 10.9.0.7 lladdr ${SECOND} dev four`);
      await follower.until(() => names().length >= 6, "another one");
      assertEquals(names(), ["one", null, "two", "three", null, "four"]);
      ip("link del four");
    });
  },
  renameMissing(),
);

networkTest(
  "watch() of an alias follows the name to another interface",
  async ({ table }) => {
    ip("link add one type bridge");
    ip("link set one up");
    ip(`neigh add 10.9.0.1 lladdr ${FIRST} dev one`);
    // Without the rows that the kernel makes for multicast addresses
    const filter = { interfaceAlias: "one", subnet: "10.9.0.0/16" } as const;
    await following(table, filter, async (follower) => {
      ip("link del one");
      await follower.until(() => follower.rows.size === 0, "gone");
      ip("link add two type bridge");
      ip("link set two up");
      ip(`neigh add 10.9.0.2 lladdr ${SECOND} dev two`);
      ip("link set two name one");
      await follower.until(() => follower.rows.size === 1, "come");
      ip(`neigh add 10.9.0.3 lladdr ${SECOND} dev one`);
      await follower.until(() => follower.rows.size === 2, "heard of");
      ip("link set one name two");
      await follower.until(() => follower.rows.size === 0, "left");
      assert(follower.events.every(({ type }) => type !== "resync"));
    });
    ip("link del two");
  },
  renameMissing(),
);

networkTest(
  "watch() throws synchronously, and leaves no descriptor",
  ({ table }) => {
    const codes = [
      { interfaceAlias: "nowhere" },
      { interfaceIndex: 999_999 },
      { interfaceLuid: 1n },
    ].map((filter) =>
      assertThrows(() => table.watch({ filter }), NeighborError).code
    );
    assertEquals(codes, [
      ...["INTERFACE_NOT_FOUND", "INTERFACE_NOT_FOUND", "NOT_SUPPORTED"],
    ]);
  },
);
