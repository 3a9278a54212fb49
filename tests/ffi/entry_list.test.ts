import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import {
  CREATE,
  EntryList,
  NONE,
  type ParsedInterface,
  PENDING,
  REFUSED,
  UNKNOWN,
} from "../../ffi/entry_list.ts";
import { parseEntry, parseKey } from "../../ffi/parse/entry.ts";
import { invalid } from "../../ffi/types/error.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import { parsedAt } from "../helpers/parsed.ts";

/** An entry as a plain object, which the list is compared with. */
interface Plain {
  readonly given: unknown;
  readonly address: Uint8Array;
  readonly linkLayerAddress: Uint8Array;
  readonly interface: ParsedInterface;
  readonly zone: ParsedInterface | null;
}

function push(entries: EntryList, one: Plain): number {
  const { luid, index, alias } = one.interface;
  const at = entries.reserve();
  entries.addresses.set(one.address, entries.addressAt(at));
  const { linkLayerAddress: octets } = one;
  entries.linkLayerAddresses.set(octets, entries.linkLayerAt(at));
  const on = entries.number(luid, index, alias);
  const position = entries.push(
    one.given,
    on,
    one.address.length,
    octets.length,
  );
  const { zone } = one;
  if (zone !== null) {
    const number = entries.number(zone.luid, zone.index, zone.alias);
    entries.zones.set(position, number);
  }
  return position;
}

function all(entries: EntryList): Plain[] {
  return Array.from({ length: entries.length }, (_, i) => parsedAt(entries, i));
}

function nameOf({ luid, index, alias }: ParsedInterface): string {
  return `${luid} ${index} ${JSON.stringify(alias)}`;
}

const NAMED: fc.Arbitrary<ParsedInterface> = fc.record({
  luid: fc.constantFrom(0n, 1n, 0xffff_ffff_ffff_ffffn),
  index: fc.constantFrom(0, 1, 0xffff_ffff),
  alias: fc.constantFrom(null, "a", "1", "0"),
}, { noNullPrototype: true });

const PLAIN: fc.Arbitrary<Plain> = fc.record({
  given: fc.nat().map((number) => ({ number })),
  address: fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
  ),
  linkLayerAddress: fc.uint8Array({ maxLength: 32 }),
  interface: NAMED,
  zone: fc.option(NAMED, { freq: 3 }),
}, { noNullPrototype: true });

type Step =
  | { readonly kind: "push"; readonly one: Plain }
  | { readonly kind: "pop" | "clear" }
  | { readonly kind: "pick"; readonly by: readonly number[] };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: PLAIN.map((one) => ({ kind: "push", one }) as const),
  },
  { weight: 3, arbitrary: fc.constant({ kind: "pop" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "clear" } as const) },
  {
    weight: 2,
    arbitrary: fc.array(fc.nat(), { maxLength: 8 })
      .map((by) => ({ kind: "pick", by }) as const),
  },
);

Deno.test("EntryList behaves like an array under any sequence of operations", () => {
  let most = 0;
  fc.assert(
    fc.property(
      fc.nat(3),
      fc.array(STEP, { maxLength: 60, size: "max" }),
      (capacity, steps) => {
        let entries = new EntryList(capacity);
        let plain: Plain[] = [];
        for (const step of steps) {
          switch (step.kind) {
            case "push":
              assertEquals(push(entries, step.one), plain.length);
              plain.push(step.one);
              break;
            case "pop":
              if (plain.length === 0) break;
              entries.pop();
              plain.pop();
              break;
            case "clear":
              entries.clear();
              plain = [];
              break;
            case "pick": {
              if (plain.length === 0) break;
              const positions = step.by.map((n) => n % plain.length);
              const before = all(entries);
              const picked = entries.pick(positions);
              assertEquals(all(entries), before);
              entries = picked;
              plain = positions.map((position) => plain[position]!);
            }
          }
          most = Math.max(most, plain.length);
        }
        assertEquals(entries.length, plain.length);
        assertEquals(all(entries), plain);
        assertEquals(
          entries.zones.size,
          plain.filter((one) => one.zone).length,
        );
        // Each interface once, however often it is named
        const names = entries.interfaces.map(nameOf);
        assertEquals(new Set(names).size, names.length);
        for (let on = 0; on < names.length; on++) {
          assertEquals(
            entries.positionsNaming(on),
            plain.flatMap((one, i) =>
              nameOf(one.interface) === names[on] ||
                (one.zone && nameOf(one.zone) === names[on])
                ? [i]
                : []
            ),
          );
        }
        plain.forEach((one, i) => {
          assertStrictEquals(entries.given[i], one.given);
          assertEquals(entries.isIpv4(i), one.address.length === 4);
          assertEquals(
            [entries.verbs[i], entries.outcomes[i]],
            [NONE, PENDING],
          );
        });
      },
    ),
    { numRuns: 1000 },
  );
  assert(most > 20, `no more than ${most} were in it`);
});

