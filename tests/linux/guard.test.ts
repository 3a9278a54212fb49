import { assert, assertEquals } from "@std/assert";
import type { Neighbor, NeighborEntry } from "../../ffi/types/neighbor.ts";
import { onWrite } from "../helpers/writes.ts";
import { Guarding, OURS, Pair, THEIRS } from "../helpers/linux/guarding.ts";
import {
  DEVICE,
  ip,
  ipNeighbor,
  networkTest,
} from "../helpers/linux/network.ts";
import { pause } from "../helpers/pause.ts";

function pin(address: string, interfaceAlias = DEVICE): NeighborEntry {
  return { address, linkLayerAddress: OURS, interfaceAlias };
}

/** How entries drift: what is done to each, and what a repair says of it. */
const DRIFTS: readonly (readonly [string, string, string])[] = [
  ["del ADDRESS", "created", "nothing"],
  [`replace ADDRESS lladdr ${THEIRS}`, "changed", `${THEIRS} permanent`],
  // As ARP itself would have it
  [
    `replace ADDRESS lladdr ${THEIRS} nud reachable`,
    "changed",
    `${THEIRS} reachable`,
  ],
  [`replace ADDRESS lladdr ${OURS} nud stale`, "changed", `${OURS} stale`],
  [`replace ADDRESS lladdr ${THEIRS} nud noarp`, "changed", `${THEIRS} noarp`],
  // Both of a kind in a moment: what was found is the last of them
  [
    `replace ADDRESS lladdr ${THEIRS} nud stale;del ADDRESS`,
    "created",
    "nothing",
  ],
];

/** What somebody does to the device, by which all of its entries go. */
const FLUSHES: readonly (readonly string[])[] = [
  [`neigh flush dev ${DEVICE} nud permanent`],
  [`link set ${DEVICE} down`, `link set ${DEVICE} up`],
  [`link set ${DEVICE} address 02:fc:00:00:00:11`],
  [`link set ${DEVICE} arp off`],
  [`link set ${DEVICE} arp on`],
];

networkTest(
  "each kind of drift is repaired and reported",
  async ({ table }) => {
    const addresses = ["10.0.0.7", "2001:db8::7", "fe80::7"];
    await using guarding = await Guarding.begin(
      addresses.map((address) => pin(address)),
      { table },
    );
    const check = async (what: string, told: string[]) => {
      await guarding.until(
        () => guarding.repairs().length >= told.length,
        what,
      );
      assertEquals(guarding.repairs().toSorted(), told.toSorted(), what);
      for (const address of addresses) {
        const row = ipNeighbor(address);
        assertEquals([row?.lladdr, row?.state], [OURS, ["PERMANENT"]], what);
      }
      guarding.events.length = 0;
    };
    let repairs = 0;
    for (const [drift, outcome, found] of DRIFTS) {
      repairs++;
      for (const address of addresses) {
        for (const step of drift.split(";")) {
          ip(`neigh ${step.replace("ADDRESS", address)} dev ${DEVICE}`);
        }
      }
      await check(
        drift,
        addresses.map((one) => `${outcome} ${one}, found ${found}, ${repairs}`),
      );
    }
    for (const flush of FLUSHES) {
      repairs++;
      for (const step of flush) ip(step);
      // What a link does when it comes up is done by then
      await pause(150);
      await check(
        flush.join(),
        addresses.map((one) => `created ${one}, found nothing, ${repairs}`),
      );
    }
    assertEquals(await guarding.end(), {
      repairs: repairs * addresses.length,
      refusals: 0,
    });
  },
);

networkTest(
  "entries are guarded by whatever name their interface has",
  async ({ table, index }) => {
    const altname = "the-other-name-of-it";
    ip(`link property add dev ${DEVICE} altname ${altname}`);
    using _ = new Pair("vx");
    const entries: NeighborEntry[] = [
      pin("10.0.0.7"),
      { ...pin("10.0.0.8"), interfaceAlias: null, interfaceIndex: index },
      pin("10.0.0.9", altname),
      { address: `fe80::7%${DEVICE}`, linkLayerAddress: OURS },
      // The same address on another interface is another entry
      { ...pin("10.0.0.7", "vx"), linkLayerAddress: THEIRS },
    ];
    const drifts = [
      ...["10.0.0.7 dev va", "10.0.0.8 dev va", "10.0.0.9 dev va"],
      ...["fe80::7 dev va", "10.0.0.7 dev vx"],
    ];
    await using guarding = await Guarding.begin(entries, { table });
    for (const [i, drift] of drifts.entries()) {
      ip(`neigh del ${drift}`);
      const [address] = drift.split(" ");
      // Of no use to anybody: that address is not guarded there
      ip(`neigh replace ${address} lladdr ${THEIRS} nud stale dev vx-far`);
      await guarding.until(() => guarding.repairs().length > i, drift);
    }
    await pause(120);
    // Each by the very entry that was given, and once
    const repaired = guarding.of("repaired").map(({ entry }) => entry);
    assertEquals(repaired.map((one) => entries.indexOf(one as NeighborEntry)), [
      ...entries.keys(),
    ]);
    const far = JSON.parse(ip("-j -4 neigh show nud stale dev vx-far"));
    assertEquals(far.length, 3);
  },
);

