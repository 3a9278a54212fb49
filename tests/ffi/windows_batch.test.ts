import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  CREATE,
  DELETE,
  REFUSED,
  REPLACE,
  SET,
  UNKNOWN,
} from "../../ffi/entry_list.ts";
import { WindowsBatch } from "../../ffi/windows/batch.ts";
import { WindowsInterface } from "../../ffi/windows/interfaces.ts";
import {
  CREATES,
  DELETES,
  listOf,
  OURS,
  previousOf,
  READ,
  READ6,
  run,
  seeded,
  SETS,
  THEIRS,
} from "../helpers/windows/batch.ts";
import {
  FakeCalls,
  PERMANENT,
  STALE,
  UNREACHABLE,
} from "../helpers/windows/fake_calls.ts";

const ZEROES = "00:00:00:00:00:00";

Deno.test("unconfirmed writes are one call each", () => {
  const system = seeded("192.0.2.7", THEIRS, PERMANENT);
  for (
    const [verb, address, call, outcome] of [
      [SET, "192.0.2.7", SETS, "changed"],
      [CREATE, "192.0.2.8", CREATES, "created"],
      [DELETE, "192.0.2.7", DELETES, "deleted"],
    ] as const
  ) {
    system.made.length = 0;
    assertEquals(run(system, listOf([verb, address]), false), [outcome]);
    assertEquals(system.made, [call]);
  }
});

Deno.test("a replace sees an unconfirmed write before it", () => {
  const system = seeded("192.0.2.7", THEIRS, PERMANENT);
  const entries = listOf(
    [REPLACE, "192.0.2.9"],
    [SET, "192.0.2.7", OURS],
    [CREATE, "192.0.2.8", OURS],
    [REPLACE, "192.0.2.10"],
    [REPLACE, "192.0.2.7", OURS],
    [REPLACE, "192.0.2.8", THEIRS],
  );
  assertEquals(run(system, entries, false), [
    ...["created", "changed", "created"],
    ...["created", "unchanged", "changed"],
  ]);
  assertEquals(previousOf(entries), {
    4: `${OURS}, permanent`,
    5: `${OURS}, permanent`,
  });
  assertEquals(system.made, [
    ...[READ, CREATES, SETS, CREATES, CREATES],
    ...[READ, SETS, READ],
  ]);
});

Deno.test("replaces read each family once before and once after", () => {
  const system = new FakeCalls();
  const addresses = ["192.0.2.7", "2001:db8::7", "192.0.2.8", "2001:db8::8"];
  const list = () =>
    listOf(...addresses.map((address) => [REPLACE, address] as const));
  assertEquals(run(system, list()), Array(4).fill("created"));
  assertEquals(system.made, [
    READ,
    CREATES,
    READ6,
    ...[CREATES, CREATES, CREATES],
    READ,
    READ6,
  ]);

  system.made.length = 0;
  const again = list();
  assertEquals(run(system, again), Array(4).fill("unchanged"));
  assertEquals(system.made, [READ, READ6]);
  assertEquals(previousOf(again)[3], `${OURS}, permanent`);
  assertEquals(again.previous.get(0)?.interfaceAlias, "alias of 3");
});

Deno.test("the same address on another interface is another entry", () => {
  const system = seeded("192.0.2.7", OURS, PERMANENT);
  const entries = listOf(
    [REPLACE, "192.0.2.7", OURS, 4],
    [REPLACE, "192.0.2.7", THEIRS, 3],
  );
  assertEquals(run(system, entries), ["created", "changed"]);
  assertEquals(previousOf(entries), { 1: `${OURS}, permanent` });
});

Deno.test("an entry with an index only is found by it", () => {
  const system = seeded("192.0.2.7", OURS, PERMANENT);
  const entries = listOf([REPLACE, "192.0.2.7"]);
  entries.bound[0] = new WindowsInterface(0n, 3, null);
  assertEquals(run(system, entries), ["unchanged"]);
  const other = listOf([REPLACE, "192.0.2.7"]);
  other.bound[0] = new WindowsInterface(0n, 4, null);
  assertEquals(run(system, other), ["created"]);
});