const ENTRY = {
  address: "192.0.2.7",
  linkLayerAddress: "02-fc-00-00-00-05",
  interfaceAlias: "eth0",
};

/** So many, all of which can be told apart. */
function numbered(count: number): NeighborEntry[] {
  return Array.from({ length: count }, (_, i) => ({
    address: i % 2
      ? `10.0.${i >> 8}.${i & 255}`
      : `2001:db8::${(i + 1).toString(16)}`,
    linkLayerAddress: Uint8Array.of(2, 0xfc, 0, i >> 16, i >> 8, i),
    interfaceIndex: 1 + i % 5,
  }));
}

for (const capacity of [undefined, 0, 1, 3, 5000]) {
  Deno.test(`a list that has room for ${capacity} takes 5000 entries`, () => {
    const entries = new EntryList(capacity);
    const given = numbered(5000);
    given.forEach((one, i) => {
      assertEquals(parseEntry(entries, one), i);
      entries.verbs[i] = CREATE;
    });
    assertEquals(entries.length, 5000);
    given.forEach((one, i) => {
      assertEquals(entries.address(i), one.address);
      assertEquals(entries.verbs[i], CREATE);
      assertEquals(entries.named(i).index, 1 + i % 5);
      const at = entries.linkLayerAt(i);
      assertEquals(
        entries.linkLayerAddresses.slice(at, at + 6),
        one.linkLayerAddress,
      );
    });
    assertEquals(entries.interfaces.length, 5);
  });
}

Deno.test("pop() removes the last entry with its zone, and keeps the interface", () => {
  const entries = new EntryList();
  parseEntry(entries, ENTRY);
  const zoned = { ...ENTRY, address: "fe80::1%eth1" };
  parseEntry(entries, zoned);
  assertEquals([entries.length, entries.zones.size], [2, 1]);
  entries.pop();
  assertEquals([entries.length, entries.zones.size], [1, 0]);
  assertEquals(entries.given, [ENTRY]);
  // The next one has none of what it had
  parseKey(entries, { address: "fe80::2", interfaceAlias: "eth0" });
  const none = parsedAt(entries, 1);
  assertEquals([none.zone, none.linkLayerAddress.length], [null, 0]);
});

Deno.test("clear() removes the errors and outcomes of earlier entries", () => {
  const entries = new EntryList();
  parseEntry(entries, { ...ENTRY, address: "fe80::1%eth1" });
  entries.fail(0, invalid("No"));
  entries.unbound.set(0, invalid("No"));
  entries.bound[0] = { key: 2, index: 2, luid: 0n };
  entries.clear();
  const { length, given, interfaces, bound, zones } = entries;
  assertEquals([length, given, interfaces, bound], [0, [], [], []]);
  const { unbound, errors, previous } = entries;
  const maps = [zones, unbound, errors, previous];
  assertEquals(maps.map(({ size }) => size), [0, 0, 0, 0]);
  parseEntry(entries, ENTRY);
  assertEquals([entries.outcomes[0], entries.bound], [PENDING, [undefined]]);
  assertEquals(entries.errors.size, 0);
});

