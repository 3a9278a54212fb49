/** That a test can change what the calls say of interfaces and of rows that are missing. */
import { assert, assertEquals } from "@std/assert";
import { listInterfaces } from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { open, row } from "../helpers/wine/raw.ts";
import { indexes } from "../helpers/windows/moving.ts";
import { ETHERNET, OTHER, wineTest } from "../helpers/windows/under_wine.ts";

const SIX = [2, 0xfc, 0, 0, 0, 5];

/** The aliases as the calls show them, by index. */
function aliases(): Map<number, string> {
  return new Map(
    listInterfaces().map((one) => [one.interfaceIndex, one.interfaceAlias]),
  );
}

wineTest("an interface is renamed, goes, and comes back", async () => {
  const { ethernet, other } = await indexes();
  control.configure(
    [
      control.renamed(ethernet, OTHER),
      control.renamed(other, ETHERNET),
    ].join(";"),
  );
  assertEquals(aliases().get(ethernet), OTHER);
  assertEquals(aliases().get(other), ETHERNET);
  control.configure(control.gone(ethernet));
  assertEquals(aliases().has(ethernet), false);
  using library = open();
  const given = row(ethernet, [192, 0, 2, 8], SIX);
  assertEquals(library.symbols.CreateIpNetEntry2(given), 1168);
  assertEquals(library.symbols.GetIpNetEntry2(given), 2);
  control.configure(control.gone(ethernet, false));
  assertEquals(library.symbols.CreateIpNetEntry2(given), 0);
});

for (const counted of ["CreateIpNetEntry2", "write"] as const) {
  wineTest(`settings hold after so many calls of ${counted}`, async () => {
    const { ethernet } = await indexes();
    using library = open();
    const { symbols } = library;
    control.after(counted, 2, control.gone(ethernet));
    for (const [last, status] of [[1, 0], [2, 0], [3, 1168]] as const) {
      const given = row(ethernet, [192, 0, 2, last + 100], SIX);
      assertEquals(symbols.CreateIpNetEntry2(given), status);
    }
  });
}

for (const [leaves, length] of [["zeroes", 6], ["empty", 0]] as const) {
  for (
    const [create, status] of [["refused", 5010], ["succeeds", 0]] as const
  ) {
    wineTest(`a deleted row stays: ${leaves}, create ${create}`, async () => {
      const { ethernet } = await indexes();
      control.setBackend("memory");
      control.setZombies(leaves, create);
      using library = open();
      const { symbols } = library;
      const given = row(ethernet, [192, 0, 2, 8], SIX);
      assertEquals(symbols.CreateIpNetEntry2(given), 0);
      assertEquals(symbols.DeleteIpNetEntry2(given), 0);
      const seen = row(ethernet, [192, 0, 2, 8], []);
      assertEquals(symbols.GetIpNetEntry2(seen), 0);
      assertEquals([seen[72], seen[76]], [length, 0]);
      assertEquals([...seen.subarray(40, 40 + length)], Array(length).fill(0));
      assertEquals(symbols.CreateIpNetEntry2(given), status);
      assertEquals(symbols.SetIpNetEntry2(given), 0);
    });
  }
}

wineTest("a read that asks the network waits and leaves a row", async () => {
  const { ethernet } = await indexes();
  control.setBackend("memory");
  control.setAsking(50);
  using library = open();
  const { symbols } = library;
  const seen = row(ethernet, [192, 0, 2, 8], []);
  const started = performance.now();
  assertEquals(symbols.GetIpNetEntry2(seen), 1168);
  assert(performance.now() - started > 40);
  assertEquals(symbols.GetIpNetEntry2(seen), 0);
  assertEquals([seen[72], seen[76]], [0, 1]);
});

wineTest("an address that is too long is refused, or cut", async () => {
  const { ethernet } = await indexes();
  control.setBackend("memory");
  control.configure(control.addressLength(ethernet, 4));
  using library = open();
  const { symbols } = library;
  const given = row(ethernet, [192, 0, 2, 8], SIX);
  assertEquals(symbols.CreateIpNetEntry2(given), 87);
  control.setCutting(true);
  assertEquals(symbols.CreateIpNetEntry2(given), 0);
  const seen = row(ethernet, [192, 0, 2, 8], []);
  assertEquals(symbols.GetIpNetEntry2(seen), 0);
  assertEquals(seen[72], 4);
});

wineTest("reads of the table are counted by family", () => {
  using library = open();
  const table = new BigUint64Array(1);
  for (const family of [2, 2, 23, 0]) {
    assertEquals(library.symbols.GetIpNetTable2(family, table), 0);
    library.symbols.FreeMibTable(table[0]!);
  }
  assertEquals(control.tableReads(), { ipv4: 3, ipv6: 2 });
  assertEquals(control.calls().GetIpNetTable2, 4);
});
