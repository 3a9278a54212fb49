/**
 * Computers where a deleted row stays in the table, unreachable, with an
 * address of zeroes or with none (reported from the field): such a row counts
 * as absent.
 */

import { assertEquals, assertThrows } from "@std/assert";
import {
  applyNeighbors,
  changeNeighbors,
  createNeighbor,
  deleteNeighbor,
  flushNeighbors,
  getNeighbor,
  guardNeighbors,
  listNeighbors,
  type Neighbor,
  NeighborError,
  openNeighborTable,
  pinNeighbor,
  planNeighbors,
  replaceNeighbor,
  setNeighbor,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { kernelIndex } from "../helpers/wine/witness.ts";
import {
  countsOf,
  OURS,
  outcomesOf,
  pin,
  THEIRS,
  tryToApply,
  writes,
} from "../helpers/windows/applying.ts";
import { rawRow } from "../helpers/windows/raw_row.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

const UNREACHABLE = 0;
const INCOMPLETE = 1;
const STALE = 4;
const ZEROES = [0, 0, 0, 0, 0, 0];

const KINDS = [
  ["zeroes", "refused"],
  ["zeroes", "succeeds"],
  ["empty", "refused"],
  ["empty", "succeeds"],
] as const;

/** The rows that have an address: the others count as absent. */
function table(): string[] {
  return listNeighbors()
    .filter(({ linkLayerAddress }) => linkLayerAddress !== null)
    .map(({ address, linkLayerAddress, state }) =>
      `${address} ${linkLayerAddress} ${state}`
    ).toSorted();
}

for (const [leaves, create] of KINDS) {
  /** The memory backend of such a computer, after 192.0.2.9 was deleted. */
  const computer = async (): Promise<number> => {
    const index = await kernelIndex(ETHERNET);
    control.setBackend("memory");
    control.setZombies(leaves, create);
    control.addRows(
      rawRow({
        index,
        address: [192, 0, 2, 9],
        state: UNREACHABLE,
        physical: leaves === "zeroes" ? ZEROES : [],
      }),
    );
    return index;
  };
  const test = (what: string, body: (index: number) => void | Promise<void>) =>
    wineTest(
      `a deleted row stays (${leaves}, create ${create}): ${what}`,
      async () => await body(await computer()),
    );

  test("it is listed without an address", () => {
    const [row] = listNeighbors();
    assertEquals([row?.state, row?.linkLayerAddress], ["unreachable", null]);
    const seen = getNeighbor(pin("192.0.2.9"));
    assertEquals(seen?.linkLayerAddress ?? null, null);
    // Given back it cannot be pinned
    const before = writes();
    assertThrows(
      () => setNeighbor(row as Parameters<typeof setNeighbor>[0]),
      NeighborError,
    );
    assertEquals(writes(), before);
    assertEquals(table(), []);
  });

  test("replace makes an entry of it", () => {
    assertEquals(replaceNeighbor(pin("192.0.2.9")), "created");
    assertEquals(table(), [`192.0.2.9 ${OURS} permanent`]);
  });

  test("create makes an entry of it, and says so before", () => {
    const entry = pin("192.0.2.9");
    using opened = openNeighborTable();
    const { operation } = opened.preview("create", entry);
    assertEquals(operation, "CreateIpNetEntry2");
    createNeighbor(entry);
    assertEquals(table(), [`192.0.2.9 ${OURS} permanent`]);
    for (const call of ["preview", "create"] as const) {
      const error = assertThrows(
        () =>
          call === "create"
            ? opened.create(entry)
            : opened.preview("create", entry),
        NeighborError,
      );
      assertEquals(error.code, "ALREADY_EXISTS");
    }
  });

  test("a replace that deletes and creates", (index) => {
    control.setOnDynamic("ignore");
    control.addRows(rawRow({ index, address: [192, 0, 2, 8], state: STALE }));
    // "ignore" would hold of the row that stays as well
    control.after(
      "DeleteIpNetEntry2",
      1,
      "setdynamic=permanent",
    );
    assertEquals(replaceNeighbor(pin("192.0.2.8")), "changed");
    assertEquals(table(), [`192.0.2.8 ${OURS} permanent`]);
  });

  test("a batch creates, changes, deletes and creates again", () => {
    const entry = pin("192.0.2.9");
    const results = changeNeighbors([
      { verb: "replace", ...entry },
      { verb: "set", ...entry, linkLayerAddress: THEIRS },
      { verb: "delete", ...entry },
      { verb: "replace", ...entry },
    ]);
    assertEquals(
      results.map((one) =>
        one.outcome === "done" ? one.result : one.error.code
      ),
      ["created", "changed", "deleted", "created"],
    );
    assertEquals(table(), [`192.0.2.9 ${OURS} permanent`]);
  });

  test("a plan and an apply create it", async () => {
    const entry = pin("192.0.2.9");
    const plan = planNeighbors([entry], listNeighbors());
    assertEquals([plan.create.length, plan.change.length], [1, 0]);
    const { entries } = await applyNeighbors([entry], { prune: true });
    assertEquals(
      entries.map(({ outcome, previous }) => [outcome, previous]),
      [["created", null]],
    );
    const again = await applyNeighbors([entry], { prune: true });
    assertEquals(outcomesOf(again), ["unchanged"]);
    assertEquals(table(), [`192.0.2.9 ${OURS} permanent`]);
  });

  test("a rollback of what was created says restored", async () => {
    const pins = ["6", "7", "9"].map((last) => pin(`192.0.2.${last}`));
    control.failNext("CreateIpNetEntry2", 8, 1, 2);
    control.failNext("SetIpNetEntry2", 8, 1, 0);
    const { error, report } = await tryToApply(pins);
    assertEquals(error?.status, 8);
    const { restored = 0, refused = 0, untouched = 0, ...others } = countsOf(
      report,
    );
    assertEquals(others, {});
    assertEquals(restored + refused + untouched, 3);
    assertEquals(table(), []);
  });

  test("a rollback of many", async () => {
    const pins = Array.from(
      { length: 300 },
      (_, i) => pin(`10.7.${i >> 8}.${i & 255}`),
    );
    control.failNext("CreateIpNetEntry2", 8, 1, 200);
    const { error, report } = await tryToApply(pins);
    assertEquals(error?.status, 8);
    assertEquals(error?.message.includes("put back as it was"), true);
    const { restored = 0, refused = 0, untouched = 0, ...others } = countsOf(
      report,
    );
    assertEquals(others, {});
    assertEquals([restored >= 200, refused, restored + refused + untouched], [
      true,
      1,
      300,
    ]);
    assertEquals(table(), []);
    // And the same again, over what has stayed of them
    assertEquals(countsOf((await tryToApply(pins)).report), { created: 300 });
  });

  test("prune removes, once", async () => {
    createNeighbor(pin("192.0.2.8"));
    const { entries } = await applyNeighbors([pin("192.0.2.7")], {
      prune: true,
    });
    assertEquals(entries.map(({ outcome }) => outcome), ["created", "removed"]);
    const again = await applyNeighbors([pin("192.0.2.7")], { prune: true });
    assertEquals(outcomesOf(again), ["unchanged"]);
  });

  test("flush answers no row twice", (index) => {
    control.addRows(rawRow({ index, address: [192, 0, 2, 8], state: STALE }));
    createNeighbor(pin("192.0.2.7"));
    assertEquals(
      flushNeighbors({ interfaceAlias: ETHERNET }).map(({ address }) =>
        address
      ),
      ["192.0.2.8"],
    );
    assertEquals(flushNeighbors({ interfaceAlias: ETHERNET }), []);
    assertEquals(
      flushNeighbors({ interfaceAlias: ETHERNET, state: "stale" }),
      [],
    );
    assertEquals(table(), [`192.0.2.7 ${OURS} permanent`]);
    assertEquals(
      flushNeighbors({ interfaceAlias: ETHERNET, permanent: true })
        .map(({ address }) => address),
      ["192.0.2.7"],
    );
    assertEquals(
      flushNeighbors({ interfaceAlias: ETHERNET, permanent: true }),
      [],
    );
  });

  test("a pin ends as nothing", () => {
    {
      const held = pinNeighbor(pin("192.0.2.9"));
      assertEquals([held.result, held.previous], ["created", null]);
      assertEquals(held.unpin(), "restored");
    }
    assertEquals(table(), []);
  });

  test("a guard puts back what was deleted", async () => {
    const controller = new AbortController();
    const told: string[] = [];
    await guardNeighbors([pin("192.0.2.7")], {
      interval: 30,
      signal: AbortSignal.any([controller.signal, AbortSignal.timeout(60_000)]),
      report(event) {
        told.push(event.type === "repaired" ? event.outcome : event.type);
        if (event.type === "applied") deleteNeighbor(pin("192.0.2.7"));
        if (event.type === "repaired") controller.abort();
      },
    });
    assertEquals(told, ["applied", "created"]);
    assertEquals(table(), [`192.0.2.7 ${OURS} permanent`]);
  });
}

wineTest("a row that waits for its first answer has no address", async () => {
  control.setBackend("memory");
  const index = await kernelIndex(ETHERNET);
  control.addRows(
    rawRow({
      index,
      address: [192, 0, 2, 3],
      state: INCOMPLETE,
      physical: ZEROES,
    }),
    // An address of an unreachable row that is one
    rawRow({ index, address: [192, 0, 2, 4], state: UNREACHABLE }),
    // Zeroes that the caller has written are the desired address
    rawRow({ index, address: [192, 0, 2, 5], physical: ZEROES }),
  );
  const addressOf = (row: Neighbor | undefined) => row?.linkLayerAddress;
  assertEquals(listNeighbors().map(addressOf), [
    null,
    "02:fc:00:00:00:01",
    "00:00:00:00:00:00",
  ]);
  assertEquals(replaceNeighbor(pin("192.0.2.3")), "created");
});
