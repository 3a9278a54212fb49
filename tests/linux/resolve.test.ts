import { assert, assertEquals, assertRejects } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import {
  DEVICE,
  ip,
  ipNeighbor,
  networkTest,
  THERE,
  THERE_LINK_LAYER,
} from "../helpers/linux/network.ts";

const FALSE = "02:fc:00:00:00:99";
const DEAD = { ipv4: "10.0.0.99", ipv6: "2001:db8::99" } as const;

for (const family of ["ipv4", "ipv6"] as const) {
  const there = { address: THERE[family], interfaceAlias: DEVICE };
  const dead = { address: DEAD[family], interfaceAlias: DEVICE };

  networkTest(
    `resolve() asks the network for a live ${family} neighbor`,
    async ({ table }) => {
      const row = await table.resolve(there);
      assertEquals(row.linkLayerAddress, THERE_LINK_LAYER);
      assertEquals(row.state, "reachable");
      assertEquals(row.interfaceAlias, DEVICE);
      assertEquals(ipNeighbor(there.address)?.state, ["REACHABLE"]);
      assertEquals(
        (await table.resolve(there)).linkLayerAddress,
        THERE_LINK_LAYER,
      );
    },
  );

  networkTest(
    `resolve() updates an outdated ${family} neighbor`,
    async ({ table }) => {
      for (const state of ["stale", "failed"]) {
        ip(
          `neigh replace ${there.address} lladdr ${THERE_LINK_LAYER} dev ${DEVICE} nud ${state}`,
        );
        const row = await table.resolve(there);
        assertEquals(row.linkLayerAddress, THERE_LINK_LAYER);
        assertEquals(row.state, "reachable");
      }
    },
  );

  networkTest(
    `resolve() of a dead ${family} neighbor is UNREACHABLE`,
    async ({ table }) => {
      const error = await assertRejects(
        () => table.resolve(dead),
        NeighborError,
      );
      assertEquals(error.code, "UNREACHABLE");
      assertEquals(error.entry, dead);
    },
  );

  networkTest(
    `resolve() leaves a permanent ${family} entry alone`,
    async ({ table }) => {
      ip(`neigh add ${there.address} lladdr ${FALSE} dev ${DEVICE}`);
      const row = await table.resolve(there);
      assertEquals(row.linkLayerAddress, FALSE);
      assertEquals(ipNeighbor(there.address)?.lladdr, FALSE);
      assertEquals(ipNeighbor(there.address)?.state, ["PERMANENT"]);
    },
  );

  networkTest(
    `resolve() of ${family} stops at an abort`,
    async ({ table }) => {
      // The kernel gives it up after three tries of 20 s
      const path = `/proc/sys/net/${family}/neigh/${DEVICE}/retrans_time_ms`;
      const usual = Deno.readTextFileSync(path);
      Deno.writeTextFileSync(path, "20000");
      try {
        const before = performance.now();
        const reason = new Error("enough");
        const controller = new AbortController();
        const { signal } = controller;
        setTimeout(() => controller.abort(reason), 30);
        const error = await assertRejects(
          () => table.resolve(dead, { signal, timeout: 120_000 }),
        );
        assertEquals(error, reason);
        assert(
          performance.now() - before < 30_000,
          "the kernel was waited for",
        );
      } finally {
        Deno.writeTextFileSync(path, usual);
      }
    },
  );
}

networkTest(
  "resolve() with an aborted signal sends no request",
  async ({ table }) => {
    const key = { address: THERE.ipv4, interfaceAlias: DEVICE };
    const signal = AbortSignal.abort(new Error("no"));
    await assertRejects(() => table.resolve(key, { signal }), Error, "no");
    assertEquals(ipNeighbor(key.address), undefined);
  },
);

networkTest(
  "resolve() returns NOARP and multicast entries without asking",
  async ({ table }) => {
    ip(`neigh add 10.0.0.7 lladdr ${FALSE} dev ${DEVICE} nud noarp`);
    const key = { address: "10.0.0.7", interfaceAlias: DEVICE };
    assertEquals((await table.resolve(key)).state, "noarp");
    const group = { address: "224.0.0.7", interfaceAlias: DEVICE };
    assertEquals(
      (await table.resolve(group)).linkLayerAddress,
      "01:00:5e:00:00:07",
    );
  },
);

networkTest("resolve() refuses what it cannot do", async ({ table }) => {
  const key = { address: "10.0.0.7", interfaceAlias: "lo" };
  const code = async (promise: () => Promise<unknown>) =>
    (await assertRejects(promise, NeighborError)).code;
  assertEquals(await code(() => table.resolve(key)), "INVALID_PARAMETER");
  assertEquals(ip("-4 neigh show nud all dev lo"), "");
  const own = { ...key, interfaceAlias: DEVICE };
  assertEquals(
    await code(() => table.resolve(own, { sourceAddress: "10.0.0.1" })),
    "NOT_SUPPORTED",
  );
  assertEquals(
    await code(() => table.resolve({ ...key, interfaceAlias: "nowhere" })),
    "INTERFACE_NOT_FOUND",
  );
});

networkTest(
  "many addresses are resolved concurrently over one socket",
  async ({ table }) => {
    const keys = [THERE.ipv4, THERE.ipv6, DEAD.ipv4, DEAD.ipv6]
      .map((address) => ({ address, interfaceAlias: DEVICE }));
    const all = Promise.allSettled(keys.map((key) => table.resolve(key)));
    table.create({
      address: "10.0.0.50",
      interfaceAlias: DEVICE,
      linkLayerAddress: FALSE,
    });
    assertEquals(table.list({ state: "permanent" }).length, 1);
    assertEquals((await all).map((one) => one.status), [
      "fulfilled",
      "fulfilled",
      "rejected",
      "rejected",
    ]);
  },
);
