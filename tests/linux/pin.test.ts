import { assertEquals, assertThrows } from "@std/assert";
import { openNeighborTable } from "../../ffi/open.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import { pinNeighbor } from "../../reconcile/pin.ts";
import { OURS, Pair, THEIRS } from "../helpers/linux/guarding.ts";
import { renameMissing } from "../helpers/linux/kernel.ts";
import {
  DEVICE,
  ip,
  ipNeighbor,
  networkTest,
} from "../helpers/linux/network.ts";

function entryFor(address: string, linkLayerAddress = OURS): NeighborEntry {
  return { address, linkLayerAddress, interfaceAlias: DEVICE };
}

/** What `ip` says of an address, in a few words. */
function stands(address: string): string {
  const row = ipNeighbor(address);
  if (row === undefined) return "nothing";
  const words = [row.lladdr ?? "-", row.state[0]!.toLowerCase()];
  return words.concat(row.router === null ? ["router"] : []).join(" ");
}

/** What stood there; what pinning does; what unpinning answers and leaves. */
const CASES: readonly (readonly [string, string, string, string?])[] = [
  ["", "created", "restored", "nothing"],
  [`lladdr ${OURS} nud permanent`, "unchanged", "restored"],
  [`lladdr ${THEIRS} nud permanent`, "changed", "restored"],
  [`lladdr ${THEIRS} nud noarp`, "changed", "restored"],
  [`lladdr ${THEIRS} nud stale`, "changed", "restored"],
  [`lladdr ${OURS} nud stale`, "changed", "restored"],
  [`lladdr ${THEIRS} nud stale router`, "changed", "restored"],
  // What was learnt is no longer vouched for
  [`lladdr ${OURS} nud reachable`, "changed", "restored", `${OURS} stale`],
  [`lladdr ${THEIRS} nud reachable`, "changed", "restored", `${THEIRS} stale`],
  ["nud failed", "changed", "forgotten", "nothing"],
];

for (const address of ["10.0.0.7", "2001:db8::7"]) {
  networkTest(`pinNeighbor() of ${address} and its end`, ({ table }) => {
    for (const [before, result, outcome, after] of CASES) {
      if (before !== "") ip(`neigh replace ${address} ${before} dev ${DEVICE}`);
      const stood = stands(address);
      {
        using pin = pinNeighbor(entryFor(address), { table });
        assertEquals(pin.result, result, before);
        assertEquals(pin.previous === null, before === "", before);
        assertEquals(
          stands(address).replace(" router", ""),
          `${OURS} permanent`,
        );
      }
      assertEquals(stands(address), after ?? stood, before);

      if (before !== "") ip(`neigh replace ${address} ${before} dev ${DEVICE}`);
      const pin = pinNeighbor(entryFor(address), { table });
      assertEquals(pin.unpin(), outcome, before);
      assertEquals(stands(address), after ?? stood, before);
      // Once is enough: what is there now is not this pin's
      ip(`neigh replace ${address} lladdr ${OURS} nud permanent dev ${DEVICE}`);
      assertEquals(pin.unpin(), outcome);
      pin[Symbol.dispose]();
      assertEquals(stands(address), `${OURS} permanent`);
      ip(`neigh del ${address} dev ${DEVICE}`);
    }
  });
}

networkTest(
  "unpin() leaves an entry alone that another program has changed",
  ({ table }) => {
    const address = "10.0.0.7";
    const steps = [
      [`replace ${address} lladdr ${THEIRS} nud permanent`, "foreign"],
      [`replace ${address} lladdr ${THEIRS} nud reachable`, "foreign"],
      [`replace ${address} lladdr ${OURS} nud stale`, "foreign"],
      [`del ${address}`, "foreign"],
    ] as const;
    const befores = [`lladdr 02:fc:00:00:00:09 nud stale`, ""];
    for (const before of befores) {
      for (const [step, outcome] of steps) {
        if (before !== "") {
          ip(
            `neigh replace ${address} ${before} dev ${DEVICE}`,
          );
        }
        const pin = pinNeighbor(entryFor(address), { table });
        ip(`neigh ${step} dev ${DEVICE}`);
        const theirs = stands(address);
        // Removed by another program: as it was before
        const isBack = before === "" && theirs === "nothing";
        assertEquals(pin.unpin(), isBack ? "restored" : outcome, step);
        assertEquals(stands(address), theirs, step);
        if (theirs !== "nothing") ip(`neigh del ${address} dev ${DEVICE}`);
      }
    }
  },
);