Deno.test("writes of one address are each verified, in their order", () => {
  const system = seeded("192.0.2.9", THEIRS, PERMANENT);
  const entries = listOf(
    [DELETE, "192.0.2.9"],
    [REPLACE, "192.0.2.9"],
    [SET, "192.0.2.9", THEIRS],
    [REPLACE, "192.0.2.9", THEIRS],
    [REPLACE, "192.0.2.9", OURS],
    [DELETE, "192.0.2.9"],
    [DELETE, "192.0.2.9"],
    [CREATE, "192.0.2.9"],
    [CREATE, "192.0.2.9"],
  );
  assertEquals(run(system, entries), [
    "deleted",
    "created",
    "changed",
    "unchanged",
    "changed",
    "deleted",
    "refused NOT_FOUND",
    "created",
    "refused ALREADY_EXISTS",
  ]);
  assertEquals(previousOf(entries), {
    3: `${THEIRS}, permanent`,
    4: `${THEIRS}, permanent`,
  });
});

Deno.test("an address that the system truncates is not a success", () => {
  const system = seeded("192.0.2.7", THEIRS, PERMANENT);
  system.addressLength = 4;
  const entries = listOf(
    [SET, "192.0.2.7"],
    [CREATE, "192.0.2.8"],
    [REPLACE, "192.0.2.9"],
  );
  assertEquals(run(system, entries), Array(3).fill("refused UNCONFIRMED"));
  const messages = [0, 1, 2].map((i) => entries.errors.get(i)!.message);
  assertEquals(messages, [
    "Cannot set neighbor 192.0.2.7 on interface 3: the system answered " +
    `success, yet it has 02:fc:00:00, permanent where ${OURS} was asked for`,
    ...[["create", 8], ["replace", 9]].map(([verb, last]) =>
      `Cannot ${verb} neighbor 192.0.2.${last} on interface 3: the system ` +
      "answered success, yet it has 02:fc:00:00, permanent where " +
      `${OURS}, permanent, was asked for`
    ),
  ]);
  assertEquals(entries.errors.get(0)!.entry, entries.given[0]);
});

Deno.test("a write that the table does not show is not a success", () => {
  const system = new FakeCalls();
  for (const call of [CREATES, SETS, DELETES]) {
    system.answers.push({ call, code: null });
  }
  const entries = listOf([CREATE, "192.0.2.7"], [SET, "192.0.2.8"]);
  assertEquals(run(system, entries), Array(2).fill("refused UNCONFIRMED"));
  assertStringIncludes(
    entries.errors.get(1)!.message,
    "yet there is no entry where",
  );
});

Deno.test("a set is confirmed whatever the state, a create by a permanent row alone", () => {
  const system = seeded("192.0.2.7", THEIRS, STALE);
  system.onDynamic = "dynamic";
  system.seed(listOf([SET, "192.0.2.8"]), 0, STALE);
  system.answers.push({ call: CREATES, code: null });
  const entries = listOf([SET, "192.0.2.7"], [CREATE, "192.0.2.8"]);
  assertEquals(run(system, entries), ["changed", "refused UNCONFIRMED"]);
});

Deno.test("a row removed with its interface is INTERFACE_NOT_FOUND", () => {
  const system = new FakeCalls();
  const entries = listOf([CREATE, "192.0.2.7"], [REPLACE, "192.0.2.8"]);
  system.afterRead = () => {
    system.isThere = false;
    system.forget();
    for (const call of [CREATES, CREATES]) {
      system.answers.push({ call, code: null });
    }
  };
  assertEquals(run(system, entries), [
    "refused INTERFACE_NOT_FOUND",
    "refused INTERFACE_NOT_FOUND",
  ]);
});

Deno.test("a deleted entry that stays, empty, is created by a replace", () => {
  const system = seeded("192.0.2.7", THEIRS, PERMANENT);
  system.hasRemains = true;
  const entries = listOf(
    [REPLACE, "192.0.2.8"],
    [DELETE, "192.0.2.7"],
    [REPLACE, "192.0.2.7"],
    [DELETE, "192.0.2.7"],
    [REPLACE, "192.0.2.7"],
  );
  assertEquals(run(system, entries), [
    ...["created", "deleted", "created", "deleted", "created"],
  ]);
  assertEquals(previousOf(entries), {});
});