Deno.test("pick() keeps the bound interfaces and no outcomes", () => {
  const entries = new EntryList();
  parseEntry(entries, ENTRY);
  parseEntry(entries, { ...ENTRY, address: "fe80::1%gone" });
  parseEntry(entries, { ...ENTRY, interfaceAlias: "eth1" });
  const bound = { key: 2, index: 2, luid: 0n };
  const error = invalid("There is none");
  entries.bound[0] = bound;
  entries.unbound.set(1, error);
  entries.verbs.fill(CREATE);
  entries.fail(2, invalid("No"));
  const picked = entries.pick([2, 1]);
  assertEquals(picked.given, [entries.given[2], entries.given[1]]);
  assertEquals(picked.interfaces, entries.interfaces);
  assertStrictEquals(picked.bound[0], bound);
  assertStrictEquals(picked.unbound.get(1), error);
  assertEquals(parsedAt(picked, 1).zone, parsedAt(entries, 1).zone);
  assertEquals([...picked.outcomes], [PENDING, PENDING]);
  assertEquals([...picked.verbs, picked.errors.size], [NONE, NONE, 0]);
  // What becomes of one is nothing to the other
  picked.unbind();
  assertStrictEquals(entries.bound[0], bound);
  assertStrictEquals(entries.unbound.get(1), error);
});

Deno.test("number() is the same for the same name, and for no other", () => {
  const entries = new EntryList();
  const names: readonly (readonly [bigint, number, string | null])[] = [
    [0n, 1, null],
    [0n, 0, "1"],
    [1n, 0, null],
    [1n, 1, null],
    [0n, 1, "1"],
    [0n, 11, null],
    [0n, 1, "1\0"],
    [1n, 1, "1"],
    [0n, 0, "a\0b"],
  ];
  for (let round = 0; round < 2; round++) {
    names.forEach((name, i) => assertEquals(entries.number(...name), i));
    names.forEach((name, i) => {
      assertEquals(entries.number(...name), i);
      assertEquals(entries.number(...name), i);
    });
  }
  assertEquals(entries.interfaces.length, names.length);
  assertEquals(entries.bound.length, names.length);
});

Deno.test("unbind() makes every interface be looked up again", () => {
  const entries = new EntryList();
  parseEntry(entries, ENTRY);
  parseEntry(entries, { ...ENTRY, interfaceAlias: "eth1" });
  entries.bound[0] = { key: 2, index: 2, luid: 0n };
  entries.unbound.set(1, invalid("There is none"));
  entries.unbind();
  assertEquals([entries.bound, entries.unbound.size], [
    [undefined, undefined],
    0,
  ]);
  assertEquals(entries.interfaces.length, 2);
});

Deno.test("fail() marks an entry as refused, or as unknown", () => {
  const entries = new EntryList();
  parseEntry(entries, ENTRY);
  parseEntry(entries, ENTRY);
  const error = invalid("No");
  entries.fail(0, error);
  entries.fail(1, error, UNKNOWN);
  assertEquals([...entries.outcomes.slice(0, 2)], [REFUSED, UNKNOWN]);
  assertStrictEquals(entries.errors.get(1), error);
});

Deno.test("describe() has the address in row form, and the deciding name of the interface", () => {
  for (
    const [names, words] of [
      [{ interfaceAlias: "eth0" }, 'interface "eth0"'],
      [{ interfaceIndex: 7, interfaceAlias: "eth0" }, "interface 7"],
      [{ interfaceLuid: 31n, interfaceIndex: 7 }, "interface 0x1f"],
    ] as const
  ) {
    const entries = new EntryList();
    parseKey(entries, { address: "FE80:0::0.0.0.1", ...names } as never);
    assertEquals(entries.describe(0), `fe80::1 on ${words}`);
  }
});

Deno.test("hasLinkLayerAddress() compares all octets and their number", () => {
  const entries = new EntryList();
  parseEntry(entries, ENTRY);
  parseEntry(entries, { ...ENTRY, linkLayerAddress: "02-fc" });
  const octets = Uint8Array.of(9, 2, 0xfc, 0, 0, 0, 5, 9);
  const has = (position: number, from: number, to: number) =>
    entries.hasLinkLayerAddress(position, octets, from, to);
  assertEquals([has(0, 1, 7), has(1, 1, 3)], [true, true]);
  assertEquals([has(0, 1, 3), has(0, 0, 6), has(0, 1, 1)], [
    ...[false, false, false],
  ]);
  assertEquals([has(0, 1, 8), has(1, 1, 7), has(1, 2, 4)], [
    ...[false, false, false],
  ]);
});
