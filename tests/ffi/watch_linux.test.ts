import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { EntryList } from "../../ffi/entry_list.ts";
import { LinuxBackend } from "../../ffi/linux/backend.ts";
import { parseKey } from "../../ffi/parse/entry.ts";
import { SystemTable } from "../../ffi/system_table.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type {
  NeighborEvent,
  NeighborWatch,
  WatchOptions,
} from "../../ffi/types/watch.ts";
import { messageBytes } from "../helpers/golden/messages.ts";
import {
  EAGAIN,
  ENOBUFS,
  FakeKernel,
  INDEX,
  NUD,
} from "../helpers/fake_kernel.ts";

/** A watch over a kernel, everything checked to be closed at the end. */
async function watching(
  prepare: (kernel: FakeKernel) => void,
  body: (
    kernel: FakeKernel,
    watch: NeighborWatch,
    table: SystemTable,
  ) => Promise<void>,
  options: WatchOptions = {},
): Promise<void> {
  const kernel = new FakeKernel();
  prepare(kernel);
  const table = new SystemTable(() => new LinuxBackend(() => kernel.libc));
  const watch = table.watch({ filter: { family: "ipv4" }, ...options });
  await body(kernel, watch, table);
  await watch.return();
  assertEquals(await watch.next(), { done: true, value: undefined });
  assertEquals(kernel.count.polls, 0);
  table.close();
  assertEquals([...kernel.open], []);
}

/** The next `count` events, in short. */
async function told(watch: NeighborWatch, count: number): Promise<string[]> {
  const words: string[] = [];
  while (words.length < count) {
    const { value } = await watch.next();
    assert(value !== undefined, `only ${words.join(", ")}`);
    words.push(short(value));
  }
  return words;
}

function short({ type, neighbor, previous }: NeighborEvent): string {
  const row = neighbor ?? previous;
  const last = (neighbor ?? previous)?.linkLayerAddress?.slice(-2);
  return row === null ? type : `${type} ${row.address} ${last} ${row.state}`;
}

Deno.test("watch() reports the present rows, then the changes", async () => {
  await watching((kernel) => kernel.set("192.0.2.1"), async (kernel, watch) => {
    const { value } = await watch.next();
    assertEquals(value?.type === "added" && value.initial, true);
    // It was announced after the subscription too, which is no news
    kernel.set("192.0.2.2", 6);
    kernel.set("192.0.2.2", 7, NUD.stale);
    kernel.delete("192.0.2.2");
    assertEquals(await told(watch, 3), [
      "added 192.0.2.2 06 permanent",
      "changed 192.0.2.2 07 stale",
      "removed 192.0.2.2 07 stale",
    ]);
  });
});

Deno.test("watch() without initial rows still compares with them", async () => {
  await watching((kernel) => kernel.set("192.0.2.1"), async (kernel, watch) => {
    kernel.set("192.0.2.1", 6);
    assertEquals(await told(watch, 1), ["changed 192.0.2.1 06 permanent"]);
  }, { initial: false });
});

Deno.test("a failed row that stays is changed, one that disappears is removed", async () => {
  await watching((kernel) => {
    kernel.set("192.0.2.1");
    kernel.set("192.0.2.2");
  }, async (kernel, watch) => {
    kernel.set("192.0.2.1", 5, NUD.failed);
    assertEquals(await told(watch, 1), ["changed 192.0.2.1 05 failed"]);
    // Something else becomes of it before anybody looks
    kernel.set("192.0.2.2", 5, NUD.failed);
    kernel.set("192.0.2.2", 9, NUD.reachable);
    assertEquals(await told(watch, 2), [
      "changed 192.0.2.2 05 failed",
      "changed 192.0.2.2 09 reachable",
    ]);
    // The second half of a removal is still to come: it is gone already
    kernel.rows.delete("192.0.2.2");
    kernel.set("192.0.2.2", 5, NUD.failed);
    kernel.rows.delete("192.0.2.2");
    assertEquals(await told(watch, 1), ["removed 192.0.2.2 09 reachable"]);
  }, { initial: false });
});

