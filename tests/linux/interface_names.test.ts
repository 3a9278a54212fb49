import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  applyNeighbors,
  guardNeighbors,
  listInterfaces,
  listNeighbors,
  NeighborError,
  type NetworkInterface,
  pinNeighbor,
  planNeighbors,
} from "../../mod.ts";
import { apply, filePin } from "../helpers/linux/applying.ts";
import { neighbor } from "../helpers/linux/command.ts";
import { OURS, THEIRS } from "../helpers/linux/guarding.ts";
import { Device, pinsOn } from "../helpers/linux/moving.ts";
import { DEVICE, ip, networkTest, run } from "../helpers/linux/network.ts";
import {
  assertAgrees,
  assertAsBefore,
  indexOf,
  inWords,
  snapshot,
} from "../helpers/linux/witness.ts";

const UPLINK = "the-uplink-of-the-third-rack";

/** A bridge with an alternative name, on which the kernel makes no row. */
class Bare implements Disposable {
  constructor() {
    // A snooping one joins a group, which makes a row
    ip("link add d0 type bridge mcast_snooping 0");
    Deno.writeTextFileSync("/proc/sys/net/ipv6/conf/d0/disable_ipv6", "1");
    ip("link set d0 up");
    ip(`link property add dev d0 altname ${UPLINK}`);
    assertEquals(ip("neigh show dev d0 nud all"), "");
  }

  [Symbol.dispose](): void {
    ip("link del d0");
  }
}

/** One address, by the name of the device and by its alternative name. */
function twice(linkLayerAddress: string) {
  const [pin] = pinsOn("d0", 1);
  return [
    pin!,
    { ...pin!, interfaceAlias: UPLINK, linkLayerAddress },
  ] as const;
}

/** The alternative names that `listInterfaces` gives of a device. */
function altNamesOf(name: string): readonly string[] | undefined {
  const found:
    | (NetworkInterface & { altNames?: readonly string[] })
    | undefined = listInterfaces().find((one) => one.interfaceAlias === name);
  return found?.altNames;
}

networkTest("listInterfaces() knows alternative names", () => {
  using _ = new Device("d0");
  ip(`link property add dev d0 altname ${UPLINK} altname wifi:0`);
  assertEquals(altNamesOf("d0")?.toSorted(), [UPLINK, "wifi:0"]);
  assertEquals(altNamesOf("lo"), []);
  ip(`link property del dev d0 altname ${UPLINK}`);
  assertEquals(altNamesOf("d0"), ["wifi:0"]);
});

networkTest("cli interfaces prints alternative names", async () => {
  using _ = new Device("d0");
  ip(`link property add dev d0 altname ${UPLINK} altname wifi:0`);
  const text = await neighbor(["interfaces"]);
  const line = text.stdout.split("\n").find((one) => one.startsWith("d0 "));
  for (const name of [UPLINK, "wifi:0"]) {
    assert(line?.includes(name), `${name} is not in: ${line}`);
  }
  const json = await neighbor(["interfaces", "--json"]);
  const found = JSON.parse(json.stdout).find(
    (one: NetworkInterface) => one.interfaceAlias === "d0",
  );
  assertEquals(found.altNames?.toSorted(), [UPLINK, "wifi:0"]);
});

for (const linkLayerAddress of [pinsOn("", 1)[0]!.linkLayerAddress, THEIRS]) {
  const which = linkLayerAddress === THEIRS ? "another" : "the same";
  networkTest(
    `an address given twice by two names of a device without rows, with ${which} link-layer address`,
    async ({ table }) => {
      using _ = new Bare();
      const pins = twice(linkLayerAddress as string);
      const before = snapshot();
      const refusals = [
        () => applyNeighbors(pins, { table }),
        () => applyNeighbors(pins, { table, keepGoing: true }),
        () =>
          guardNeighbors(pins, { table, signal: AbortSignal.timeout(30_000) }),
        // deno-lint-ignore require-await -- what it throws becomes a rejection
        async () =>
          planNeighbors(pins, listNeighbors(), {
            interfaces: listInterfaces(),
          }),
      ];
      for (const refused of refusals) {
        const error = await assertRejects(refused, NeighborError, "twice");
        assertEquals(error.code, "INVALID_PARAMETER");
        assertAsBefore(before);
      }
    },
  );

  networkTest(
    `cli apply refuses such a file at its first run, with ${which} link-layer address`,
    async () => {
      using _ = new Bare();
      const before = snapshot();
      const pins = twice(linkLayerAddress as string).map((pin) =>
        filePin(
          pin.address,
          pin.linkLayerAddress as string,
          pin.interfaceAlias!,
        )
      );
      for (
        const options of [[], ["--dry-run"], ["--check"], ["--keep-going"]]
      ) {
        const { code, stderr } = await apply(pins, ...options);
        assertEquals(code, 2, `${options}: ${stderr}`);
        assert(stderr.includes("twice"), stderr);
        assertAsBefore(before);
      }
    },
  );
}

