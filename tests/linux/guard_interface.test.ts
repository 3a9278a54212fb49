import { assertEquals } from "@std/assert";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import { Guarding, OURS, Pair, THEIRS } from "../helpers/linux/guarding.ts";
import { addressOf, linkLayerOf } from "../helpers/linux/many.ts";
import { keyOn, standingFully } from "../helpers/linux/model.ts";
import { renameMissing } from "../helpers/linux/kernel.ts";
import {
  DEVICE,
  ip,
  ipNeighbor,
  networkTest,
} from "../helpers/linux/network.ts";
import { pause } from "../helpers/pause.ts";

function pin(address: string, interfaceAlias: string): NeighborEntry {
  return { address, linkLayerAddress: OURS, interfaceAlias };
}

/** The permanent IPv4 entries of an interface. */
function pinnedOn(device: string): { dst: string; lladdr: string }[] {
  return JSON.parse(ip(`-j -4 neigh show dev ${device} nud permanent`));
}

networkTest(
  "an interface that appears later, is removed, and appears again",
  async ({ table }) => {
    const entries = [
      pin("10.0.0.7", DEVICE),
      pin("10.9.0.7", "late"),
      pin("10.9.0.8", "late"),
      pin("10.8.0.7", "later"),
    ];
    await using guarding = await Guarding.begin(entries, { table });
    const [applied] = guarding.of("applied");
    assertEquals(
      applied?.report.entries.map(({ entry, outcome }) => [entry, outcome]),
      [[entries[0]!, "created"]],
    );
    assertEquals(guarding.said(), ["applied", "waiting", "waiting"]);
    const waiting = guarding.of("waiting");
    assertEquals(waiting.map((one) => one.entries), [
      [entries[1]!, entries[2]!],
      [entries[3]!],
    ]);
    assertEquals(waiting[0]?.error.code, "INTERFACE_NOT_FOUND");
    // Told once, however often it is looked for
    await pause(100);
    assertEquals(guarding.events.length, 3);

    using pair = new Pair("late");
    for (let round = 1; round <= 3; round++) {
      guarding.events.length = 0;
      if (round > 1) {
        pair.go();
        await guarding.until(() => guarding.said().length >= 1, "gone");
        pair.come();
      }
      await guarding.until(() => guarding.repairs().length >= 2, "come");
      assertEquals(guarding.said(), [
        ...(round > 1 ? ["waiting"] : []),
        ...["arrived", "created 10.9.0.7", "created 10.9.0.8"],
      ]);
      for (
        const told of [...guarding.of("waiting"), ...guarding.of("arrived")]
      ) {
        assertEquals(told.entries, [entries[1]!, entries[2]!]);
      }
      assertEquals(guarding.of("repaired")[1]?.repairs, round);
      assertEquals(pinnedOn("late").map(({ lladdr }) => lladdr), [OURS, OURS]);
    }
    // The others were not touched by that
    assertEquals(ipNeighbor("10.0.0.7")?.lladdr, OURS);
    assertEquals(await guarding.end(), { repairs: 6, refusals: 0 });
  },
);

networkTest(
  "all entries are created again on an interface that reappears",
  async ({ table }) => {
    // As on a busy machine: not all is heard before something is done
    const watch = table.openWatch.bind(table);
    table.openWatch = (...given) => {
      const events = watch(...given);
      const next = events.next.bind(events);
      let heard = 0;
      events.next = async () => {
        if (++heard % 500 === 0) await pause(3);
        return await next();
      };
      return events;
    };
    const count = 3000;
    const entries = Array.from({ length: count }, (_, i) => ({
      ...pin(addressOf(i), "late"),
      linkLayerAddress: linkLayerOf(i),
    }));
    using pair = new Pair("late");
    await using guarding = await Guarding.begin(entries, { table });
    pair.go();
    await guarding.until(() => guarding.of("waiting").length > 0, "waiting");
    assertEquals(guarding.of("waiting")[0]?.entries.length, count);
    pair.come();
    await guarding.until(() => guarding.of("arrived").length > 0, "arrived");
    await guarding.until(() => guarding.of("repaired").length === count, "all");
    const rows = standingFully(["late"]);
    for (let i = 0; i < count; i++) {
      const words = rows.get(keyOn("late", addressOf(i)));
      assertEquals(words, `${linkLayerOf(i)} permanent`);
    }
  },
);

networkTest(
  "an entry by index waits for that index, one by alias for that name",
  async ({ table }) => {
    using pair = new Pair("late");
    const index = Number(
      JSON.parse(ip("-j link show dev late"))[0].ifindex,
    );
    const entries: NeighborEntry[] = [
      pin("10.9.0.7", "late"),
      { ...pin("10.9.0.8", ""), interfaceAlias: null, interfaceIndex: index },
    ];
    await using guarding = await Guarding.begin(entries, { table });
    ip("link set late name other");
    await guarding.until(() => guarding.of("waiting").length > 0, "renamed");
    // That one has moved on with its interface
    ip("neigh del 10.9.0.8 dev other");
    await guarding.until(() => guarding.repairs().length > 0, "by index");
    assertEquals(guarding.repairs(), ["created 10.9.0.8, found nothing, 1"]);
    // Entries of the name that no pin uses are foreign
    ip(`neigh replace 10.9.0.7 lladdr ${THEIRS} dev other`);
    ip("link set other name late");
    await guarding.until(() => guarding.repairs().length > 1, "named again");
    assertEquals(
      guarding.repairs()[1],
      `changed 10.9.0.7, found ${THEIRS} permanent, 1`,
    );
    pair.go();
    await guarding.until(() => guarding.of("waiting").length === 3, "gone");
    pair.come(` index ${index}`);
    await guarding.until(() => guarding.repairs().length === 4, "come");
    assertEquals(pinnedOn("late").map(({ dst }) => dst).toSorted(), [
      ...["10.9.0.7", "10.9.0.8"],
    ]);
  },
  renameMissing(),
);

networkTest(
  "an entry that waits for its zone's interface does not delay other entries",
  async ({ table }) => {
    using _ = new Pair("late");
    const interfaceIndex = Number(
      JSON.parse(ip("-j link show dev late"))[0].ifindex,
    );
    const linkLayerAddress = OURS;
    const entries: NeighborEntry[] = [
      { address: "10.9.0.7", linkLayerAddress, interfaceIndex },
      { address: "fe80::7%late", linkLayerAddress, interfaceIndex },
    ];
    await using guarding = await Guarding.begin(entries, { table });
    ip("link set late name other");
    ip("neigh del fe80::7 dev other");
    await guarding.until(() => guarding.of("waiting").length > 0, "renamed");
    assertEquals(guarding.of("waiting")[0]?.entries, [entries[1]!]);
    ip("neigh del 10.9.0.7 dev other");
    await guarding.until(() => guarding.repairs().length > 0, "the other");
    // It is not taken for one that has come, again and again
    await pause(100);
    assertEquals(guarding.said().slice(1), ["waiting", "created 10.9.0.7"]);
    ip("link set other name late");
    await guarding.until(() => guarding.repairs().length > 1, "named again");
    assertEquals(guarding.said().slice(3), ["arrived", "created fe80::7%late"]);
  },
  renameMissing(),
);
