import { assert, assertEquals } from "@std/assert";
import { neighbor } from "../helpers/linux/command.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";

const LLADDR = "02:fc:00:00:00:05";

/** Rows of two devices, whose names and addresses do not sort as text. */
function addRows(): void {
  ip("link add d10 type veth peer name d9");
  for (const device of ["d10", "d9"]) {
    ip(`link set ${device} up`);
    for (const address of ["10.0.0.10", "10.0.0.9", "9.0.0.1"]) {
      ip(`neigh replace ${address} lladdr ${LLADDR} dev ${device}`);
    }
    ip(`neigh replace 224.0.0.7 lladdr ${LLADDR} dev ${device}`);
    ip(`neigh replace ff02::77 lladdr ${LLADDR} dev ${device}`);
    ip(`neigh replace 2001:db8::a lladdr ${LLADDR} dev ${device} nud stale`);
    ip(`neigh replace 2001:db8::9 lladdr ${LLADDR} dev ${device} nud stale`);
  }
}

const SORTED = [
  ...["9.0.0.1", "10.0.0.9", "10.0.0.10", "2001:db8::9", "2001:db8::a"],
];

/** The subnets of these rows: the kernel adds rows of multicast addresses. */
const OURS = [
  ...["9.0.0.0/8", "10.0.0.0/24", "224.0.0.0/24", "2001:db8::/32", "ff02::77"],
];

/** The same rows by ip. */
function truth(): string[] {
  return OURS.flatMap((subnet) => {
    const family = subnet.includes(":") ? "-6" : "-4";
    const text = ip(`-j ${family} neigh show nud all to ${subnet}`);
    const rows = JSON.parse(text || "[]") as Record<string, string>[];
    return rows.map(({ dst, dev, lladdr, state }) =>
      `${dst} ${lladdr ?? "-"} ${String(state).toLowerCase()} ${dev}`
    );
  }).toSorted();
}

function rowsOf(stdout: string): string[][] {
  return stdout.split("\n").slice(0, -1).map((line) => line.split(/ +/));
}

networkTest(
  "cli list sorts the table, hides multicast rows and counts them",
  async () => {
    addRows();
    try {
      const ran = await neighbor(["list", ...OURS, "--no-header"]);
      assertEquals(ran.code, 0);
      const rows = rowsOf(ran.stdout);
      assertEquals(rows.map(([address, , , on]) => `${on} ${address}`), [
        ...SORTED.map((address) => `d9 ${address}`),
        ...SORTED.map((address) => `d10 ${address}`),
      ]);
      const all = truth();
      assertEquals(all.length, 2 * SORTED.length + 4);
      assertEquals(
        ran.stderr,
        "neighbor: 4 multicast rows not shown, --multicast shows them\n",
      );
      const every = await neighbor([
        "list",
        ...OURS,
        "--no-header",
        "--multicast",
      ]);
      assertEquals(every.stderr, "");
      assertEquals(
        rowsOf(every.stdout).map((cells) => cells.slice(0, 4).join(" "))
          .toSorted(),
        all,
      );
      const json = await neighbor(["list", ...OURS, "--json"]);
      assertEquals(
        (JSON.parse(json.stdout) as Record<string, string | null>[])
          .map((row) =>
            `${row.address} ${
              row.linkLayerAddress ?? "-"
            } ${row.state} ${row.interfaceAlias}`
          ).toSorted(),
        all,
      );
    } finally {
      ip("link del d10");
    }
  },
);

networkTest("cli list takes operands as ip takes them one by one", async () => {
  addRows();
  try {
    for (
      const operands of [
        ["10.0.0.9"],
        ["10.0.0.8/30", "2001:db8::9"],
        ["9.0.0.0/8", "10.0.0.10/32", "2001:db8::/64"],
        ["192.0.2.1"],
      ]
    ) {
      const wanted = operands.flatMap((one) => {
        const family = one.includes(":") ? "-6" : "-4";
        const text = ip(`-j ${family} neigh show nud all to ${one}`);
        return (JSON.parse(text || "[]") as { dst: string; dev: string }[])
          .map(({ dst, dev }) => `${dst} ${dev}`);
      });
      const ran = await neighbor(["list", ...operands, "--no-header"]);
      assertEquals(
        rowsOf(ran.stdout).map(([address, , , on]) => `${address} ${on}`)
          .toSorted(),
        wanted.toSorted(),
      );
    }
    const both = ["10.0.0.8/30", "9.0.0.1", "--subnet", "10.0.0.10/32"];
    const ran = await neighbor(["list", ...both, "--no-header"]);
    assertEquals(rowsOf(ran.stdout).map(([address]) => address), [
      ...["10.0.0.10", "10.0.0.10"],
    ]);
  } finally {
    ip("link del d10");
  }
});

networkTest(
  "cli list and flush take a protocol as ip does",
  async () => {
    for (const [last, protocol] of [[7, 42], [8, 11], [9, 42]]) {
      ip(
        `neigh add 10.0.0.${last} lladdr ${LLADDR} dev ${DEVICE} protocol ${protocol}`,
      );
    }
    for (const word of ["42", "11", "43"]) {
      const text = ip(
        `-j -4 neigh show nud all dev ${DEVICE} protocol ${word}`,
      );
      const ran = await neighbor([
        ...["list", "10.0.0.0/16", "--protocol", word, "--no-header"],
      ]);
      assertEquals([ran.code, ran.stderr], [0, ""]);
      assertEquals(
        rowsOf(ran.stdout).map(([address]) => address),
        (JSON.parse(text || "[]") as { dst: string }[]).map(({ dst }) => dst)
          .toSorted(),
      );
    }
    const flush = ["flush", "--protocol", "42", "--permanent", "--json"];
    const { stdout } = await neighbor(flush);
    assertEquals(JSON.parse(stdout).neighbors.length, 2);
    assertEquals(ip(`-4 neigh show dev ${DEVICE}`).split(" ")[0], "10.0.0.8");
  },
);

networkTest("cli list has the ages that ip -s has", async () => {
  ip(`neigh add 10.0.0.7 lladdr ${LLADDR} dev ${DEVICE} nud stale`);
  ip(`neigh add 10.0.0.8 lladdr ${LLADDR} dev ${DEVICE} nud permanent`);
  const [row] = JSON.parse(ip(`-j -s -4 neigh show to 10.0.0.7`));
  const ran = await neighbor(["list", "10.0.0.0/16"]);
  const [heading, stale, permanent] = rowsOf(ran.stdout);
  assertEquals(heading!.slice(3), ["INTERFACE", "AGE"]);
  const [, minutes = "0", seconds = "0"] = /^(?:(\d+)m)?(?:(\d+)s)?$/
    .exec(stale![4]!)!;
  const age = 60 * Number(minutes) + Number(seconds);
  assert(age - row.confirmed >= 0 && age - row.confirmed < 30, stale![4]);
  assertEquals(permanent![4], "-");
});
