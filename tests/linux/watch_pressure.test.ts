import { assert, assertEquals } from "@std/assert";
import { LinuxBackend } from "../../ffi/linux/backend.ts";
import { SystemTable } from "../../ffi/system_table.ts";
import { changesOf } from "../helpers/linux/many.ts";
import { DEVICE, ipNeighbors, networkTest } from "../helpers/linux/network.ts";
import {
  comparable,
  descriptors,
  Follower,
  soon,
} from "../helpers/linux/watching.ts";
import { pause } from "../helpers/pause.ts";

const FILTER = { interfaceAlias: DEVICE, family: "ipv4" } as const;

/** The table by ip, in the form of `comparable`. */
function truth(): string[] {
  return ipNeighbors().filter(({ dst }) => !dst.includes(":"))
    .map(({ dst, lladdr, state }) =>
      `${dst} ${DEVICE} ${lladdr ?? null} ${state[0]!.toLowerCase()}`
    ).toSorted();
}

networkTest(
  "lost events are reported as resync, and the watch ends with the right table",
  async ({ table }) => {
    const controller = new AbortController();
    const { signal } = controller;
    table.change(changesOf("create", 3000));
    const follower = new Follower(table.watch({ filter: FILTER, signal }));
    await follower.until(() => follower.rows.size === 3000, "what is there");
    // In one turn, so that nothing is read: far more than any buffer holds
    for (let round = 1; round <= 20; round++) {
      table.change(changesOf("replace", 4000, { shift: round }));
    }
    table.change(changesOf("delete", 1000, { from: 500 }));
    table.change(changesOf("create", 500, { from: 9000 }));
    await follower.until(() => follower.rows.size === 3500, "the truth");
    await pause(50);
    assert(follower.events.some(({ type }) => type === "resync"), "no resync");
    assertEquals(comparable(follower.rows.values()), truth());
    // And goes on
    table.change(changesOf("create", 1, { from: 20_000 }));
    await follower.until(() => follower.rows.size === 3501, "one more");
    controller.abort();
    await follower.ended;
  },
);

networkTest(
  "no change is missed between subscription and dump",
  async ({ table }) => {
    const worker = new Worker(
      new URL("../helpers/linux/churn.ts", import.meta.url),
      {
        type: "module",
      },
    );
    const message = () =>
      new Promise<unknown>((go) => worker.onmessage = ({ data }) => go(data));
    await message();
    worker.postMessage("go");
    const followers: Follower[] = [];
    const controller = new AbortController();
    const { signal } = controller;
    for (let i = 0; i < 15; i++) {
      followers.push(new Follower(table.watch({ filter: FILTER, signal })));
      await pause(5);
    }
    const [first] = followers;
    await first!.until(() => first!.events.length > 1000, "nothing churned");
    worker.postMessage("stop");
    await message();
    worker.terminate();
    const end = truth();
    const isTrue = (one: Follower) =>
      comparable(one.rows.values()).join() === end.join();
    for (const one of followers) {
      await one.until(() => isTrue(one), "another table");
    }
    controller.abort();
    for (const one of followers) await one.ended;
  },
);

networkTest(
  "1,000 watches opened and aborted leave no descriptor behind",
  async ({ table }) => {
    table.list();
    const before = descriptors();
    for (let i = 0; i < 1000; i++) {
      const controller = new AbortController();
      const { signal } = controller;
      const watch = table.watch({ filter: FILTER, signal, initial: false });
      const end = watch.next();
      // At rest: the poll is under way
      if (i % 10 === 0) await pause(1);
      controller.abort();
      // The poll has no timeout: what does not wake it leaves this waiting
      assertEquals(await soon(end), { done: true, value: undefined });
    }
    assertEquals(descriptors(), before);
  },
);

networkTest("each way to end a watch releases its resources", async () => {
  using table = new SystemTable(() => new LinuxBackend());
  table.change(changesOf("create", 2));
  table.list();
  const before = descriptors();
  for await (const _ of table.watch({ filter: FILTER })) break;
  assertEquals(descriptors(), before);
  {
    await using watch = table.watch({ filter: FILTER });
    assertEquals((await watch.next()).done, false);
    assert(descriptors() > before);
  }
  assertEquals(descriptors(), before);
  try {
    for await (const _ of table.watch({ filter: FILTER })) throw "enough";
  } catch (error) {
    assertEquals(error, "enough");
  }
  assertEquals(descriptors(), before);
  const other = new SystemTable(() => new LinuxBackend());
  const watch = other.watch({ initial: false });
  const end = watch.next();
  other.close();
  assertEquals((await end).done, true);
  assertEquals(descriptors(), before);
});

networkTest(
  "watches of several tables share one poll and all get their events",
  async ({ table }) => {
    using other = new SystemTable(() => new LinuxBackend());
    table.list();
    other.list();
    const before = descriptors();
    const controller = new AbortController();
    const { signal } = controller;
    const options = { filter: FILTER, signal };
    // More than Deno has threads for
    const followers = Array.from(
      { length: 40 },
      (_, i) => new Follower((i % 2 ? table : other).watch(options)),
    );
    await pause(10);
    // A socket each, and one eventfd
    assertEquals(descriptors(), before + 41);
    for (let i = 0; i < 20; i++) {
      table.change(changesOf("create", 1, { from: i }));
      await pause(i % 3);
    }
    for (const one of followers) {
      await one.until(() => one.events.length === 20, "twenty events");
    }
    // Files are read meanwhile: the pool is not used up
    await Deno.stat("/");
    controller.abort();
    for (const one of followers) await one.ended;
    assertEquals(descriptors(), before);
  },
);

networkTest(
  "events of a slow consumer stay in the kernel's buffer",
  async ({ table }) => {
    await using watch = table.watch({ filter: FILTER });
    table.change(changesOf("create", 200));
    await pause(20);
    for (let i = 0; i < 200; i++) {
      const { value } = await watch.next();
      assertEquals(value?.type, "added");
      if (i % 50 === 0) await pause(2);
    }
  },
);
