import { assertEquals, assertThrows } from "@std/assert";
import {
  changeNeighbors,
  type NeighborChange,
  NeighborError,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { ip, kernelNeighbors } from "../helpers/wine/witness.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

/** A change of one of the net's addresses; `other` is what is wrong with it. */
function on(
  verb: "set" | "create" | "replace",
  last: number,
  linkLayerAddress = "02fc00000005",
  other: { address?: string; interfaceAlias?: string } = {},
): NeighborChange {
  const address = `192.0.2.${last}`;
  return {
    verb,
    address,
    linkLayerAddress,
    interfaceAlias: ETHERNET,
    ...other,
  };
}

wineTest(
  "changeNeighbors() returns one result each, in order, and continues after a refusal",
  async () => {
    await ip(
      "neigh",
      "add",
      "192.0.2.9",
      "lladdr",
      "02:fc:00:00:00:01",
      "dev",
      ETHERNET,
    );
    const results = changeNeighbors([
      on("create", 7),
      on("create", 7),
      on("set", 8),
      on("set", 7, "02fc00000006"),
      on("replace", 9),
      on("replace", 9),
      on("set", 7, "02fc00000005", { address: "127.0.0.1" }),
      on("set", 7, "02fc00000005", { interfaceAlias: "Nope" }),
      { verb: "delete", address: "192.0.2.7", interfaceAlias: ETHERNET },
      { verb: "purge" } as unknown as NeighborChange,
    ]);
    assertEquals(
      results.map((one) =>
        one.outcome === "done" ? one.result : `${one.outcome} ${one.error.code}`
      ),
      [
        "created",
        "refused ALREADY_EXISTS",
        "refused NOT_FOUND",
        "changed",
        "changed",
        "unchanged",
        "refused INVALID_PARAMETER",
        "refused INTERFACE_NOT_FOUND",
        "deleted",
        "refused INVALID_PARAMETER",
      ],
    );
    assertEquals(await kernelNeighbors("192.0.2.7"), []);
    assertEquals(
      (await kernelNeighbors("192.0.2.9"))[0]?.lladdr,
      "02:fc:00:00:00:05",
    );
  },
);

wineTest(
  "changeNeighbors() of 1,000 refused changes returns 1,000 errors",
  () => {
    control.setElevated(false);
    const changes = Array.from(
      { length: 1000 },
      (_, i) => on("create", 2 + i % 200),
    );
    const results = changeNeighbors(changes);
    assertEquals(results.length, 1000);
    for (const one of results) {
      assertEquals(
        one.outcome === "refused" && one.error.code,
        "ACCESS_DENIED",
      );
    }
  },
);

wineTest("changeNeighbors() refuses a value that is not an array", () => {
  assertThrows(
    () => changeNeighbors({} as NeighborChange[]),
    NeighborError,
    "not an array",
  );
  assertEquals(changeNeighbors([]), []);
});

wineTest(
  "changeNeighbors() verifies each change in the table",
  async () => {
    control.failNext("CreateIpNetEntry2", 0);
    control.failNext("SetIpNetEntry2", 0);
    const results = changeNeighbors([
      on("create", 7),
      on("set", 8),
      on("create", 9),
      on("set", 9, "02fc00000006"),
    ]);
    assertEquals(
      results.map((one) =>
        one.outcome === "done" ? one.result : `${one.outcome} ${one.error.code}`
      ),
      ["refused UNCONFIRMED", "refused UNCONFIRMED", "created", "changed"],
    );
    assertEquals(
      (await kernelNeighbors("192.0.2.9"))[0]?.lladdr,
      "02:fc:00:00:00:06",
    );
  },
);

wineTest(
  "changeNeighbors() returns unknown for a change it could not verify",
  async () => {
    control.failNext("GetIpNetTable2", 8);
    const [result] = changeNeighbors([on("create", 7), on("create", 8)]);
    assertEquals(result!.outcome, "unknown");
    assertEquals(
      result!.outcome === "unknown" && result!.error.code,
      "UNKNOWN_OUTCOME",
    );
    assertEquals((await kernelNeighbors("192.0.2.7")).length, 1);
  },
);

wineTest("a batch looks up each name once, and the next batch again", () => {
  const replaces = [7, 8, 9].map((last) => on("replace", last));
  for (const result of ["created", "changed"]) {
    control.reset();
    const shifted = replaces.map((change) => ({
      ...change,
      linkLayerAddress: result === "created" ? "02fc00000005" : "02fc00000006",
    }));
    assertEquals(
      changeNeighbors(shifted as NeighborChange[]).map((one) =>
        one.outcome === "done" && one.result
      ),
      Array(3).fill(result),
    );
    const { ConvertInterfaceAliasToLuid, ConvertInterfaceLuidToAlias } = control
      .calls();
    assertEquals(
      [ConvertInterfaceAliasToLuid, ConvertInterfaceLuidToAlias],
      [1, 1],
    );
  }
});
