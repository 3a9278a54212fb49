import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  bindAll,
  bindingError,
  bindInterface,
  bindOne,
  checkEntry,
  ruleError,
} from "../../ffi/bind.ts";
import {
  DELETE,
  EntryList,
  PENDING,
  REFUSED,
  REPLACE,
} from "../../ffi/entry_list.ts";
import { parseEntry, parseKey } from "../../ffi/parse/entry.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { FakeBackend, interfaceOf } from "../helpers/fake_table.ts";

const [VA, VB] = [interfaceOf(2, "va"), interfaceOf(3, "vb")];
const OURS = "02:fc:00:00:00:01";

/** A backend that remembers which names it was asked for. */
class Asked extends FakeBackend {
  readonly asked: string[][] = [];

  constructor() {
    super([VA, VB]);
  }

  override bind(...args: Parameters<FakeBackend["bind"]>) {
    this.asked.push(args[0].map(({ alias, index }) => alias ?? `${index}`));
    return super.bind(...args);
  }
}

function listOf(
  ...desired: readonly (readonly [address: string, on?: string, mac?: string])[]
): EntryList {
  const entries = new EntryList();
  for (const [address, interfaceAlias, linkLayerAddress = OURS] of desired) {
    parseEntry(entries, {
      address,
      linkLayerAddress,
      ...(interfaceAlias !== undefined && { interfaceAlias }),
    } as never);
  }
  return entries;
}

Deno.test("bindAll() looks up each interface once, found or missing", () => {
  const backend = new Asked();
  const entries = listOf(
    ["10.0.0.1", "va"],
    ["10.0.0.2", "nowhere"],
    ["10.0.0.3", "va"],
  );
  bindAll(backend, entries);
  bindAll(backend, entries);
  assertEquals(backend.asked, [["va", "nowhere"]]);
  assertEquals(entries.bound.map((one) => one?.key), [2, undefined]);
  assertEquals([...entries.unbound.keys()], [1]);
  // What is new is looked up, what is known is not
  parseEntry(entries, {
    address: "10.0.0.4",
    linkLayerAddress: OURS,
    interfaceAlias: "vb",
  });
  bindAll(backend, entries);
  assertEquals(backend.asked, [["va", "nowhere"], ["vb"]]);
  assertEquals(entries.bound.map((one) => one?.key), [2, undefined, 3]);
  entries.unbind();
  bindAll(backend, entries);
  assertEquals(backend.asked[2], ["va", "nowhere", "vb"]);
});

Deno.test("bindOne() throws where the only interface is missing", () => {
  const backend = new Asked();
  bindOne(backend, listOf(["10.0.0.1", "va"]));
  const entries = listOf(["10.0.0.1", "nowhere"]);
  const error = assertThrows(() => bindOne(backend, entries), NeighborError);
  assertEquals(error.code, "INTERFACE_NOT_FOUND");
  assertStrictEquals(error.entry, entries.given[0]);
});

Deno.test("bindInterface() returns the interface, or throws the look-up's error", () => {
  const backend = new Asked();
  const named = { luid: 0n, index: 0, alias: "vb" };
  assertEquals(bindInterface(backend, named, "given").key, 3);
  const error = assertThrows(
    () => bindInterface(backend, { ...named, alias: "nowhere" }, "given"),
    NeighborError,
  );
  assertEquals([error.code, error.entry], ["INTERFACE_NOT_FOUND", "given"]);
});

Deno.test("bindingError() is about the interface, the zone, or that they differ", () => {
  const backend = new Asked();
  const entries = listOf(
    ["fe80::1%va"],
    ["fe80::1%va", "va"],
    ["fe80::1%2", "va"],
    ["fe80::1%va", "vb"],
    ["fe80::1%nowhere"],
    ["fe80::1%nowhere", "va"],
    ["fe80::1%va", "nowhere"],
    ["10.0.0.1", "va"],
  );
  bindAll(backend, entries);
  const errors = entries.given.map((_, i) => bindingError(entries, i));
  assertEquals(errors.map((error) => error?.code), [
    ...[undefined, undefined, undefined, "INVALID_PARAMETER"],
    ...["INTERFACE_NOT_FOUND", "INTERFACE_NOT_FOUND", "INTERFACE_NOT_FOUND"],
    undefined,
  ]);
  assertEquals(
    errors[3]?.message,
    'The zone of the address means interface "va", the entry interface "vb"',
  );
  for (const i of [3, 4, 5, 6]) {
    assertStrictEquals(errors[i]?.entry, entries.given[i]);
  }
  // Nothing is missing, and yet they differ
  const two = listOf(["fe80::1%va", "vb"], ["fe80::2%vb", "vb"]);
  bindAll(backend, two);
  assertEquals(bindingError(two, 0)?.code, "INVALID_PARAMETER");
  assertEquals(bindingError(two, 1), undefined);
});

Deno.test("ruleError() checks entries that are written, not those removed", () => {
  const backend = new Asked();
  const entries = listOf(["10.0.0.1", "va", "02:fc"], ["10.0.0.2", "va"]);
  parseKey(entries, { address: "10.0.0.3", interfaceAlias: "va" });
  bindAll(backend, entries);
  assertEquals(ruleError(backend, entries, 0)?.code, "INVALID_PARAMETER");
  assertEquals(ruleError(backend, entries, 1), undefined);
  entries.verbs[0] = DELETE;
  assertEquals(ruleError(backend, entries, 0), undefined);
  backend.check = () => {
    throw new TypeError("A bug");
  };
  assertThrows(() => ruleError(backend, entries, 1), TypeError);
});

Deno.test("checkEntry() refuses only entries without an interface or against its rule", () => {
  const backend = new Asked();
  const entries = listOf(
    ["10.0.0.1", "va"],
    ["10.0.0.2", "va", "02:fc"],
    ["10.0.0.3", "nowhere", "02:fc"],
  );
  bindAll(backend, entries);
  entries.verbs.fill(REPLACE);
  for (const i of [0, 1, 2]) checkEntry(backend, entries, i);
  assertEquals([...entries.outcomes.subarray(0, 3)], [
    PENDING,
    REFUSED,
    REFUSED,
  ]);
  assertEquals(
    [...entries.errors].map(([position, { code }]) => [position, code]),
    [[1, "INVALID_PARAMETER"], [2, "INTERFACE_NOT_FOUND"]],
  );
});