for (const lost of [ENOBUFS, 12, new Uint8Array(16)] as const) {
  const name = typeof lost === "number" ? `errno ${lost}` : "NLMSG_OVERRUN";
  Deno.test(`after ${name} a watch says resync and ends in the true table`, async () => {
    if (typeof lost !== "number") {
      lost.set([16, 0, 0, 0, 4]);
    }
    await watching((kernel) => {
      for (const i of [1, 2, 3]) kernel.set(`192.0.2.${i}`);
    }, async (kernel, watch) => {
      // Told, then lost: a change, a removal, a row; then what is older
      kernel.rows.set("192.0.2.1", [6, NUD.permanent]);
      kernel.rows.delete("192.0.2.2");
      kernel.rows.set("192.0.2.4", [7, NUD.permanent]);
      kernel.announce(lost);
      const rows = new Map(kernel.rows);
      kernel.set("192.0.2.1", 99, NUD.stale);
      for (const [address, row] of rows) kernel.rows.set(address, row);
      assertEquals(await told(watch, 4), [
        "resync",
        "changed 192.0.2.1 06 permanent",
        "added 192.0.2.4 07 permanent",
        "removed 192.0.2.2 05 permanent",
      ]);
    }, { initial: false });
  });
}

Deno.test("a watch of some entries reports their rows alone, after a resync too", async () => {
  const kernel = new FakeKernel();
  for (const i of [1, 2, 3]) kernel.set(`192.0.2.${i}`);
  const table = new SystemTable(() => new LinuxBackend(() => kernel.libc));
  const entries = new EntryList();
  for (const address of ["192.0.2.1", "192.0.2.4"]) {
    parseKey(entries, { address, interfaceIndex: INDEX });
  }
  const options = { filter: { family: "ipv4" } } as const;
  const watch = table.openWatch(options, () => {}, entries);
  assertEquals(await told(watch, 1), ["added 192.0.2.1 05 permanent"]);
  kernel.set("192.0.2.2", 6);
  kernel.set("192.0.2.1", 6);
  assertEquals(await told(watch, 1), ["changed 192.0.2.1 06 permanent"]);
  kernel.rows.set("192.0.2.3", [7, NUD.permanent]);
  kernel.rows.set("192.0.2.4", [7, NUD.permanent]);
  kernel.rows.delete("192.0.2.2");
  kernel.announce(ENOBUFS);
  assertEquals(await told(watch, 2), [
    "resync",
    "added 192.0.2.4 07 permanent",
  ]);
  kernel.set("192.0.2.1", 8);
  assertEquals(await told(watch, 1), ["changed 192.0.2.1 08 permanent"]);
  await watch.return();
  table.close();
  assertEquals([...kernel.open], []);
});

Deno.test("after an overflow the table is read once the queue has been empty", async () => {
  await watching((kernel) => kernel.set("192.0.2.1"), async (kernel, watch) => {
    const { dumps } = kernel.count;
    kernel.during = () => {
      // After the last dump (the first asks for the name of the interface and
      // is repeated); dropped silently if the queue was never empty
      if (kernel.count.dumps === dumps + 3) kernel.set("192.0.2.2", 6);
    };
    kernel.overflow(40_000);
    assertEquals(await told(watch, 2), [
      "resync",
      "added 192.0.2.2 06 permanent",
    ]);
    assertEquals(kernel.count.dumps, dumps + 3);
  }, { initial: false });
});

Deno.test("a row that a dump lacks is looked up, not reported as removed", async () => {
  await watching((kernel) => {
    for (const i of [1, 2, 3]) kernel.set(`192.0.2.${i}`);
  }, async (kernel, watch) => {
    kernel.lacks = () => ["192.0.2.1", "192.0.2.2"];
    kernel.rows.set("192.0.2.2", [6, NUD.permanent]);
    kernel.rows.delete("192.0.2.3");
    kernel.announce(ENOBUFS);
    assertEquals(await told(watch, 3), [
      "resync",
      "changed 192.0.2.2 06 permanent",
      "removed 192.0.2.3 05 permanent",
    ]);
    assertEquals(kernel.count.lookUps, 3);
  }, { initial: false });
});

