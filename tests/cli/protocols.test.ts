import { assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../cli/args.ts";
import { neighborRows } from "../../cli/output/answer.ts";
import { columns } from "../../cli/output/text.ts";
import { protocolNames, protocolNumber } from "../../cli/protocols.ts";
import { interfaceOf, rowOf } from "../helpers/fake_table.ts";

const ON = interfaceOf(3, "eth0");

/** Folders with these files, which are removed at the end of the block. */
function foldersOf(...folders: Readonly<Record<string, string>>[]) {
  const root = Deno.makeTempDirSync();
  const paths = folders.map((files, i) => {
    for (const [name, text] of Object.entries(files)) {
      const path = `${root}/${i}/${name}`;
      Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      Deno.writeTextFileSync(path, text);
    }
    return `${root}/${i}`;
  });
  return {
    paths,
    [Symbol.dispose]: () => Deno.removeSync(root, { recursive: true }),
  };
}

Deno.test("protocolNames() reads the lines that ip reads, and no other", async () => {
  using folders = foldersOf({
    rt_protos: [
      ...["#", "# Reserved protocols.", "", "2\tkernel", "  11  zebra  "],
      ...["42 babel # a comment", "0xBA bgp\r", "300 far", "-1 minus", "x y"],
      ...["7 two words", "8", "9 10", `12 ${"n".repeat(65)}`, "42 other"],
    ].join("\n"),
  });
  assertEquals([...await protocolNames(folders.paths)], [
    [2, "kernel"],
    [11, "zebra"],
    [42, "other"],
    [186, "bgp"],
  ]);
});

Deno.test("protocolNames() takes the first file there is, and .conf files of both folders after it", async () => {
  using folders = foldersOf(
    {
      "rt_protos.d/a.conf": "50 own",
      "rt_protos.d/README": "51 readme",
    },
    {
      rt_protos: "11 zebra\n50 theirs",
      "rt_protos.d/a.conf": "52 replaced",
      "rt_protos.d/b.conf": "53 kept",
    },
  );
  assertEquals(Object.fromEntries(await protocolNames(folders.paths)), {
    11: "zebra",
    50: "own",
    53: "kept",
  });
});

Deno.test("protocolNames() has none of a missing folder, a folder, and a file too large", async () => {
  using folders = foldersOf(
    { "rt_protos/x": "1 a" },
    { "rt_protos.d/a.conf": `11 zebra\n${"#".repeat(65_536)}` },
  );
  const { paths } = folders;
  assertEquals((await protocolNames([...paths, `${paths[0]}/none`])).size, 0);
});

Deno.test("protocolNumber() finds a name, and says what to do about any other", async () => {
  using folders = foldersOf({ rt_protos: "11 zebra" }, {});
  const [folder, none] = folders.paths as [string, string];
  assertEquals(await protocolNumber("zebra", [folder]), 11);
  for (
    const [where, why] of [
      [folder, `no protocol has that name in ${folder}/rt_protos`],
      [none, `there are no names in ${none}/rt_protos`],
    ] as const
  ) {
    const error = await assertRejects(
      () => protocolNumber("Zebra", [where]),
      UsageError,
    );
    assertEquals(
      error.message,
      `The protocol "Zebra" is not a number from 1 to 255: ${why}`,
    );
  }
});

Deno.test({
  name:
    "a name of a protocol is not read without the permission, nor asked for",
  permissions: { read: false },
  async fn() {
    assertEquals((await protocolNames(["/etc/iproute2"])).size, 0);
    const error = await assertRejects(
      () => protocolNumber("zebra", ["/etc/iproute2"]),
      UsageError,
    );
    assertEquals(
      error.message,
      'The protocol "zebra" is not a number from 1 to 255: a name is looked up ' +
        "in /etc/iproute2/rt_protos, which needs --allow-read=/etc/iproute2",
    );
  },
});

async function tableOf(...args: Parameters<typeof neighborRows>) {
  const text = await Array.fromAsync(columns(() => neighborRows(...args)));
  return text.join("").trimEnd().split("\n");
}

Deno.test("neighborRows() has a column of protocols only where a row has one", async () => {
  const row = rowOf(ON, "192.0.2.7", "02:fc:00:00:00:05");
  const names = new Map([[11, "zebra"], [12, "\u202e\\u0041"]]);
  const none = { ...row, protocol: null };
  assertEquals(await tableOf([row, none], names), await tableOf([row, row]));
  assertEquals(
    await tableOf([
      { ...row, protocol: 11 },
      { ...row, protocol: 12, isRouter: true },
      { ...row, protocol: 42 },
      none,
    ], names),
    [
      "ADDRESS    LINK-LAYER-ADDRESS  STATE      INTERFACE  PROTOCOL",
      "192.0.2.7  02:fc:00:00:00:05   permanent  eth0       zebra",
      "192.0.2.7  02:fc:00:00:00:05   permanent  eth0       \\u202e\\u005cu0041  router",
      "192.0.2.7  02:fc:00:00:00:05   permanent  eth0       42",
      "192.0.2.7  02:fc:00:00:00:05   permanent  eth0       -",
    ],
  );
});
