import { assertEquals, assertThrows } from "@std/assert";
import { EntryList } from "../../ffi/entry_list.ts";
import { isInSync } from "../../ffi/parse/change.ts";
import { parseEntry, parseKey } from "../../ffi/parse/entry.ts";
import { parseProtocol } from "../../ffi/parse/protocol.ts";
import { TableBackend } from "../../ffi/table_backend.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import {
  applyNeighbors,
  guardNeighbors,
  pinNeighbor,
  planNeighbors,
} from "../../mod.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";

const ON = interfaceOf(2, "va");
const OURS = "02:fc:00:00:00:05";
const ENTRY = {
  address: "10.0.0.7",
  linkLayerAddress: OURS,
  interfaceAlias: "va",
};

Deno.test("parseProtocol() takes 1 to 255, and nothing as 0", () => {
  for (const protocol of [1, 42, 255]) {
    assertEquals(parseProtocol(protocol), protocol);
  }
  for (const none of [undefined, null]) assertEquals(parseProtocol(none), 0);
});

for (
  const [given, message] of [
    [0, "The protocol 0 is that of an entry without one: omit it"],
    [-0, "The protocol 0 is that of an entry without one: omit it"],
    [-1, "The protocol -1 is not a whole number from 1 to 255"],
    [256, "The protocol 256 is not a whole number from 1 to 255"],
    [1.5, "The protocol 1.5 is not a whole number from 1 to 255"],
    [NaN, "The protocol NaN is not a whole number from 1 to 255"],
    ["42", 'The protocol takes a number from 1 to 255, not "42"'],
    [42n, "The protocol takes a number from 1 to 255, not the bigint 42"],
    [[42], "The protocol takes a number from 1 to 255, not an Array"],
    [
      Object.create(null),
      "The protocol takes a number from 1 to 255, not a null-prototype object",
    ],
  ] as const
) {
  Deno.test(`a protocol of ${Deno.inspect(given)} is refused, of an entry and of the options`, async () => {
    const entry = { ...ENTRY, protocol: given } as NeighborEntry;
    const error = assertThrows(
      () => parseEntry(new EntryList(), entry),
      NeighborError,
    );
    assertEquals([error.message, error.member, error.code], [
      ...[message, "protocol", "INVALID_PARAMETER"],
    ]);
    const options = { protocol: given as number };
    const table = new FakeTable([ON]);
    for (
      const run of [
        async () => await applyNeighbors([ENTRY], { table, ...options }),
        async () => await guardNeighbors([ENTRY], { table, ...options }),
        async () => await planNeighbors([ENTRY], [], options),
      ]
    ) {
      const refused = await run().catch((error) => error);
      assertEquals(refused.message, message);
    }
    assertEquals(table.fake.lookUps + table.writes, 0);
  });
}

Deno.test("the protocol is read once, and not from a key", () => {
  let reads = 0;
  const entry = {
    ...ENTRY,
    get protocol() {
      return ++reads;
    },
  };
  const entries = new EntryList();
  parseEntry(entries, entry);
  assertEquals([entries.protocols[0], reads], [1, 1]);
  parseKey(entries, { ...ENTRY, protocol: "?" } as never);
  assertEquals(entries.protocols[1], 0);
});

Deno.test("a list keeps protocols when it grows, is picked from and is reused", () => {
  const entries = new EntryList();
  for (let i = 0; i < 5; i++) {
    parseEntry(entries, { ...ENTRY, ...(i % 2 && { protocol: 40 + i }) });
  }
  assertEquals([...entries.protocols.subarray(0, 5)], [0, 41, 0, 43, 0]);
  assertEquals([...entries.pick([3, 4]).protocols.subarray(0, 2)], [43, 0]);
  entries.setOwner(11);
  assertEquals([...entries.protocols.subarray(0, 5)], [11, 41, 11, 43, 11]);
  assertEquals(entries.wanted(1), `${OURS}, permanent, protocol 41`);
  entries.clear();
  parseEntry(entries, ENTRY);
  assertEquals(entries.protocols[0], 0);
  assertEquals(entries.wanted(0), `${OURS}, permanent`);
});

Deno.test("isInSync() compares the protocol where the entry has one", () => {
  const entries = new EntryList();
  parseEntry(entries, ENTRY);
  parseEntry(entries, { ...ENTRY, protocol: 42 });
  const row = rowOf(ON, "10.0.0.7", OURS);
  for (const protocol of [undefined, null, 11, 42]) {
    const now = protocol === undefined ? row : { ...row, protocol };
    assertEquals(isInSync(now, entries, 0), true);
    assertEquals(isInSync(now, entries, 1), protocol === 42);
  }
});