Deno.test("a row that one dump lacks at the start is found by the next", async () => {
  await watching((kernel) => {
    for (const i of [1, 2, 3]) kernel.set(`192.0.2.${i}`);
    kernel.lacks = (n) => n === 0 ? ["192.0.2.1", "192.0.2.2"] : [];
  }, async (kernel, watch) => {
    assertEquals((await told(watch, 3)).length, 3);
    assertEquals(kernel.count.dumps, 3);
  });
});

Deno.test("a change during the first dump is reported after it", async () => {
  await watching((kernel) => {
    kernel.set("192.0.2.1");
    kernel.during = () => {
      kernel.during = () => {};
      kernel.set("192.0.2.2", 6);
      kernel.delete("192.0.2.1");
    };
  }, async (_, watch) => {
    assertEquals(await told(watch, 3), [
      "added 192.0.2.1 05 permanent",
      "added 192.0.2.2 06 permanent",
      "removed 192.0.2.1 05 permanent",
    ]);
  });
});

Deno.test("many missing rows are looked up in several turns", async () => {
  await watching((kernel) => {
    for (let i = 0; i < 2500; i++) kernel.set(`10.0.${i >> 8}.${i & 255}`);
  }, async (kernel, watch) => {
    kernel.rows.clear();
    kernel.announce(ENOBUFS);
    const words = await told(watch, 2501);
    assertEquals(words.filter((one) => one.startsWith("removed")).length, 2500);
  }, { initial: false });
});

Deno.test("an abort ends an idle watch, and one with an aborted signal", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  await watching(() => {}, async (_, watch) => {
    const end = watch.next();
    setTimeout(() => controller.abort(new Error("enough")), 5);
    assertEquals(await end, { done: true, value: undefined });
  }, { signal });
  await watching(() => {}, async (kernel, watch) => {
    assertEquals(await watch.next(), { done: true, value: undefined });
    assertEquals(kernel.count.dumps, 0);
  }, { signal });
});

Deno.test("an abort drops events not yet consumed", async () => {
  const controller = new AbortController();
  await watching((kernel) => kernel.set("192.0.2.1"), async (_, watch) => {
    controller.abort();
    assertEquals(await watch.next(), { done: true, value: undefined });
  }, { signal: controller.signal });
});

Deno.test("closing a table ends its watches", async () => {
  const kernel = new FakeKernel();
  const table = new SystemTable(() => new LinuxBackend(() => kernel.libc));
  const watches = [table.watch(), table.watch()];
  const ends = watches.map((watch) => watch.next());
  await new Promise((go) => setTimeout(go, 5));
  table.close();
  for (const end of ends) assertEquals((await end).done, true);
  for (const watch of watches) await watch.return();
  assertEquals([...kernel.open], []);
  assertThrows(() => table.watch(), NeighborError, "closed");
});

Deno.test("concurrent calls of next() keep the order", async () => {
  await watching(() => {}, async (kernel, watch) => {
    const all = Promise.all([1, 2, 3].map(() => watch.next()));
    for (const i of [1, 2, 3]) kernel.set(`192.0.2.${i}`);
    assertEquals(
      (await all).map(({ value }) => value?.neighbor?.address),
      ["192.0.2.1", "192.0.2.2", "192.0.2.3"],
    );
  });
});

Deno.test("two watches share one poll, each ends without the other", async () => {
  const kernel = new FakeKernel();
  const table = new SystemTable(() => new LinuxBackend(() => kernel.libc));
  const options = { filter: { family: "ipv4" } } as const;
  const [one, other] = [table.watch(options), table.watch(options)];
  const [first, second] = [one.next(), other.next()];
  await new Promise((go) => setTimeout(go, 5));
  assertEquals(kernel.count.polls, 1);
  await one.return();
  assertEquals(await first, { done: true, value: undefined });
  kernel.set("192.0.2.1");
  assertEquals((await second).value?.neighbor?.address, "192.0.2.1");
  await other.return();
  table.close();
  assertEquals([...kernel.open], []);
});

