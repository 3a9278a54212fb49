import { assert, assertEquals, assertThrows } from "@std/assert";
import { bindAll } from "../../ffi/bind.ts";
import {
  CREATED,
  EntryList,
  NONE,
  PENDING,
  REFUSED,
} from "../../ffi/entry_list.ts";
import { parseChange } from "../../ffi/parse/change.ts";
import { LinuxBackend } from "../../ffi/linux/backend.ts";
import { SystemTable } from "../../ffi/system_table.ts";
import type { ChangeResult, NeighborChange } from "../../ffi/types/change.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import {
  ENOBUFS,
  FakeKernel,
  INDEX,
  NUD,
  type Reply,
} from "../helpers/fake_kernel.ts";

const [EPERM, ENOMEM, ENODEV] = [1, 12, 19];

/** The link-layer address whose last octet the fake kernel keeps. */
function linkLayerOf(octet: number): string {
  return `02:fc:00:00:00:${octet.toString(16).padStart(2, "0")}`;
}

function change(
  verb: NeighborChange["verb"],
  host: number,
  octet = 5,
): NeighborChange {
  return {
    verb,
    address: `192.0.2.${host}`,
    linkLayerAddress: linkLayerOf(octet),
    interfaceIndex: INDEX,
  } as NeighborChange;
}

/** A table over a kernel with these rows; its interface was looked up. */
function opened(
  rows: Readonly<Record<number, readonly [number, number]>> = {},
): { kernel: FakeKernel; table: SystemTable } {
  const kernel = new FakeKernel();
  for (const [host, row] of Object.entries(rows)) {
    kernel.rows.set(`192.0.2.${host}`, row);
  }
  const table = new SystemTable(() => new LinuxBackend(() => kernel.libc));
  table.get({ address: "192.0.2.200", interfaceIndex: INDEX });
  kernel.sends.length = 0;
  return { kernel, table };
}

/** The outcome, or the code of the error, of each. */
function wordsOf(results: readonly ChangeResult[]): string[] {
  return results.map((one) =>
    one.outcome === "done"
      ? one.result
      : `${one.outcome} ${one.error.code} ${one.error.symbol}`
  );
}

/** How many requests about neighbors the sends had, which are more than one. */
function batches({ sends }: FakeKernel): number[] {
  return sends.filter((count) => count > 1);
}

Deno.test("a batch has an outcome for each write, and the row before a replace", () => {
  const { kernel, table } = opened({
    1: [1, NUD.permanent],
    3: [3, NUD.stale],
    5: [5, NUD.permanent],
    6: [6, NUD.permanent],
  });
  const results = table.change([
    change("create", 1),
    change("create", 2),
    change("set", 1, 7),
    change("set", 9),
    change("replace", 3, 3),
    change("replace", 4),
    change("replace", 5, 5),
    change("replace", 5, 8),
    change("delete", 6),
    change("delete", 9),
  ]);
  assertEquals(wordsOf(results), [
    "refused ALREADY_EXISTS EEXIST",
    "created",
    "changed",
    "refused NOT_FOUND ENOENT",
    ...["changed", "created", "unchanged", "changed", "deleted"],
    "refused NOT_FOUND ENOENT",
  ]);
  const previous = results.map((one) =>
    one.outcome === "done" && one.previous
      ? `${one.previous.address} ${one.previous.state} ` +
        `${one.previous.linkLayerAddress} ${one.previous.interfaceAlias}`
      : null
  );
  const alias = table.list()[0]!.interfaceAlias;
  assert(alias !== null);
  assertEquals(previous, [
    ...[null, null, null, null],
    `192.0.2.3 stale ${linkLayerOf(3)} ${alias}`,
    null,
    `192.0.2.5 permanent ${linkLayerOf(5)} ${alias}`,
    `192.0.2.5 permanent ${linkLayerOf(5)} ${alias}`,
    ...[null, null],
  ]);
  assertEquals([...kernel.rows].toSorted(), [
    ["192.0.2.1", [7, NUD.permanent]],
    ["192.0.2.2", [5, NUD.permanent]],
    ["192.0.2.3", [3, NUD.permanent]],
    ["192.0.2.4", [5, NUD.permanent]],
    ["192.0.2.5", [8, NUD.permanent]],
  ]);
  assertEquals(batches(kernel), [18]);
  const [first] = results;
  assert(first?.outcome === "refused");
  assertEquals(first.error.operation, "RTM_NEWNEIGH");
  assertEquals(first.error.entry, change("create", 1));
  assert(first.error.message.startsWith("Cannot create neighbor 192.0.2.1 on"));
});

