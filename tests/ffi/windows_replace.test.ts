import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { REFUSED, REPLACE, SET } from "../../ffi/entry_list.ts";
import {
  CREATES,
  DELETES,
  listOf,
  OURS,
  previousOf,
  READ,
  run,
  seeded,
  SETS,
  THEIRS,
} from "../helpers/windows/batch.ts";
import {
  FakeCalls,
  INCOMPLETE,
  PERMANENT,
  STALE,
  UNREACHABLE,
} from "../helpers/windows/fake_calls.ts";

Deno.test("a dynamic entry that Set leaves dynamic is deleted and created", () => {
  for (const onDynamic of ["dynamic", "refuse"] as const) {
    const system = seeded("192.0.2.7", THEIRS, STALE);
    system.onDynamic = onDynamic;
    const entries = listOf([REPLACE, "192.0.2.7"], [REPLACE, "192.0.2.8"]);
    assertEquals(run(system, entries), ["changed", "created"]);
    assertEquals(previousOf(entries), { 0: `${THEIRS}, stale` });
    assertEquals(system.made, [
      READ,
      SETS,
      ...(onDynamic === "refuse" ? [CREATES] : []),
      CREATES,
      READ,
      DELETES,
      CREATES,
      READ,
    ]);
  }
});

Deno.test("a dynamic entry that Set does not find is changed, whatever Create returns", () => {
  for (const address of [OURS, THEIRS]) {
    const system = seeded("192.0.2.7", address, STALE);
    system.onDynamic = "refuse";
    system.answers.push({ call: CREATES, code: null });
    const entries = listOf([REPLACE, "192.0.2.7"]);
    assertEquals(run(system, entries), ["changed"]);
    assertEquals(previousOf(entries), { 0: `${address}, stale` });
  }
});

Deno.test("an entry that another program removes before Set is created", () => {
  const system = seeded("192.0.2.7", THEIRS, PERMANENT);
  const entries = listOf([REPLACE, "192.0.2.7"]);
  system.afterRead = () => system.forget();
  assertEquals(run(system, entries), ["created"]);
  assertEquals(previousOf(entries), {});
});

Deno.test("an entry that another program creates before Create is changed", () => {
  const system = new FakeCalls();
  const theirs = listOf([SET, "192.0.2.7", THEIRS]);
  system.afterRead = () => system.seed(theirs, 0, PERMANENT);
  const entries = listOf([REPLACE, "192.0.2.7"]);
  assertEquals(run(system, entries), ["changed"]);
  assertEquals(previousOf(entries), {});
});

Deno.test("Set writes over the empty row of a deleted dynamic entry", () => {
  const system = seeded("192.0.2.7", THEIRS, STALE);
  system.onDynamic = "dynamic";
  system.hasRemains = true;
  const entries = listOf([REPLACE, "192.0.2.7"]);
  assertEquals(run(system, entries), ["changed"]);
  assertEquals(previousOf(entries), { 0: `${THEIRS}, stale` });
  assertEquals(system.made, [
    ...[READ, SETS, READ],
    ...[DELETES, CREATES, READ, SETS, READ],
  ]);
});

Deno.test("an empty row counts as absent", () => {
  for (const physical of ["00:00:00:00:00:00", "00"]) {
    const system = seeded("192.0.2.7", physical, UNREACHABLE);
    const entries = listOf([REPLACE, "192.0.2.7"]);
    assertEquals(run(system, entries), ["created"]);
    assertEquals(previousOf(entries), {});
    assertEquals(system.made, [READ, CREATES, SETS, READ]);
  }
});

for (const onDynamic of ["refuse", "dynamic"] as const) {
  Deno.test(`an empty row is deleted where Set would ${onDynamic}`, () => {
    const system = seeded("192.0.2.7", "00:00:00:00:00:00", INCOMPLETE);
    system.onDynamic = onDynamic;
    const entries = listOf([REPLACE, "192.0.2.7"]);
    assertEquals(run(system, entries), ["created"]);
    assertEquals(previousOf(entries), {});
    assertEquals(system.made, [
      ...[READ, CREATES, SETS, READ],
      ...[DELETES, CREATES, READ],
    ]);
  });
}

Deno.test("an unreachable row that has an address is an entry", () => {
  const system = seeded("192.0.2.7", THEIRS, UNREACHABLE);
  const entries = listOf([REPLACE, "192.0.2.7"]);
  assertEquals(run(system, entries), ["changed"]);
  assertEquals(previousOf(entries), { 0: `${THEIRS}, unreachable` });
});

Deno.test("a refused create names the entry deleted for it", () => {
  const system = seeded("192.0.2.7", THEIRS, STALE);
  system.onDynamic = "dynamic";
  // Somebody is faster, again and again: the row is no remainder
  system.answers.push({ call: DELETES, code: "NOT_FOUND" });
  const entries = listOf([REPLACE, "192.0.2.7"]);
  assertEquals(run(system, entries), ["refused ALREADY_EXISTS"]);
  assertStringIncludes(
    entries.errors.get(0)!.message,
    `the entry that was there (${THEIRS}, stale) went by itself`,
  );
  assertEquals(entries.outcomes[0], REFUSED);
});

Deno.test("a refused delete leaves the dynamic entry, and names it", () => {
  const system = seeded("192.0.2.7", THEIRS, STALE);
  system.onDynamic = "dynamic";
  system.answers.push({ call: DELETES, code: "ACCESS_DENIED" });
  const entries = listOf([REPLACE, "192.0.2.7"]);
  assertEquals(run(system, entries), ["refused ACCESS_DENIED"]);
  assertStringIncludes(
    entries.errors.get(0)!.message,
    `the entry now has ${OURS}, stale`,
  );
  // Nothing is created, and nothing is read for it
  assertEquals(system.made, [READ, SETS, READ, DELETES]);
});

Deno.test("an error that is none of the system's is thrown", () => {
  for (const call of ["write", "scan"] as const) {
    const system = new FakeCalls();
    system[call] = () => {
      throw new TypeError("A bug");
    };
    assertThrows(
      () => run(system, listOf([REPLACE, "192.0.2.7"])),
      TypeError,
      "A bug",
    );
  }
});