for (const confirm of [false, true]) {
  Deno.test(`an empty row that Create finds is no entry, confirm ${confirm}`, () => {
    const system = seeded("192.0.2.7", ZEROES, UNREACHABLE);
    const entries = listOf([CREATE, "192.0.2.7"]);
    assertEquals(run(system, entries, confirm), ["created"]);
    assertEquals(previousOf(entries), {});
    assertEquals(system.made, [CREATES, READ, DELETES, CREATES, READ]);
  });

  Deno.test(`an empty row that stays is written by Set, confirm ${confirm}`, () => {
    const system = seeded("192.0.2.7", ZEROES, UNREACHABLE);
    system.hasRemains = true;
    const entries = listOf([CREATE, "192.0.2.7"]);
    assertEquals(run(system, entries, confirm), ["created"]);
    assertEquals(system.made, [
      ...[CREATES, READ, DELETES, CREATES],
      ...[READ, SETS, READ],
    ]);
  });

  Deno.test(`an entry that Create finds refuses it, confirm ${confirm}`, () => {
    const system = seeded("192.0.2.7", THEIRS, STALE);
    const entries = listOf([CREATE, "192.0.2.7"], [CREATE, "192.0.2.8"]);
    assertEquals(run(system, entries, confirm), [
      "refused ALREADY_EXISTS",
      "created",
    ]);
    assertEquals(system.made, [CREATES, CREATES, READ]);
  });

  Deno.test(`an empty row that Set does not write refuses a create, confirm ${confirm}`, () => {
    const system = seeded("192.0.2.7", ZEROES, UNREACHABLE);
    system.hasRemains = true;
    system.answers.push({ call: SETS, code: "NOT_FOUND" });
    const entries = listOf([CREATE, "192.0.2.7"]);
    assertEquals(run(system, entries, confirm), ["refused ALREADY_EXISTS"]);
  });

  Deno.test(`a create that finds a row, and a table that cannot be read, confirm ${confirm}`, () => {
    const system = seeded("192.0.2.7", ZEROES, UNREACHABLE);
    system.answers.push({ call: READ, code: "NO_MEMORY" });
    const entries = listOf([CREATE, "192.0.2.7"]);
    assertEquals(run(system, entries, confirm), ["refused ALREADY_EXISTS"]);
    assertEquals(system.made, [CREATES, READ]);
  });
}

Deno.test("creates and deletes of one entry, whose row stays, in one batch", () => {
  const system = seeded("192.0.2.7", THEIRS, PERMANENT);
  system.hasRemains = true;
  const entries = listOf(
    [DELETE, "192.0.2.7"],
    [CREATE, "192.0.2.7"],
    [CREATE, "192.0.2.7"],
    [DELETE, "192.0.2.7"],
    [CREATE, "192.0.2.7"],
    [REPLACE, "192.0.2.7"],
  );
  assertEquals(run(system, entries, false), [
    ...["deleted", "created", "refused ALREADY_EXISTS"],
    ...["deleted", "created", "unchanged"],
  ]);
});

Deno.test("a table that cannot be read before a replace refuses it, unwritten", () => {
  const system = new FakeCalls();
  system.answers.push({ call: READ, code: "NO_MEMORY" });
  const entries = listOf(
    [REPLACE, "192.0.2.7"],
    [REPLACE, "2001:db8::7"],
    [REPLACE, "192.0.2.8"],
    [DELETE, "192.0.2.9"],
  );
  assertEquals(run(system, entries), [
    "refused NO_MEMORY",
    "created",
    "refused NO_MEMORY",
    "refused NOT_FOUND",
  ]);
  assertEquals(system.made, [READ, READ6, CREATES, DELETES, READ6]);
  assertEquals(entries.errors.get(2)!.entry, entries.given[2]);
});

Deno.test("a table that cannot be read after writes leaves them unknown", () => {
  const system = new FakeCalls();
  system.answers.push({ call: READ, code: "NO_MEMORY" });
  const entries = listOf([CREATE, "192.0.2.7"], [CREATE, "2001:db8::7"]);
  assertEquals(run(system, entries), ["unknown UNKNOWN_OUTCOME", "created"]);
  assertEquals([...entries.outcomes], [UNKNOWN, 1]);
});

Deno.test("entries that have an outcome already are not written", () => {
  const system = new FakeCalls();
  const entries = listOf(
    [CREATE, "192.0.2.7"],
    [CREATE, "192.0.2.8"],
    [0, "192.0.2.9"],
    [CREATE, "192.0.2.10"],
  );
  entries.outcomes[1] = REFUSED;
  const alias = () => null;
  new WindowsBatch(system.calls, alias, entries, 0, 3, true).write();
  assertEquals([...entries.outcomes], [1, REFUSED, 0, 0]);
  assertEquals(system.made, [CREATES, READ]);
});
