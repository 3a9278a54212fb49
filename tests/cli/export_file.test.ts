import { assert, assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../cli/args.ts";
import { Refusal } from "../../cli/output/refusal.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { fromFile, MAC, row, TABLE } from "../helpers/exported.ts";

const PINS = JSON.stringify({
  neighbors: [
    {
      address: "192.0.2.7",
      linkLayerAddress: "02-FC-00-00-00-05",
      interfaceAlias: "eth0",
      comment: "printer",
    },
    { address: "fe80::7%eth1", linkLayerAddress: MAC },
  ],
});

Deno.test("export of a pins file reads no table, keeps the order and the comments", async () => {
  const { text, warnings } = await fromFile(PINS);
  assertEquals(warnings, []);
  assertEquals(JSON.parse(text).neighbors, [
    {
      address: "192.0.2.7",
      linkLayerAddress: MAC,
      interfaceAlias: "eth0",
      comment: "printer",
    },
    { address: "fe80::7", linkLayerAddress: MAC, interfaceAlias: "eth1" },
  ]);
  const chosen = await fromFile(PINS, "--to", "ip-batch", "-i", "eth1");
  assertEquals(
    chosen.text,
    `neigh replace fe80::7 lladdr ${MAC} dev eth1 nud permanent\n`,
  );
  assertEquals(
    (await fromFile(PINS, "-6", "--json")).text.includes("192"),
    false,
  );
});

Deno.test("export of a listing takes its permanent rows, with --learnt those that were learnt", async () => {
  const listing = JSON.stringify(TABLE);
  const { text, warnings } = await fromFile(listing, "--to", "ip-batch");
  assertEquals(text.trimEnd().split("\n").length, 4);
  assertEquals(warnings, [
    "FILE: 9 rows skipped: 5 not permanent, 2 multicast, 1 broadcast, 1 proxy",
  ]);
  const learnt = await fromFile(listing, "--to", "ip-batch", "--learnt");
  assertEquals(learnt.text.trimEnd().split("\n").length, 6);
  assert(learnt.warnings[1]?.startsWith("FILE: 2 entries were learnt"));
});

Deno.test("export of a listing of Windows names the interface by its alias", async () => {
  const luid = "0x0006000002000000";
  const listing = [
    row("192.0.2.7", { interfaceLuid: luid, interfaceAlias: "Ethernet 2" }),
  ];
  const { text } = await fromFile(JSON.stringify(listing), "--to", "netsh");
  assert(text.includes(' "Ethernet 2" '), text);
  const by = async (word: string) =>
    (await fromFile(JSON.stringify(listing), "-i", word)).warnings.length;
  assertEquals([await by(luid), await by("3"), await by("Ethernet 2")], [
    0,
    0,
    0,
  ]);
  assertEquals([await by("0x6"), await by("4"), await by("Ethernet")], [
    1,
    1,
    1,
  ]);
});

Deno.test("export of a pins file refuses its mistakes all at once", async () => {
  const pin = {
    address: "192.0.2.7",
    linkLayerAddress: MAC,
    interfaceAlias: "a",
  };
  const bad = [
    pin,
    { ...pin, address: "127.0.0.1" },
    pin,
    { ...pin, address: "fe80::1%b" },
  ];
  const error = await assertRejects(
    () => fromFile(JSON.stringify(bad, null, 1)),
    Refusal,
  );
  const messages = error.before.map((one) => one.replace(/^.*?:(?=\d)/, ""));
  assertEquals(messages.length, 3);
  assert(messages[0]!.includes("loopback"), messages[0]);
  assert(
    messages[1]!.endsWith(
      "given twice: it is the same entry again (first at 2:2)",
    ),
    messages[1],
  );
  assert(messages[2]!.includes("by a zone and by another name"), messages[2]);
  await assertRejects(() => fromFile("# no JSON"), Refusal);
});

Deno.test("export refuses pins without an alias in formats that name the interface", async () => {
  const pins = JSON.stringify({
    neighbors: [
      { address: "192.0.2.7", linkLayerAddress: MAC, interfaceIndex: 3 },
      { address: "192.0.2.8", linkLayerAddress: MAC, interfaceLuid: "0x6" },
    ],
  });
  const { before } = await assertRejects(
    () => fromFile(pins, "--to", "ip-batch"),
    Refusal,
  );
  assertEquals(before, [
    "192.0.2.7 on 3 names its interface by an index: an alias is needed",
    "192.0.2.8 on 0x0000000000000006 names its interface by a LUID: an alias " +
    "is needed",
  ]);
  const { neighbors } = JSON.parse((await fromFile(pins)).text);
  assertEquals(
    neighbors.map((one: Neighbor) => one.interfaceIndex ?? one.interfaceLuid),
    [3, "0x0000000000000006"],
  );
});

Deno.test("export of a pins file gives its protocol to the pins without one", async () => {
  const pin = { linkLayerAddress: MAC, interfaceAlias: "eth0" };
  const { text } = await fromFile(JSON.stringify({
    protocol: 42,
    neighbors: [
      { ...pin, address: "192.0.2.7" },
      { ...pin, address: "192.0.2.8", protocol: 43 },
    ],
  }));
  assertEquals(
    JSON.parse(text).neighbors.map((one: Neighbor) => one.protocol),
    [42, 43],
  );
});

Deno.test("export prints the comment of a pin beside its mistake", async () => {
  const pin = {
    ...{ address: "192.0.2.7", linkLayerAddress: MAC, interfaceAlias: "a" },
    comment: "printer",
  };
  for (
    const bad of [[pin, pin], [{ ...pin, address: "fe80::1%b" }]]
  ) {
    const { message } = await assertRejects(
      () => fromFile(JSON.stringify(bad)),
      Refusal,
    );
    assert(message.endsWith(" # printer; nothing was exported"), message);
  }
});

Deno.test("export cuts the name of an interface that no system has, and tells it from others", async () => {
  const pins = ["a", "b"].map((last) => ({
    address: "192.0.2.7",
    linkLayerAddress: MAC,
    interfaceAlias: `#${"x".repeat(100_000)}${last}`,
  }));
  const text = JSON.stringify(pins);
  const many = await assertRejects(
    () => fromFile(text, "--to", "ethers"),
    UsageError,
  );
  assert(many.message.includes("the entries are of 2: #xxx"), many.message);
  assert(many.message.length < 1000);
  const { before } = await assertRejects(
    () => fromFile(text, "--to", "ip-batch"),
    Refusal,
  );
  assertEquals(before.length, 2);
  assert(before.join("").length < 1000);
});

Deno.test("export of a pins file leaves out no pin that apply would write", async () => {
  const pin = (address: string, linkLayerAddress: string) => ({
    ...{ address, linkLayerAddress, interfaceAlias: "eth0" },
  });
  const pins = [
    pin("192.0.2.7", "ff:ff:ff:ff:ff:ff"),
    pin("192.0.2.8", "03:bf:c0:00:02:08"),
    { ...row("192.0.2.9"), isUnreachable: true },
  ];
  const { text, warnings } = await fromFile(JSON.stringify(pins));
  const { neighbors } = JSON.parse(text);
  assertEquals(
    neighbors.map(({ address }: { address: string }) => address),
    pins.map(({ address }) => address),
  );
  assertEquals(warnings, []);
});

Deno.test("a mistake in a file that is exported has the pin's comment, and says that nothing was exported", async () => {
  const pin = {
    ...{ address: "192.0.2.7", interfaceAlias: "eth0", comment: "printer" },
  };
  const twice = [
    { ...pin, linkLayerAddress: MAC },
    { ...pin, linkLayerAddress: "02:fc:00:00:00:06" },
  ];
  const error = await assertRejects(
    () => fromFile(JSON.stringify(twice)),
    Refusal,
  );
  assert(
    error.message.endsWith(
      "(first at 1:2) # printer; nothing was exported",
    ),
    error.message,
  );
});