networkTest(
  "a plan finds the rows of an interface named by an alternative name",
  () => {
    using _ = new Device("d0");
    ip(`link property add dev d0 altname ${UPLINK}`);
    const [pin] = pinsOn(UPLINK, 1);
    using _pin = pinNeighbor(pin!);
    ip(`neigh add 10.9.0.9 lladdr ${THEIRS} nud permanent dev d0`);
    const plan = planNeighbors([pin!], listNeighbors(), {
      interfaces: listInterfaces(),
      prune: true,
    });
    assertEquals([plan.create, plan.unchanged.length], [[], 1]);
    assertEquals(plan.remove.map(({ address }) => address), ["10.9.0.9"]);
  },
);

networkTest("an alternative name may have a colon", async ({ table }) => {
  using _ = new Device("d0");
  ip("link property add dev d0 altname wifi:0");
  const before = snapshot();
  const pins = pinsOn("wifi:0", 3);
  assertAgrees(await applyNeighbors(pins, { table }), before);
  const index = indexOf(snapshot(), "d0");
  for (const { address, linkLayerAddress } of pins) {
    const row = snapshot().rows.get(`${index} ${address}`);
    assertEquals(inWords(row), `${linkLayerAddress} PERMANENT`);
  }
  assertEquals(table.get(pins[0]!)?.interfaceAlias, "d0");
  const on = { interfaceAlias: "wifi:0", family: "ipv4" } as const;
  assertEquals(table.list(on).length, 3);
  const zoned = { address: "fe80::7%wifi:0", linkLayerAddress: OURS } as const;
  table.create(zoned);
  assertEquals(table.get(zoned)?.linkLayerAddress, OURS);
  const error = assertThrows(
    () => table.get({ ...pins[0]!, interfaceAlias: "wifi:1" }),
    NeighborError,
  );
  assertEquals(error.code, "INTERFACE_NOT_FOUND");
});

networkTest("the command takes an alternative name with a colon", async () => {
  using _ = new Device("d0");
  ip("link property add dev d0 altname wifi:0");
  const index = indexOf(snapshot(), "d0");
  const on = ["--interface", "wifi:0"];
  const ran = async (...words: string[]) => {
    const { code, stdout, stderr } = await neighbor([...words, ...on]);
    assertEquals(code, 0, `${words}: ${stderr}`);
    return stdout;
  };
  await ran("add", "10.9.0.7", OURS);
  const row = snapshot().rows.get(`${index} 10.9.0.7`);
  assertEquals(inWords(row), `${OURS} PERMANENT`);
  assert((await ran("get", "10.9.0.7")).includes(OURS));
  assert((await ran("list")).includes("10.9.0.7"));
  await ran("delete", "10.9.0.7");
  assertEquals(snapshot().rows.get(`${index} 10.9.0.7`), undefined);
  const { code } = await neighbor(["list", "--interface", "wifi:1"]);
  assertEquals(code, 3);
});

/** What a shell makes the name of, and what `interfaces` prints of it. */
const ESCAPED: Readonly<Record<string, readonly [string, string]>> = {
  "is not UTF-8": ["eth\\377\\200x", "eth\\udcff\\udc80x"],
  "has a control character": ["e\\033[31mth", "e\\u001b[31mth"],
  // The backslash is in the name: escaped, so that it is not read as one
  "looks like an escape": ["e\\\\u0041", "e\\u005cu0041"],
};

for (const [what, [bytes, printed]] of Object.entries(ESCAPED)) {
  networkTest(
    `the command takes a name that ${what} as interfaces prints it`,
    async () => {
      const named = `"$(printf '${bytes}')"`;
      // Before 6.2 Linux does not rename a device that is up
      ip(`link set ${DEVICE} down`);
      run("sh", "-c", `ip link set ${DEVICE} name ${named} up`);
      try {
        const { stdout } = await neighbor(["interfaces"]);
        const line = stdout.split("\n").find((one) => one.startsWith("e"));
        assertEquals(line?.split(" ")[0], printed);
        for (
          const [verb, ...operands] of [
            ["add", "10.0.0.7", OURS],
            ["get", "10.0.0.7"],
            ["list"],
          ] as const
        ) {
          const { code, stdout, stderr } = await neighbor(
            [verb, ...operands, "--interface", printed],
          );
          assertEquals(code, 0, stderr);
          assert(stdout.includes(OURS), stdout);
        }
        const text = run(
          "sh",
          "-c",
          `ip neigh show 10.0.0.7 dev ${named} nud permanent`,
        );
        assert(text.includes(OURS), text);
      } finally {
        run("sh", "-c", `ip link set ${named} down`);
        run("sh", "-c", `ip link set ${named} name ${DEVICE}`);
      }
    },
  );
}