Deno.test("planNeighbors() changes a row of another protocol, and prunes those of the owner", () => {
  const rows = [11, 42, null].flatMap((protocol, i) => [
    { ...rowOf(ON, `10.0.0.${i}`, OURS), protocol },
    { ...rowOf(ON, `10.0.1.${i}`, OURS), protocol },
  ]);
  const pins = [0, 1, 2].map((i) => ({ ...ENTRY, address: `10.0.0.${i}` }));
  const addresses = (list: readonly { address: string }[]) =>
    list.map(({ address }) => address);
  const plan = planNeighbors(pins, rows, { prune: true, protocol: 42 });
  assertEquals(
    [
      addresses(plan.change.map(({ entry }) => entry)),
      addresses(plan.unchanged.map(({ entry }) => entry)),
      addresses(plan.remove),
    ],
    [["10.0.0.0", "10.0.0.2"], ["10.0.0.1"], ["10.0.1.1"]],
  );
  const all = planNeighbors(pins, rows, { prune: true });
  assertEquals([all.unchanged.length, all.remove.length], [3, 3]);
});

Deno.test("a table of the caller's own gets the protocol, and a row without it is not confirmed", async () => {
  const given: unknown[] = [];
  const fake = new FakeTable([ON]);
  let keeps = true;
  const table = new Proxy(fake, {
    getPrototypeOf: () => Object.prototype,
    get(target, name) {
      if (name === "change") {
        return (changes: readonly NeighborEntry[]) => {
          given.push(...changes.map(({ protocol }) => protocol));
          return target.change(
            (keeps ? changes : changes.map((one) => ({
              ...one,
              protocol: null,
            }))) as never,
          );
        };
      }
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  assertEquals(new TableBackend(table).hasProtocols, true);
  await applyNeighbors([ENTRY], { table, protocol: 42 });
  assertEquals([given, fake.all()[0]?.protocol], [[42], 42]);
  keeps = false;
  const error = await applyNeighbors([ENTRY], { table, protocol: 43 })
    .catch((error) => error);
  assertEquals(error.code, "UNCONFIRMED");
  assertEquals(
    error.message.includes(
      `it has ${OURS}, permanent, protocol 42 where ${OURS}, permanent, ` +
        "protocol 43, was asked for",
    ),
    true,
    error.message,
  );
});

Deno.test("where the system keeps no protocol, every write of one is refused before a look-up", async () => {
  const table = new FakeTable([ON]);
  table.fake.hasProtocols = false;
  const entry = { ...ENTRY, protocol: 42 };
  const message = 'Cannot write 10.0.0.7 on interface "va" with the protocol ' +
    "42: only Linux keeps one";
  for (
    const write of [
      () => table.set(entry),
      () => table.create(entry),
      () => table.replace(entry),
      () => void table.preview("set", entry),
      () => void pinNeighbor(entry, { table }),
    ]
  ) {
    const error = assertThrows(write, NeighborError);
    assertEquals([error.message, error.code, error.member], [
      ...[message, "NOT_SUPPORTED", "protocol"],
    ]);
  }
  assertEquals(table.fake.lookUps, 0);
  const [result, other] = table.change([
    { verb: "create", ...entry },
    { verb: "create", ...ENTRY },
  ]);
  assertEquals(result?.outcome === "refused" && result.error.message, message);
  assertEquals(other?.outcome, "done");
  assertEquals(table.writes, 1);
  const error = await applyNeighbors([ENTRY], { table, protocol: 42 })
    .catch((error) => error);
  assertEquals(error.code, "NOT_SUPPORTED");
  assertEquals(table.writes, 1);
});

Deno.test("where the system has no protocols or proxies, every filter by one is refused before a look-up", async () => {
  const table = new FakeTable([ON]);
  table.fake.hasProtocols = false;
  table.fake.hasProxies = false;
  const owned = { protocol: 42, interfaceAlias: "va" };
  for (
    const [read, message] of [
      [() => table.list(owned), "the protocol 42"],
      [() => [...table.read(owned)], "the protocol 42"],
      [() => table.flush(owned), "the protocol 42"],
      [() => table.flush({ ...owned, permanent: true }), "the protocol 42"],
      [() => table.previewFlush(owned), "the protocol 42"],
      [() => table.watch({ filter: owned }), "the protocol 42"],
      [() => table.list({ proxy: true }), "no proxy entries"],
      [() => [...table.read({ proxy: true })], "no proxy entries"],
    ] as const
  ) {
    const error = assertThrows(read, NeighborError, message);
    assertEquals([error.code, error.status, error.operation], [
      ...["NOT_SUPPORTED", null, null],
    ]);
  }
  assertEquals(table.fake.lookUps, 0);
  assertEquals(table.list({ proxy: false }), []);
  await table.watch({ filter: { interfaceAlias: "va" } }).return();
});