networkTest("nested pins are undone in reverse order", ({ table }) => {
  const [first, second] = ["10.0.0.7", "10.0.0.8"];
  ip(`neigh add ${first} lladdr ${THEIRS} nud stale dev ${DEVICE}`);
  {
    using _one = pinNeighbor(entryFor(first), { table });
    {
      using _two = pinNeighbor(entryFor(first, "02:fc:00:00:00:09"), { table });
      using _other = pinNeighbor(entryFor(second), { table });
      using same = pinNeighbor(entryFor(second), { table });
      assertEquals(same.result, "unchanged");
      assertEquals(stands(first), "02:fc:00:00:00:09 permanent");
      assertEquals(same.unpin(), "restored");
      assertEquals(stands(second), `${OURS} permanent`);
    }
    assertEquals(stands(first), `${OURS} permanent`);
    assertEquals(stands(second), "nothing");
  }
  assertEquals(stands(first), `${THEIRS} stale`);
  // In the wrong order: the outer pin finds a foreign entry
  const outer = pinNeighbor(entryFor(second), { table });
  const inner = pinNeighbor(entryFor(second, THEIRS), { table });
  assertEquals([outer.unpin(), inner.unpin()], ["foreign", "restored"]);
  assertEquals(stands(second), `${OURS} permanent`);
});

networkTest("a block that throws ends its pin as well", ({ table }) => {
  const error = assertThrows(() => {
    using _ = pinNeighbor(entryFor("10.0.0.7"), { table });
    throw new Error("Enough");
  }, Error);
  assertEquals(error.message, "Enough");
  assertEquals(stands("10.0.0.7"), "nothing");
});

networkTest(
  "a pin whose interface is removed or renamed before the end",
  ({ table }) => {
    using pair = new Pair("vx");
    const entry = { ...entryFor("10.9.0.7"), interfaceAlias: "vx" };
    const listed = () => JSON.parse(ip("-j -4 neigh show nud permanent"));
    const renamed = pinNeighbor(entry, { table });
    ip("link set vx name vz");
    // It has a new one under the old name, with an entry of its own
    using other = new Pair("vx", "vy");
    ip(`neigh add 10.9.0.7 lladdr ${OURS} dev vx`);
    assertEquals(renamed.unpin(), "restored");
    assertEquals(listed().length, 1);
    assertEquals(listed()[0].dev, "vx");
    ip("link del vz");

    ip("neigh del 10.9.0.7 dev vx");
    const made = pinNeighbor(entry, { table });
    other.go();
    pair.come();
    ip(`neigh add 10.9.0.7 lladdr ${OURS} dev vx`);
    assertEquals(made.unpin(), "restored");
    assertEquals(listed().length, 1);

    const byIndex = pinNeighbor(entryFor("10.0.0.7"), { table });
    ip(`link set ${DEVICE} down`);
    // A link that goes down takes its entries along: not this pin's doing
    assertEquals(byIndex.unpin(), "restored");

    // What stood there cannot be brought back: that is not hidden
    const changed = pinNeighbor({ ...entry, linkLayerAddress: THEIRS }, {
      table,
    });
    pair.go();
    const error = assertThrows(() => changed.unpin(), NeighborError);
    assertEquals(error.code, "INTERFACE_NOT_FOUND");
  },
  renameMissing(),
);

networkTest("a pin that is refused changes nothing", ({ table, index }) => {
  ip(`neigh add 10.0.0.7 lladdr ${THEIRS} nud stale dev ${DEVICE}`);
  const refused: readonly (readonly [NeighborEntry, string])[] = [
    [entryFor("10.0.0.7", `${OURS}:06`), "INVALID_PARAMETER"],
    [entryFor("10.0.0.7", ""), "INVALID_PARAMETER"],
    [entryFor("127.0.0.1"), "INVALID_PARAMETER"],
    [
      { ...entryFor("10.0.0.7"), interfaceAlias: "nowhere" },
      "INTERFACE_NOT_FOUND",
    ],
    [{ ...entryFor("fe80::7%lo"), interfaceIndex: index }, "INVALID_PARAMETER"],
    [entryFor("2001:db8::7"), "NOT_SUPPORTED"],
  ];
  const sysctl = `/proc/sys/net/ipv6/conf/${DEVICE}/disable_ipv6`;
  Deno.writeTextFileSync(sysctl, "1");
  for (const [entry, code] of refused) {
    const error = assertThrows(
      () => pinNeighbor(entry, { table }),
      NeighborError,
    );
    assertEquals(error.code, code, error.message);
    assertEquals(stands("10.0.0.7"), `${THEIRS} stale`);
    assertEquals(stands("2001:db8::7"), "nothing");
  }
});

networkTest(
  "a pin on a closed table is refused, and opens no file",
  () => {
    const table = openNeighborTable();
    const pin = pinNeighbor(entryFor("10.0.0.7"), { table });
    table.close();
    // The first file to be opened gets the descriptor that was closed
    const path = Deno.makeTempFileSync();
    using _file = Deno.openSync(path, { write: true });
    for (let tries = 0; tries < 2; tries++) {
      const error = assertThrows(() => pin.unpin(), NeighborError);
      assertEquals(error.code, "CLOSED");
    }
    assertEquals(stands("10.0.0.7"), `${OURS} permanent`);
    assertEquals(Deno.statSync(path).size, 0);
    Deno.removeSync(path);
  },
);
