import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type GuardEvent,
  guardNeighbors,
  type GuardOptions,
  NeighborApplyError,
  openNeighborTable,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { ip, kernelNeighbors, tryIp } from "../helpers/wine/witness.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

const OURS = "02:fc:00:00:00:05";
const THEIRS = "02:ee:00:00:00:01";
const PIN = {
  address: "192.0.2.7",
  linkLayerAddress: OURS,
  interfaceAlias: ETHERNET,
};

/** Runs a guard beside `body`, which is told what has happened so far. */
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
      const end = performance.now() + 5000;
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

function pause(milliseconds: number): Promise<void> {
  return new Promise((go) => setTimeout(go, milliseconds));
}

async function neigh(words: string): Promise<void> {
  await ip("neigh", ...words.split(" "), "dev", ETHERNET);
}

wineTest(
  "guardNeighbors() puts back what drifts from one reading to the next",
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
  "guardNeighbors() is not deceived by who takes a repair back before it is read",
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

wineTest("guardNeighbors() with prune removes what comes later", async () => {
  await guarding({ prune: true }, async (said) => {
    await said(1);
    await neigh(`add 192.0.2.8 lladdr ${THEIRS} nud permanent`);
    assertEquals((await said(2)).at(-1), `removed 192.0.2.8 ${THEIRS} 1`);
    assertEquals((await kernelNeighbors("192.0.2.8")).length, 0);
  });
});

wineTest(
  "guardNeighbors() waits for an interface, and tells when it has come",
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
  "guardNeighbors() tells once what is refused, and tries again",
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
  "guardNeighbors() that may not write ends before it begins",
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
      guardNeighbors([PIN], { signal }),
      guardNeighbors([PIN], { table }),
    ];
    await pause(100);
    const start = performance.now();
    controller.abort();
    table.close();
    await Promise.all(guards);
    assert(performance.now() - start < 500, "the interval was waited for");
  },
);