networkTest("an entry in sync is not written", async ({ table }) => {
  let writes = 0;
  onWrite(table, ({ positions }) => void (writes += positions.length));
  const entries = [pin("10.0.0.7"), pin("10.0.0.8")];
  await using guarding = await Guarding.begin(entries, { table });
  assertEquals(writes, 2);
  ip(`neigh replace 10.0.0.7 lladdr ${OURS} nud permanent dev ${DEVICE}`);
  ip(`neigh add 10.0.0.9 lladdr ${THEIRS} nud permanent dev ${DEVICE}`);
  ip(`neigh replace 10.0.0.9 lladdr ${OURS} nud stale dev ${DEVICE}`);
  await pause(150);
  assertEquals([writes, guarding.said()], [2, ["applied"]]);
  assertEquals(await guarding.end(), { repairs: 0, refusals: 0 });
  // Guarding the same again begins with nothing to do
  await using again = await Guarding.begin(entries, { table });
  const [applied] = again.of("applied");
  assertEquals(applied?.report.plan.unchanged.length, 2);
  assertEquals(writes, 2);
});

networkTest(
  "IPv6 disabled: refused, reported once, retried with backoff, repaired when enabled",
  async ({ table }) => {
    const sysctl = `/proc/sys/net/ipv6/conf/${DEVICE}/disable_ipv6`;
    const set = (value: "0" | "1") => Deno.writeTextFileSync(sysctl, value);
    const tries: number[] = [];
    onWrite(table, ({ addresses }) => {
      if (addresses[0] === "2001:db8::7") tries.push(performance.now());
    });
    const entries = [pin("10.0.0.7"), pin("2001:db8::7")];
    await using guarding = await Guarding.begin(entries, { table });
    tries.length = 0;
    set("1");
    await guarding.until(() => tries.length >= 4, "four tries");
    const gaps = tries.slice(1).map((time, i) => time - tries[i]!);
    // At least 100, 200 and 400 ms
    assert(gaps.every((gap, i) => gap >= 100 * 2 ** i - 1), `${gaps}`);
    assertEquals(guarding.said(), ["applied", "refused"]);
    const [refused] = guarding.of("refused");
    assertEquals(refused?.entry, entries[1]);
    assertEquals(refused?.error.code, "NOT_SUPPORTED");
    // The other one is not kept waiting
    ip(`neigh del 10.0.0.7 dev ${DEVICE}`);
    await guarding.until(() => guarding.repairs().length === 1, "the other");
    set("0");
    await guarding.until(() => guarding.repairs().length === 2, "enabled");
    assertEquals(guarding.repairs(), [
      "created 10.0.0.7, found nothing, 1",
      "created 2001:db8::7, found nothing, 1",
    ]);
    assertEquals(ipNeighbor("2001:db8::7")?.state, ["PERMANENT"]);
    // Well by our hand: what is refused then is news
    set("1");
    await guarding.until(() => guarding.of("refused").length === 2, "again");
    // And well by another's
    set("0");
    ip(`neigh add 2001:db8::7 lladdr ${OURS} dev ${DEVICE}`);
    await pause(150);
    set("1");
    await guarding.until(() => guarding.of("refused").length === 3, "news");
    const { repairs, refusals } = await guarding.end();
    assertEquals(repairs, 2);
    assert(refusals >= 6, `${refusals}`);
  },
);

networkTest(
  "with keepGoing an entry refused at first is retried",
  async ({ table }) => {
    const sysctl = `/proc/sys/net/ipv6/conf/${DEVICE}/disable_ipv6`;
    Deno.writeTextFileSync(sysctl, "1");
    const entries = [pin("10.0.0.7"), pin("2001:db8::7")];
    const options = { table, keepGoing: true };
    await using guarding = await Guarding.begin(entries, options);
    const [applied] = guarding.of("applied");
    assertEquals(
      applied?.report.entries.map(({ outcome }) => outcome),
      ["created", "refused"],
    );
    // Told by the first event already
    assertEquals(guarding.said(), ["applied"]);
    Deno.writeTextFileSync(sysctl, "0");
    await guarding.until(() => guarding.repairs().length === 1, "enabled");
    const found: Neighbor | null | undefined = guarding.of("repaired")[0]
      ?.found;
    assertEquals([found, ipNeighbor("2001:db8::7")?.lladdr], [null, OURS]);
  },
);
