import { assert, assertEquals } from "@std/assert";
import { parseCommand, type RunCommand } from "../../cli/args.ts";
import { flush } from "../../cli/flush.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";

const [ETH2, ETH10] = [interfaceOf(10, "eth2"), interfaceOf(2, "eth10")];
const MAC = "02:fc:00:00:00:05";

async function flushed(rows: readonly Neighbor[], ...words: string[]) {
  const table = new FakeTable([ETH2, ETH10], [...rows]);
  const command = parseCommand(["flush", ...words]) as RunCommand;
  return await flush(table, command);
}

Deno.test("flush shows the removed rows in the order of list, as JSON in that of the system", async () => {
  const rows = [
    rowOf(ETH10, "10.0.0.9", MAC, "stale"),
    rowOf(ETH2, "10.0.0.10", MAC, "stale"),
    rowOf(ETH2, "10.0.0.9", MAC, "stale"),
    rowOf(ETH2, "fe80::1", MAC, "stale"),
  ];
  for (const more of [["--dry-run"], []]) {
    const { json, text, note } = await flushed(rows, "--all", ...more);
    assert(typeof text === "function");
    const shown = Array.from(text(), ([address, , , on]) => `${address} ${on}`);
    assertEquals(shown, [
      "ADDRESS INTERFACE",
      "10.0.0.9 eth2",
      "10.0.0.10 eth2",
      "fe80::1 eth2",
      "10.0.0.9 eth10",
    ]);
    const { neighbors, kept } = json as Record<string, unknown>;
    assertEquals([neighbors, kept], [rows, undefined]);
    const done = more.length > 0 ? "Would remove" : "Removed";
    assertEquals(
      note,
      `${done} 4; permanent entries only go with --permanent`,
    );
  }
});

const KEPT = [
  rowOf(ETH2, "10.0.0.1", MAC),
  rowOf(ETH2, "10.0.0.2", MAC, "noarp"),
  rowOf(ETH2, "10.0.0.3", MAC, "noarp"),
  rowOf(ETH2, "239.1.2.3", MAC),
  rowOf(ETH2, "ff02::1", MAC, "noarp"),
  rowOf(ETH2, "255.255.255.255", MAC, "stale"),
  rowOf(ETH10, "10.0.0.4", null, "unreachable"),
];

for (
  const [words, note] of [
    [
      ["--all"],
      "kept 1 permanent (--permanent removes it), 2 noarp (--state noarp " +
      "in place of --all removes them), 2 multicast, 1 broadcast",
    ],
    [["224.0.0.0/4", "ff00::/8"], "kept 2 multicast"],
    [["10.0.0.1", "--dry-run"], "kept 1 permanent (--permanent removes it)"],
    [["10.0.0.2"], "kept 1 noarp (--state noarp removes it)"],
    [["239.1.2.3", "--permanent"], "kept 1 multicast"],
    [["10.0.0.9"], "no row matches"],
    // What Windows keeps of a deleted row is no entry
    [["--interface", "eth10"], "no row matches"],
  ] as const
) {
  Deno.test(`flush ${words.join(" ")} says why nothing is removed: ${note}`, async () => {
    const answer = await flushed(KEPT, ...words);
    const isDry = (words as readonly string[]).includes("--dry-run");
    const done = isDry ? "Would remove" : "Removed";
    assertEquals(answer.note, `${done} 0: ${note}`);
  });
}

Deno.test("flush --json has the numbers of the rows that are kept where none is removed", async () => {
  const { json } = await flushed(KEPT, "--all", "--json");
  assertEquals(json, {
    result: "flushed",
    neighbors: [],
    kept: { permanent: 1, noarp: 2, multicast: 2, broadcast: 1 },
  });
});
