import { assertEquals } from "@std/assert";
import { listInterfaces, openNeighborTable } from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

/** The calls that were made, without those that were not. */
function made(): Record<string, number> {
  return Object.fromEntries(
    Object.entries(control.calls()).filter(([, count]) => count > 0),
  );
}

wineTest("a warm set by LUID or index is one native call, by alias two", () => {
  const ethernet = listInterfaces().find((one) =>
    one.interfaceAlias === ETHERNET
  )!;
  using table = openNeighborTable();
  const entry = { address: "192.0.2.7", linkLayerAddress: "02fc00000005" };
  const byLuid = { ...entry, interfaceLuid: ethernet.interfaceLuid! };
  const byIndex = { ...entry, interfaceIndex: ethernet.interfaceIndex };
  const byAlias = { ...entry, interfaceAlias: ETHERNET };
  table.create(byAlias);
  for (const warmed of [byLuid, byIndex, byAlias]) table.set(warmed);

  const counts = [byLuid, byIndex, byAlias].map((warm) => {
    control.reset();
    table.set(warm);
    return made();
  });
  assertEquals(counts, [
    { SetIpNetEntry2: 1 },
    { SetIpNetEntry2: 1 },
    { SetIpNetEntry2: 1, ConvertInterfaceAliasToLuid: 1 },
  ]);
});

wineTest("a replace reads the table, never the entry", () => {
  using table = openNeighborTable();
  const entry = {
    address: "192.0.2.7",
    linkLayerAddress: "02fc00000005",
    interfaceAlias: ETHERNET,
  };
  const read = { GetIpNetTable2: 1, FreeMibTable: 1 };
  const readTwice = { GetIpNetTable2: 2, FreeMibTable: 2 };
  const named = { ConvertInterfaceAliasToLuid: 1 };
  const shown = { ConvertInterfaceLuidToAlias: 1 };
  const measured = { GetIfEntry2: 1 };
  control.reset();
  assertEquals(table.replace(entry), "created");
  assertEquals(made(), {
    ...named,
    ...measured,
    ...readTwice,
    ...shown,
    CreateIpNetEntry2: 1,
  });
  control.reset();
  assertEquals(table.replace(entry), "unchanged");
  assertEquals(made(), { ...named, ...read, ...shown });
  control.reset();
  const changed = { ...entry, linkLayerAddress: "02fc00000006" };
  assertEquals(table.replace(changed), "changed");
  assertEquals(made(), {
    ...named,
    ...readTwice,
    ...shown,
    SetIpNetEntry2: 1,
  });
});

wineTest("a batch looks its interface up once and reads twice", () => {
  using table = openNeighborTable();
  const changes = Array.from({ length: 50 }, (_, i) => ({
    verb: i % 2 === 0 ? "create" as const : "replace" as const,
    address: `192.0.2.${10 + i}`,
    linkLayerAddress: "02fc00000005",
    interfaceAlias: ETHERNET,
  }));
  control.reset();
  const results = table.change(changes);
  assertEquals(
    results.map((one) => one.outcome === "done" && one.result),
    Array(50).fill("created"),
  );
  assertEquals(made(), {
    ConvertInterfaceAliasToLuid: 1,
    GetIfEntry2: 1,
    CreateIpNetEntry2: 50,
    GetIpNetTable2: 2,
    FreeMibTable: 2,
    ConvertInterfaceLuidToAlias: 1,
  });
});

wineTest("a get is one native call and the name", () => {
  using table = openNeighborTable();
  const key = { address: "192.0.2.7", interfaceIndex: 3 };
  table.create({ ...key, linkLayerAddress: "02fc00000005" });
  control.reset();
  assertEquals(table.get(key)?.linkLayerAddress, "02:fc:00:00:00:05");
  assertEquals(made(), { GetIpNetEntry2: 1, ConvertInterfaceLuidToAlias: 1 });
});

wineTest("bad input makes no call at all", () => {
  using table = openNeighborTable();
  for (
    const address of [
      "127.0.0.1",
      "0.0.0.0",
      "::",
      "255.255.255.255",
      "::ffff:1.2.3.4",
      "1.2.3",
    ]
  ) {
    try {
      table.set({
        address,
        linkLayerAddress: "02fc00000005",
        interfaceAlias: ETHERNET,
      });
    } catch {
      // counted below
    }
  }
  assertEquals(made(), {});
});

wineTest(
  "the row that SetIpNetEntry2 is given is zero but for its members",
  () => {
    using table = openNeighborTable();
    // A longer address first: nothing of it may stay in the shared row
    for (
      const address of ["2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "192.0.2.7"]
    ) {
      table.create({
        address,
        linkLayerAddress: "02fc00000005",
        interfaceIndex: 3,
      });
    }
    table.set({
      address: "192.0.2.7",
      linkLayerAddress: "0a0b0c0d0e0f",
      interfaceIndex: 3,
    });
    const wanted = new Uint8Array(88);
    wanted.set([2, 0, 0, 0, 192, 0, 2, 7]);
    wanted[28] = 3;
    wanted.set([10, 11, 12, 13, 14, 15], 40);
    wanted[72] = 6;
    assertEquals(control.lastRow("SetIpNetEntry2"), wanted);
  },
);
