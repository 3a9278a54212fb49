import { assertEquals, assertThrows } from "@std/assert";
import { bindAll } from "../../ffi/bind.ts";
import { EntryList } from "../../ffi/entry_list.ts";
import { parseEntry } from "../../ffi/parse/entry.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { rollBack } from "../../reconcile/rollback.ts";
import { FakeBackend, rowOf } from "../helpers/fake_table.ts";
import {
  KEY,
  LEARNT,
  MADE,
  ON,
  OURS,
  PINNED,
  row,
  THEIRS,
  undone,
} from "../helpers/rolled_back.ts";

Deno.test("a rollback is lost where the system returns success and does nothing", () => {
  for (const previous of [PINNED, LEARNT]) {
    const { outcome, isUndone, error, cause } = undone({
      previous,
      now: MADE,
      restore: () => {},
    });
    assertEquals([outcome, isUndone, error], [
      "lost",
      true,
      'UNCONFIRMED Cannot put back neighbor 10.0.0.7 on interface "va": the ' +
      `system answered success, yet it still has ${OURS}, permanent`,
    ]);
    assertEquals((cause?.entry as Neighbor).address, "10.0.0.7");
  }
});

Deno.test("a rollback is lost where a part is not restored: the error names it", () => {
  const previous = row("02:fc:00:00:00:03", "permanent", {
    isRouter: true,
    protocol: 11,
    flags: ["managed"],
  });
  const { outcome, error } = undone({
    previous,
    now: MADE,
    restore: (fake) => void fake.rows.set(KEY, PINNED),
  });
  assertEquals([outcome, error], [
    "lost",
    'UNCONFIRMED Cannot put back neighbor 10.0.0.7 on interface "va": the ' +
    "system answered success, yet router false, was true, " +
    "protocol none, was 11, flags none, was managed",
  ]);
});

Deno.test("a rollback is lost where the system refuses it, with that error", () => {
  const denied = new NeighborError("ACCESS_DENIED", "Not you");
  for (const previous of [PINNED, undefined]) {
    const { outcome, isUndone, cause, left } = undone({
      previous,
      now: MADE,
      refuse: denied,
    });
    assertEquals([outcome, isUndone, cause, left], [
      "lost",
      true,
      denied,
      MADE,
    ]);
  }
  // Refused, and yet as before: nothing is lost
  const { outcome, error } = undone({
    previous: PINNED,
    now: MADE,
    restore(fake) {
      fake.rows.set(KEY, PINNED);
      throw denied;
    },
  });
  assertEquals([outcome, error], ["restored", undefined]);
});

Deno.test("a rollback is lost where the interface is missing", () => {
  const gone = new NeighborError("INTERFACE_NOT_FOUND", "It has gone");
  const { outcome, isUndone, cause } = undone({
    previous: PINNED,
    now: MADE,
    restore(fake) {
      fake.rows.clear();
      throw gone;
    },
  });
  assertEquals([outcome, isUndone, cause], ["lost", true, gone]);
});

Deno.test("a rollback is lost where the table cannot be read, before or after", () => {
  const broken = new NeighborError("OTHER", "It cannot be read");
  for (const isUndone of [false, true]) {
    const fake = new FakeBackend([ON]);
    const entries = new EntryList();
    const changes = ["10.0.0.7", "10.0.0.8"].map((address) => {
      const position = parseEntry(entries, {
        address,
        linkLayerAddress: OURS,
        interfaceAlias: "va",
      });
      fake.rows.set(`2 ${address}`, rowOf(ON, address, OURS));
      return {
        position,
        isRemoval: false,
        previous: undefined,
        isRefused: false,
      };
    });
    bindAll(fake, entries);
    const read = fake.read.bind(fake);
    const wereRead = new Set<number>();
    fake.read = (list, position) => {
      if (!isUndone || wereRead.has(position)) throw broken;
      wereRead.add(position);
      return read(list, position);
    };
    assertEquals(
      rollBack(fake, entries, changes),
      changes.map(() => ({ outcome: "lost", isUndone, error: broken })),
    );
    assertEquals(fake.rows.size, isUndone ? 0 : 2);
  }
});