Deno.test("a send has 128 requests at most, of which a replace has three", () => {
  const { kernel, table } = opened();
  const creates = Array.from({ length: 200 }, (_, i) => change("create", i));
  assertEquals(new Set(wordsOf(table.change(creates.slice(1)))).size, 1);
  assertEquals(batches(kernel), [128, 71]);
  kernel.sends.length = 0;
  // 123, 125, and just enough for one more replace
  table.change([
    ...Array.from({ length: 41 }, (_, i) => change("replace", i + 1)),
    ...[change("set", 150), change("set", 151), change("replace", 42)],
  ]);
  assertEquals(batches(kernel), [128]);
  kernel.sends.length = 0;
  const replaces = Array.from(
    { length: 100 },
    (_, i) => change("replace", i + 1, i % 2 ? 5 : 6),
  );
  // 42 replaces leave room for two others
  replaces.splice(42, 0, change("set", 150), change("set", 151));
  const results = table.change(replaces);
  assertEquals(batches(kernel), [128, 126, 48]);
  const expected = Array.from(
    { length: 100 },
    (_, i) => i % 2 ? "unchanged" : "changed",
  );
  expected.splice(42, 0, "changed", "changed");
  assertEquals(wordsOf(results), expected);
  assertEquals(kernel.rows.get("192.0.2.99"), [6, NUD.permanent]);
  assertEquals(kernel.rows.get("192.0.2.100"), [5, NUD.permanent]);
});

Deno.test("a part of a list is written, and nothing behind it", () => {
  const { kernel, table } = opened();
  // A longer list before
  table.change([1, 2, 3, 4].map((host) => change("create", host)));
  const backend = table.backend();
  const entries = new EntryList();
  for (const host of [5, 6, 7]) parseChange(entries, change("create", host));
  bindAll(backend, entries);
  const outcomes = () => [...entries.outcomes.subarray(0, 3)];
  backend.write(entries, 0, 1);
  assertEquals(outcomes(), [CREATED, PENDING, PENDING]);
  backend.write(entries, 2, 3);
  assertEquals(outcomes(), [CREATED, PENDING, CREATED]);
  assertEquals(kernel.rows.size, 6);
});

Deno.test("what has an outcome or no verb is not written, and keeps its outcome", () => {
  const { kernel, table } = opened();
  const backend = table.backend();
  const entries = new EntryList();
  for (const host of [1, 2, 3]) parseChange(entries, change("create", host));
  bindAll(backend, entries);
  entries.outcomes[0] = REFUSED;
  entries.verbs[1] = NONE;
  backend.write(entries, 0, 3);
  assertEquals([...entries.outcomes.subarray(0, 3)], [
    ...[REFUSED, PENDING, CREATED],
  ]);
  assertEquals([...kernel.rows.keys()], ["192.0.2.3"]);
});

Deno.test("a batch does not take the rows of the one before for its own", () => {
  const { table } = opened({ 1: [1, NUD.permanent] });
  assertEquals(wordsOf(table.change([change("replace", 1)])), ["changed"]);
  const [result] = table.change([change("replace", 2)]);
  assertEquals(wordsOf([result!]), ["created"]);
});

Deno.test("a write that is not permitted is refused", () => {
  const { kernel, table } = opened();
  kernel.refuses = (_, isWrite) => isWrite ? EPERM : 0;
  assertEquals(
    wordsOf(table.change([change("create", 1), change("replace", 2)])),
    ["refused ACCESS_DENIED EPERM", "refused ACCESS_DENIED EPERM"],
  );
});

Deno.test("a replace that the table does not show is not confirmed", () => {
  const { kernel, table } = opened({ 1: [1, NUD.stale] });
  // Accepted, and not done
  kernel.set = () => {};
  const [changed, created] = table.change([
    change("replace", 1),
    change("replace", 2),
  ]);
  assert(changed?.outcome === "refused" && created?.outcome === "refused");
  assertEquals([changed.error.code, created.error.code], [
    "UNCONFIRMED",
    "UNCONFIRMED",
  ]);
  assertEquals(changed.error.operation, "RTM_GETNEIGH");
  const { message } = changed.error;
  assert(message.includes(`${linkLayerOf(1)}, stale`), message);
  assert(message.includes(`${linkLayerOf(5)}, permanent`), message);
});

Deno.test("what a refused send was to write is refused, each entry with its error", () => {
  const { kernel, table } = opened();
  // A send of one looks the interface up
  kernel.refusesSend = (requests) => requests > 1 ? ENOMEM : 0;
  const both = [change("create", 1), change("replace", 2)];
  const results = table.change(both);
  assertEquals(wordsOf(results), [
    "refused NO_MEMORY ENOMEM",
    "refused NO_MEMORY ENOMEM",
  ]);
  assertEquals(
    results.map((one) => one.outcome !== "done" && one.error.entry),
    both,
  );
  assertEquals(kernel.rows.size, 0);
});

const NLMSG_ERROR = 2;
const RTM_NEWNEIGH = 28;

/** Receives something else than the next answer of one of these types. */
function loseNext(
  kernel: FakeKernel,
  instead: (reply: Uint8Array) => Reply,
  types: readonly number[] = [NLMSG_ERROR, RTM_NEWNEIGH],
) {
  kernel.receives = (reply) => {
    if (typeof reply === "number" || !types.includes(reply[4]!)) return reply;
    kernel.receives = (one) => one;
    return instead(reply);
  };
}

