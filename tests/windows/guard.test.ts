import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type GuardEvent,
  guardNeighbors,
  type GuardOptions,
  NeighborApplyError,
  openNeighborTable,
  setNeighbor,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { ip, kernelNeighbors, tryIp } from "../helpers/wine/witness.ts";
import {
  type Indexes,
  indexes,
  MOVES,
  pinned,
  pinsOn,
} from "../helpers/windows/moving.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";
import { pause } from "../helpers/pause.ts";

const OURS = "02:fc:00:00:00:05";
const THEIRS = "02:ee:00:00:00:01";
const PIN = {
  address: "192.0.2.7",
  linkLayerAddress: OURS,
  interfaceAlias: ETHERNET,
};

/** Runs a guard beside `body`, which gets the events so far. */
async function guarding(
  options: GuardOptions,
  body: (said: (count: number) => Promise<string[]>) => Promise<void>,
) {
  const controller = new AbortController();
  const events: GuardEvent[] = [];
  const guard = guardNeighbors([PIN], {
    interval: 30,
    signal: controller.signal,
    report: (event) => events.push(event),
    ...options,
  });
  // Awaited below, whatever becomes of the body
  guard.catch(() => {});
  try {
    await body(async (count) => {
      const end = performance.now() + 60_000;
      while (events.length < count && performance.now() < end) await pause(5);
      return events.map(wordsOf);
    });
  } finally {
    controller.abort();
  }
  return await guard;
}

function wordsOf(event: GuardEvent): string {
  if (event.type !== "repaired") return event.type;
  const { outcome, entry, found, repairs } = event;
  return `${outcome} ${entry.address} ${found?.linkLayerAddress} ${repairs}`;
}

async function neigh(words: string): Promise<void> {
  await ip("neigh", ...words.split(" "), "dev", ETHERNET);
}

wineTest(
  "guardNeighbors() repairs drift between two readings",
  async () => {
    const summary = await guarding({}, async (said) => {
      assertEquals(await said(1), ["applied"]);
      assertEquals((await kernelNeighbors("192.0.2.7"))[0]?.lladdr, OURS);
      await neigh("del 192.0.2.7");
      assertEquals((await said(2)).at(-1), "created 192.0.2.7 undefined 1");
      await neigh(`replace 192.0.2.7 lladdr ${THEIRS} nud permanent`);
      assertEquals((await said(3)).at(-1), `changed 192.0.2.7 ${THEIRS} 2`);
      const [row] = await kernelNeighbors("192.0.2.7");
      assertEquals([row?.lladdr, row?.state], [OURS, ["PERMANENT"]]);
    });
    assertEquals(summary, { repairs: 2, refusals: 0 });
    // The entry stays
    assertEquals((await kernelNeighbors("192.0.2.7"))[0]?.lladdr, OURS);
  },
);

wineTest(
  "guardNeighbors() repairs an entry whose repair was undone before the next reading",
  async () => {
    await guarding({ interval: 200 }, async (said) => {
      await said(1);
      // As it was before the guard began: no reading differs from the first
      await neigh("del 192.0.2.7");
      assertEquals((await said(2)).at(-1), "created 192.0.2.7 undefined 1");
      await neigh("del 192.0.2.7");
      assertEquals((await said(3)).at(-1), "created 192.0.2.7 undefined 2");
    });
  },
);

wineTest(
  "guardNeighbors() with prune removes entries that appear later",
  async () => {
    await guarding({ prune: true }, async (said) => {
      await said(1);
      await neigh(`add 192.0.2.8 lladdr ${THEIRS} nud permanent`);
      assertEquals((await said(2)).at(-1), `removed 192.0.2.8 ${THEIRS} 1`);
      assertEquals((await kernelNeighbors("192.0.2.8")).length, 0);
    });
  },
);

wineTest(
  "guardNeighbors() waits for an interface, and reports its arrival",
  async () => {
    const later = { ...PIN, interfaceAlias: "Later" };
    const controller = new AbortController();
    const events: GuardEvent[] = [];
    const guard = guardNeighbors([PIN, later], {
      interval: 30,
      signal: controller.signal,
      report(event) {
        events.push(event);
        if (event.type === "repaired") controller.abort();
      },
    });
    guard.catch(() => {});
    while (events.length < 2) await pause(5);
    assertEquals(events.map(({ type }) => type), ["applied", "waiting"]);
    try {
      await ip(
        "link",
        "add",
        "Later",
        "type",
        "veth",
        "peer",
        "name",
        "later2",
      );
      await guard;
      assertEquals(
        events.map(wordsOf).slice(2),
        ["arrived", "created 192.0.2.7 undefined 1"],
      );
    } finally {
      controller.abort();
      await tryIp("link", "del", "Later");
    }
  },
);