Deno.test("several changes are rolled back one by one, the last first", () => {
  const fake = new FakeBackend([ON]);
  const entries = new EntryList();
  const changes = [undefined, PINNED, LEARNT, PINNED].map((before, i) => {
    const address = `10.0.0.${i}`;
    fake.rows.set(`2 ${address}`, rowOf(ON, address, i === 3 ? THEIRS : OURS));
    return {
      position: parseEntry(entries, {
        address,
        linkLayerAddress: OURS,
        interfaceAlias: "va",
      }),
      isRemoval: false,
      previous: before && { ...before, address },
      isRefused: false,
    };
  });
  bindAll(fake, entries);
  const order: string[] = [];
  fake.refuse = (_, address) => void order.push(address) as undefined;
  assertEquals(rollBack(fake, entries, changes), [
    { outcome: "restored", isUndone: true },
    { outcome: "restored", isUndone: true },
    { outcome: "restored", isUndone: true },
    { outcome: "foreign", isUndone: false },
  ]);
  assertEquals(order, ["10.0.0.2", "10.0.0.1", "10.0.0.0"]);
});

/** Two created entries, of which the first is at 10.0.0.1. */
function twoCreated(fake: FakeBackend) {
  const entries = new EntryList();
  const changes = [1, 2].map((octet) => {
    const address = `10.0.0.${octet}`;
    fake.rows.set(`2 ${address}`, rowOf(ON, address, OURS));
    return {
      position: parseEntry(entries, {
        address,
        linkLayerAddress: OURS,
        interfaceAlias: "va",
      }),
      isRemoval: false,
      previous: undefined,
      isRefused: false,
    };
  });
  bindAll(fake, entries);
  return { entries, changes };
}

Deno.test("an entry that somebody changes while another is rolled back is left", () => {
  const fake = new FakeBackend([ON]);
  const { entries, changes } = twoCreated(fake);
  const theirs = rowOf(ON, "10.0.0.1", THEIRS);
  // The last is rolled back first
  fake.before = (write) => {
    if (write === 1) fake.rows.set("2 10.0.0.1", theirs);
  };
  assertEquals(
    rollBack(fake, entries, changes).map(({ outcome }) => outcome),
    ["foreign", "restored"],
  );
  assertEquals([...fake.rows.values()], [theirs]);
});

Deno.test("a rollback reads entry by entry where a table cannot be scanned", () => {
  const fake = new FakeBackend([ON]);
  const { entries, changes } = twoCreated(fake);
  fake.isSnapshot = true;
  fake.scan = () => {
    throw new NeighborError("NO_MEMORY", "The table does not fit");
  };
  assertEquals(
    rollBack(fake, entries, changes),
    changes.map(() => ({ outcome: "restored", isUndone: true })),
  );
  assertEquals(fake.rows.size, 0);
});

Deno.test("rows that went with their interface are lost, which is looked up once", () => {
  const fake = new FakeBackend([ON]);
  const { entries, changes } = twoCreated(fake);
  const pinned = changes.map((change) => ({ ...change, previous: PINNED }));
  fake.rows.clear();
  const gone = new NeighborError("INTERFACE_NOT_FOUND", "It has gone");
  let lookUps = 0;
  fake.refresh = () => {
    lookUps++;
    throw gone;
  };
  assertEquals(
    rollBack(fake, entries, pinned),
    changes.map(() => ({ outcome: "lost", isUndone: false, error: gone })),
  );
  assertEquals(lookUps, 1);
});

Deno.test("an error that is none of the system's ends a rollback", () => {
  const fake = new FakeBackend([ON]);
  const { entries, changes } = twoCreated(fake);
  fake.read = () => {
    throw new TypeError("A bug");
  };
  assertThrows(() => rollBack(fake, entries, changes), TypeError, "A bug");
});