Deno.test("a lost answer leaves the outcomes of its batch unknown, but for what was refused", () => {
  const { kernel, table } = opened({ 1: [1, NUD.permanent] });
  loseNext(kernel, () => ENOBUFS);
  const results = table.change([
    change("set", 8),
    change("create", 1),
    change("create", 2),
    change("replace", 3),
  ]);
  // The first was refused, and nobody knows
  assertEquals(wordsOf(results), [
    "unknown UNKNOWN_OUTCOME null",
    "refused ALREADY_EXISTS EEXIST",
    "unknown UNKNOWN_OUTCOME null",
    "unknown UNKNOWN_OUTCOME null",
  ]);
});

Deno.test("a batch whose answer cannot be decoded leaves the next one clean", () => {
  const { kernel, table } = opened({ 2: [2, NUD.permanent] });
  loseNext(kernel, (reply) => reply.slice(0, 24));
  const both = [change("replace", 2), change("replace", 1)];
  assertThrows(() => table.change(both), NeighborError, "Cannot decode");
  assertEquals(
    wordsOf(table.change([change("replace", 3), change("delete", 3)])),
    ["created", "deleted"],
  );
});

Deno.test("a row is written back, or removed where it has no address", () => {
  const { kernel, table } = opened({ 1: [1, NUD.permanent] });
  const row = table.get({ address: "192.0.2.1", interfaceIndex: INDEX })!;
  const { address } = row;
  const stale = { ...row, state: "reachable" } as const;
  assertEquals(table.restore(stale)?.state, "stale");
  assertEquals(kernel.rows.get(address), [1, NUD.stale]);
  assertEquals(table.restore({ ...row, linkLayerAddress: null }), undefined);
  assertEquals(table.restore({ ...row, linkLayerAddress: null }), undefined);
  assertEquals(table.restore(row), row);
  for (
    const [errno, code] of [[EPERM, "ACCESS_DENIED"], [
      ENODEV,
      "INTERFACE_NOT_FOUND",
    ]] as const
  ) {
    kernel.refuses = (_, isWrite) => isWrite ? errno : 0;
    for (const linkLayerAddress of [row.linkLayerAddress, null]) {
      const error = assertThrows(
        () => table.restore({ ...row, linkLayerAddress }),
        NeighborError,
      );
      assertEquals([error.code, error.operation], [
        code,
        linkLayerAddress === null ? "RTM_DELNEIGH" : "RTM_NEWNEIGH",
      ]);
    }
  }
});

Deno.test("a look-up or a write whose answer is lost has an unknown outcome", () => {
  const { kernel, table } = opened({ 1: [1, NUD.permanent] });
  const key = { address: "192.0.2.1", interfaceIndex: INDEX };
  const row = table.get(key)!;
  kernel.refuses = (_, isWrite) => isWrite ? EPERM : 0;
  for (
    const [call, operation] of [
      [() => table.get(key), "RTM_GETNEIGH"],
      [() => table.restore(row), "RTM_NEWNEIGH"],
    ] as const
  ) {
    const isRead = operation === "RTM_GETNEIGH";
    const type = isRead ? RTM_NEWNEIGH : NLMSG_ERROR;
    loseNext(kernel, () => ENOBUFS, [type]);
    const lost = assertThrows(call, NeighborError);
    assertEquals([lost.code, lost.operation], ["UNKNOWN_OUTCOME", operation]);
  }
});

Deno.test("a look-up and a dump that are refused say so", () => {
  const { kernel, table } = opened();
  const key = { address: "192.0.2.1", interfaceIndex: INDEX };
  assertEquals(table.get(key), undefined);
  kernel.refuses = () => ENOMEM;
  for (
    const [call, what] of [
      [() => table.get(key), "get neighbor 192.0.2.1"],
      [() => table.list({ family: "ipv4" }), "list ipv4 neighbors"],
    ] as const
  ) {
    const error = assertThrows(call, NeighborError, `Cannot ${what}`);
    assertEquals([error.code, error.operation], ["NO_MEMORY", "RTM_GETNEIGH"]);
  }
});

Deno.test("a look-up has no protocol, with which the kernel refuses it", () => {
  const { kernel } = opened({ 1: [5, NUD.permanent] });
  const backend = new LinuxBackend(() => kernel.libc);
  const entries = new EntryList(1);
  parseChange(entries, { ...change("set", 1), protocol: 42 } as NeighborChange);
  bindAll(backend, entries);
  const row = backend.read(entries, 0);
  assertEquals(row?.linkLayerAddress, linkLayerOf(5));
  backend.close();
});

Deno.test("a dump asks for the rows of one interface, or of all", () => {
  const { kernel, table } = opened();
  kernel.dumped.length = 0;
  table.list({ family: "ipv4" });
  table.list({ family: "ipv6", interfaceIndex: INDEX });
  assertEquals(kernel.dumped, [null, INDEX]);
});