Deno.test("a message that cannot be decoded rejects once, and leaves nothing open", async () => {
  const kernel = new FakeKernel();
  const table = new SystemTable(() => new LinuxBackend(() => kernel.libc));
  const watch = table.watch();
  const end = watch.next();
  kernel.announce(new Uint8Array(7));
  await assertRejects(() => end, NeighborError, "Cannot decode nlmsghdr");
  assertEquals(await watch.next(), { done: true, value: undefined });
  table.close();
  assertEquals([...kernel.open], []);
});

for (const call of ["eventfd", "bind"]) {
  Deno.test(`a watch that cannot ${call} is an error, and nothing is left open`, () => {
    const kernel = new FakeKernel();
    const table = new SystemTable(() => new LinuxBackend(() => kernel.libc));
    table.list();
    kernel.fails.set(call, 24);
    const error = assertThrows(() => table.watch(), NeighborError);
    assertEquals([error.operation, error.symbol], [call, "EMFILE"]);
    table.close();
    assertEquals([...kernel.open], []);
    assertEquals(kernel.count.unloads, 2);
  });
}

Deno.test("a watch of entries tells of their rows only, after a loss too", async () => {
  const kernel = new FakeKernel();
  const table = new SystemTable(() => new LinuxBackend(() => kernel.libc));
  for (const i of [1, 2, 3]) kernel.set(`192.0.2.${i}`);
  const entries = new EntryList();
  for (const i of [1, 2, 4]) {
    parseKey(entries, { address: `192.0.2.${i}`, interfaceIndex: INDEX });
  }
  const watch = table.openWatch({}, () => {}, entries);
  assertEquals(await told(watch, 2), [
    "added 192.0.2.1 05 permanent",
    "added 192.0.2.2 05 permanent",
  ]);
  kernel.set("192.0.2.3", 6);
  kernel.set("192.0.2.5", 6);
  kernel.set("192.0.2.4", 6);
  assertEquals(await told(watch, 1), ["added 192.0.2.4 06 permanent"]);
  kernel.rows.delete("192.0.2.2");
  kernel.rows.delete("192.0.2.3");
  kernel.rows.set("192.0.2.1", [9, NUD.stale]);
  kernel.announce(ENOBUFS);
  assertEquals(await told(watch, 3), [
    "resync",
    "changed 192.0.2.1 09 stale",
    "removed 192.0.2.2 05 permanent",
  ]);
  await watch.return();
  table.close();
  assertEquals([...kernel.open], []);
});

Deno.test("a failed poll is retried", async () => {
  await watching(
    (kernel) => kernel.fails.set("poll", 4),
    async (kernel, watch) => {
      const next = watch.next();
      kernel.announce(EAGAIN);
      await new Promise((go) => setTimeout(go, 20));
      kernel.fails.clear();
      kernel.set("192.0.2.1");
      assertEquals((await next).value?.type, "added");
    },
  );
});

Deno.test("openWatch() with routes tells of a default route, and of no other", async () => {
  const kernel = new FakeKernel();
  const table = new SystemTable(() => new LinuxBackend(() => kernel.libc));
  let calls = 0;
  const count = () => void calls++;
  const watch = table.openWatch({}, count, undefined, true);
  // RTMGRP_LINK, NEIGH, IPV4_ROUTE and IPV6_ROUTE
  assertEquals(kernel.groups, 0x445);
  const seen: number[] = [];
  for (const name of ["ROUTE_IPV4_SUBNET", "ROUTE_IPV6_GATEWAY"] as const) {
    kernel.announce(messageBytes(name));
    kernel.set("192.0.2.1", seen.length + 1);
    await watch.next();
    seen.push(calls);
  }
  assertEquals(seen, [0, 1]);
  await watch.return();
  await table.watch().return();
  assertEquals(kernel.groups, 0x5);
  table.close();
});