wineTest(
  "guardNeighbors() reports a refusal once, and retries",
  async () => {
    const { refusals } = await guarding({}, async (said) => {
      await said(1);
      control.setElevated(false);
      await neigh("del 192.0.2.7");
      assertEquals((await said(2)).at(-1), "refused");
      await pause(250);
      assertEquals((await said(2)).length, 2);
      control.setElevated(true);
      assertEquals((await said(3)).at(-1), "created 192.0.2.7 undefined 1");
    });
    assert(refusals >= 2, `${refusals}`);
  },
);

wineTest(
  "guardNeighbors() without permission to write ends at its first application",
  async () => {
    control.setElevated(false);
    await assertRejects(
      () => guardNeighbors([PIN]),
      NeighborApplyError,
      "nothing was changed",
    );
  },
);

wineTest(
  "an abort ends a guard at once, and so does closing its table",
  async () => {
    const table = openNeighborTable();
    const controller = new AbortController();
    const { signal } = controller;
    const guards = [
      guardNeighbors([PIN], { signal, interval: 60_000 }),
      guardNeighbors([PIN], { table, interval: 60_000 }),
    ];
    await pause(100);
    const start = performance.now();
    controller.abort();
    table.close();
    await Promise.all(guards);
    assert(performance.now() - start < 30_000, "the interval was waited for");
  },
);

/** Guards pins by alias through a move; returns the events in words. */
async function guardThrough(
  settings: (on: Indexes) => string[],
  enough: (told: string[]) => boolean,
  before: () => void = () => {},
): Promise<string[]> {
  const on = await indexes();
  const told: string[] = [];
  const controller = new AbortController();
  await guardNeighbors(pinsOn(ETHERNET, 50), {
    interval: 30,
    signal: AbortSignal.any([controller.signal, AbortSignal.timeout(60_000)]),
    report(event) {
      told.push(event.type === "repaired" ? event.outcome : event.type);
      if (event.type === "applied") {
        before();
        control.configure(settings(on).join(";"));
      }
      if (enough(told)) setTimeout(() => controller.abort(), 200);
    },
  });
  return told;
}

for (const [move, settings] of Object.entries(MOVES)) {
  const stays = move === "is renamed" ? 0 : 50;
  wineTest(`a guard by an alias that ${move} follows it`, async () => {
    const told = await guardThrough(
      settings,
      (told) =>
        stays === 0
          ? told.includes("waiting")
          : told.filter((word) => word === "created").length === 50,
    );
    assertEquals(await pinned(), { ethernet: 0, other: stays });
    assertEquals(told[0], "applied");
    assertEquals(told.includes("waiting"), stays === 0);
  });
}

wineTest(
  "a guard leaves an entry on the former interface that was changed since",
  async () => {
    const changed = { ...pinsOn(ETHERNET, 1)[0]!, linkLayerAddress: THEIRS };
    await guardThrough(
      MOVES["moves to the other"]!,
      (told) => told.filter((word) => word === "created").length === 50,
      () => setNeighbor(changed),
    );
    assertEquals(await pinned(), { ethernet: 0, other: 50 });
    const [row] = await kernelNeighbors(changed.address, "dev", ETHERNET);
    assertEquals([row?.lladdr, row?.state], [THEIRS, ["PERMANENT"]]);
  },
);

wineTest(
  "a guard leaves an entry on the former interface that was there before",
  async () => {
    const [first] = pinsOn(ETHERNET, 1);
    // As desired already: it was not the guard that created it
    await ip(
      ...["neigh", "add", first!.address, "lladdr", OURS],
      ...["nud", "permanent", "dev", ETHERNET],
    );
    await guardThrough(
      MOVES["moves to the other"]!,
      (told) => told.filter((word) => word === "created").length === 50,
    );
    assertEquals(await pinned(), { ethernet: 1, other: 50 });
  },
);

wineTest("a guard follows an alias back to its former interface", async () => {
  const on = await indexes();
  let isBack = false;
  const told = await guardThrough(
    MOVES["is renamed"]!,
    (told) => {
      if (told.includes("waiting") && !isBack) {
        isBack = true;
        setTimeout(
          () => control.configure(control.renamed(on.ethernet, ETHERNET)),
          100,
        );
      }
      return told.filter((word) => word === "created").length === 50;
    },
  );
  assertEquals(await pinned(), { ethernet: 50, other: 0 });
  // They were removed when the alias went
  assertEquals(told.filter((word) => word === "created").length, 50);
  assert(told.indexOf("waiting") < told.indexOf("arrived"), told.join());
});
