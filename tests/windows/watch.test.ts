import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  NeighborError,
  type NeighborEvent,
  openNeighborTable,
  watchNeighbors,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { ip, kernelIndex } from "../helpers/wine/witness.ts";
import { rawRow } from "../helpers/windows/raw_row.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

const FILTER = { subnet: "192.0.2.0/24", interfaceAlias: ETHERNET };

/** Takes events until there are so many; a watch that says less hangs. */
async function take(
  events: AsyncIterator<NeighborEvent>,
  count: number,
): Promise<NeighborEvent[]> {
  const taken: NeighborEvent[] = [];
  while (taken.length < count) {
    const { value, done } = await events.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

const words = (event: NeighborEvent) =>
  event.type === "resync" ? event.type : [
    event.type,
    (event.neighbor ?? event.previous).address,
    event.neighbor?.linkLayerAddress ?? null,
  ].join(" ");

wineTest("watchNeighbors() reads and compares the kernel's table", async () => {
  await ip(
    "neigh",
    "add",
    "192.0.2.7",
    "lladdr",
    "02:fc:00:00:00:01",
    "dev",
    ETHERNET,
  );
  const events = watchNeighbors({ filter: FILTER, interval: 50 })
    [Symbol.asyncIterator]();
  const [first] = await take(events, 1);
  assertEquals(words(first!), "added 192.0.2.7 02:fc:00:00:00:01");
  assertEquals(first?.type === "added" && first.initial, true);
  await ip(
    "neigh",
    "add",
    "192.0.2.8",
    "lladdr",
    "02:fc:00:00:00:02",
    "dev",
    ETHERNET,
  );
  assertEquals((await take(events, 1)).map(words), [
    "added 192.0.2.8 02:fc:00:00:00:02",
  ]);
  await ip(
    "neigh",
    "replace",
    "192.0.2.7",
    "lladdr",
    "02:fc:00:00:00:03",
    "dev",
    ETHERNET,
  );
  assertEquals((await take(events, 1)).map(words), [
    "changed 192.0.2.7 02:fc:00:00:00:03",
  ]);
  await ip("neigh", "del", "192.0.2.8", "dev", ETHERNET);
  assertEquals((await take(events, 1)).map(words), ["removed 192.0.2.8 "]);
  await events.return?.();
});

wineTest(
  "an abort ends a watch at once, and so does closing its table",
  async () => {
    const controller = new AbortController();
    const aborted = take(
      watchNeighbors({
        filter: FILTER,
        signal: controller.signal,
        interval: 60_000,
      })[Symbol.asyncIterator](),
      1,
    );
    const table = openNeighborTable();
    const closed = take(
      table.watch({ filter: FILTER, interval: 60_000 })
        [Symbol.asyncIterator](),
      1,
    );
    const started = performance.now();
    controller.abort();
    table.close();
    await Promise.allSettled([aborted, closed]);
    assert(performance.now() - started < 30_000, "the interval was waited for");
  },
);

wineTest(
  "watchNeighbors() refuses invalid options before it reads",
  () => {
    const refused = [
      { interval: 0 },
      { interval: -1 },
      { interval: NaN },
      { filter: { subnet: "192.0.2.1/24" } },
      { filter: { interfaceAlias: "" } },
    ];
    for (const options of refused) {
      const error = assertThrows(() => watchNeighbors(options), NeighborError);
      assertEquals(error.code, "INVALID_PARAMETER");
    }
    assertEquals(control.calls().GetIpNetTable2, 0);
  },
);

wineTest("a round over 10,000 rows is read, compared and freed", async () => {
  control.setBackend("memory");
  const index = await kernelIndex(ETHERNET);
  control.addRows(
    ...Array.from(
      { length: 10_000 },
      (_, i) => rawRow({ index, address: [10, 0, i >> 8, i & 255] }),
    ),
  );
  const events = watchNeighbors({ interval: 20 })[Symbol.asyncIterator]();
  assertEquals(
    (await take(events, 10_000)).every((one) => one.type === "added"),
    true,
  );
  control.addRows(rawRow({ index, address: [10, 1, 0, 0] }));
  const started = performance.now();
  assertEquals((await take(events, 1)).map(words), [
    "added 10.1.0.0 02:fc:00:00:00:01",
  ]);
  console.log(
    `a round over 10,000 rows took ${
      Math.round(performance.now() - started)
    } ms at the most`,
  );
  await events.return?.();
});
