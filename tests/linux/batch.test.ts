import { assert, assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import type { ChangeResult, NeighborChange } from "../../ffi/types/change.ts";
import {
  DEVICE,
  ip,
  ipNeighbor,
  ipNeighbors,
  networkTest,
} from "../helpers/linux/network.ts";
import { addressOf, changesOf, linkLayerOf } from "../helpers/linux/many.ts";

const FIRST = "02:fc:00:00:00:05";
const SECOND = "02:fc:00:00:00:06";

function summary(results: readonly ChangeResult[]): string[] {
  return results.map((one) =>
    one.outcome === "done" ? one.result : `${one.outcome} ${one.error.code}`
  );
}

networkTest(
  "change() returns one result each, in order, and continues after a refusal",
  ({ table, index }) => {
    const key = { address: "10.0.0.7", interfaceAlias: DEVICE };
    const v6 = { address: "2001:db8::7", interfaceIndex: index };
    const changes: NeighborChange[] = [
      { verb: "set", ...key, linkLayerAddress: FIRST },
      { verb: "create", ...key, linkLayerAddress: FIRST },
      { verb: "create", ...key, linkLayerAddress: SECOND },
      { verb: "set", ...key, linkLayerAddress: SECOND },
      { verb: "replace", ...key, linkLayerAddress: SECOND },
      { verb: "replace", ...key, linkLayerAddress: FIRST },
      { verb: "replace", ...v6, linkLayerAddress: FIRST },
      { verb: "create", ...key, linkLayerAddress: "02:fc" },
      { verb: "create", ...key, address: "127.0.0.1", linkLayerAddress: FIRST },
      { verb: "delete", ...key, interfaceAlias: "nowhere" },
      { verb: "delete", ...key },
      { verb: "delete", ...key },
      { verb: "create", ...key, linkLayerAddress: SECOND },
    ];
    const results = table.change(changes);
    assertEquals(summary(results), [
      "refused NOT_FOUND",
      "created",
      "refused ALREADY_EXISTS",
      "changed",
      "unchanged",
      "changed",
      "created",
      "refused INVALID_PARAMETER",
      "refused INVALID_PARAMETER",
      "refused INTERFACE_NOT_FOUND",
      "deleted",
      "refused NOT_FOUND",
      "created",
    ]);
    assert(results[2]?.outcome === "refused");
    assertEquals(results[2].error.entry, changes[2]);
    assertEquals(ipNeighbor(key.address)?.lladdr, SECOND);
    assertEquals(ipNeighbor(v6.address)?.lladdr, FIRST);
  },
);

networkTest(
  "change() of an empty array returns none; of no array, throws",
  ({ table }) => {
    assertEquals(table.change([]), []);
    for (const given of [undefined, null, {}, "create"]) {
      const error = assertThrows(
        () => table.change(given as unknown as NeighborChange[]),
        NeighborError,
      );
      assertEquals(error.code, "INVALID_PARAMETER");
    }
    const odd = [null, {}, { verb: "toString" }, { verb: "create" }];
    assertEquals(
      summary(table.change(odd as unknown as NeighborChange[])),
      Array(4).fill("refused INVALID_PARAMETER"),
    );
  },
);

// Around the 128 requests of one send, of which a replace takes three
for (const count of [1, 42, 43, 127, 128, 129, 300, 1000]) {
  networkTest(
    `change() of ${count}: add, replace, set, delete`,
    ({ table }) => {
      const all = (verb: NeighborChange["verb"], shift: number) =>
        changesOf(verb, count, { shift });
      const every = (word: string) => Array<string>(count).fill(word);
      assertEquals(summary(table.change(all("create", 0))), every("created"));
      assertEquals(
        ipNeighbors().filter((row) => row.dst.startsWith("10.")).length,
        count,
      );
      assertEquals(
        summary(table.change(all("replace", 0))),
        every("unchanged"),
      );
      assertEquals(summary(table.change(all("replace", 1))), every("changed"));
      assertEquals(summary(table.change(all("set", 2))), every("changed"));
      assertEquals(ipNeighbor(addressOf(0))?.lladdr, linkLayerOf(2));
      assertEquals(summary(table.change(all("delete", 0))), every("deleted"));
      assertEquals(
        ipNeighbors().filter((row) => row.dst.startsWith("10.")),
        [],
      );
      assertEquals(summary(table.change(all("replace", 0))), every("created"));
    },
  );
}

networkTest("10,000 changes that all fail are 10,000 errors", ({ table }) => {
  const changes = changesOf("delete", 10_000);
  const results = table.change(changes);
  assertEquals(results.length, 10_000);
  results.forEach((result, i) => {
    assert(result.outcome === "refused");
    assertEquals(result.error.code, "NOT_FOUND");
    assert(result.error.entry === changes[i]);
  });
});

networkTest("each error belongs to its change", ({ table }) => {
  for (let i = 0; i < 1000; i += 7) {
    ip(`neigh add ${addressOf(i)} lladdr ${FIRST} dev ${DEVICE}`);
  }
  const results = table.change(changesOf("create", 1000));
  assertEquals(
    summary(results),
    results.map((_, i) => i % 7 === 0 ? "refused ALREADY_EXISTS" : "created"),
  );
});
