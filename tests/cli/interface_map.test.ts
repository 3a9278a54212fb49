import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseCommand, UsageError } from "../../cli/args.ts";
import { InterfaceMap } from "../../cli/interface_map.ts";
import { applyText } from "../helpers/apply_text.ts";
import { FakeTable, interfaceOf } from "../helpers/fake_table.ts";
import { importText } from "../helpers/import_text.ts";

const MAC = "02:fc:00:00:00:05";
const pin = (address: string, names: object, mac = MAC) => ({
  ...{ address, linkLayerAddress: mac },
  ...names,
});

Deno.test("parseCommand() takes --map more than once, and no other option", () => {
  const command = parseCommand([
    ...["apply", "pins.json", "--map", "a=b", "--check", "--map=c=d=e"],
  ]);
  assert(command.kind === "run");
  assertEquals(command.lists, { map: ["a=b", "c=d=e"] });
  assertEquals([command.values, [...command.flags]], [{}, ["check"]]);
  for (
    const words of [
      ["apply", "x", "--map"],
      ["apply", "x", "--map="],
      ["apply", "x", "--map", "a=b", "--map="],
      ["apply", "x", "--map", "a=b", "--map", ""],
      ["list", "--map", "a=b"],
      ["apply", "x", "--interval", "1", "--interval", "2"],
    ]
  ) assertThrows(() => parseCommand(words), UsageError);
});

for (
  const [words, message] of [
    [["a"], 'takes OLD=NEW, two names of an interface, not "a"'],
    [["=b"], 'not "=b"'],
    [["a="], 'not "a="'],
    [["a=b", "a=c"], 'one interface twice: "a=b" and "a=c"'],
    [["a=b", "a=b"], "one interface twice"],
    [["alias:7=b", "alias:7=c"], "one interface twice"],
    [["0x7=b", "0x07=c"], "one interface twice"],
    [["0xg=b"], '"0xg", which is no LUID'],
  ] as const
) {
  Deno.test(`--map ${words.join(" --map ")} is refused`, () => {
    const { message: words_ } = assertThrows(
      () => new InterfaceMap(words),
      UsageError,
    );
    assert(words_.includes(message), words_);
  });
}

Deno.test("InterfaceMap finds an interface by any of its names", () => {
  const names = {
    interfaceLuid: "0x6008000000000",
    interfaceIndex: 12,
    interfaceAlias: "Ethernet",
  };
  const to = { interfaceAlias: "eth0" };
  for (const old of ["Ethernet", "12", "0x06008000000000"]) {
    const map = new InterfaceMap([`${old}=eth0`]);
    assertEquals(map.renamed(names), to);
    map.check("FILE");
  }
  // An equals sign of a name, and a name that looks like a number
  const map = new InterfaceMap(["a\\u003db=alias:7", "alias:12=eth1"]);
  assertEquals(map.renamed({ interfaceAlias: "a=b" }), { interfaceAlias: "7" });
  assertEquals(map.renamed({ interfaceIndex: 12 }), undefined);
  assertEquals(map.renamed({ interfaceAlias: "12" }), {
    interfaceAlias: "eth1",
  });
  const two = new InterfaceMap(["Ethernet=eth0", "12=eth1"]);
  assertThrows(() => two.renamed(names), UsageError, "to two");
});

function table(): FakeTable {
  return new FakeTable([interfaceOf(2, "va"), interfaceOf(3, "vb")]);
}

Deno.test("apply --map renames by alias, index, LUID and zone", async () => {
  const rows = [
    pin("10.0.0.1", { interfaceAlias: "Ethernet" }),
    pin("10.0.0.2", { interfaceIndex: 12 }),
    pin("10.0.0.3", { interfaceLuid: "0x6008000000000" }),
    pin("fe80::1%Ethernet", {}),
    pin("fe80::2%12", {}),
    pin("fe80::3%Ethernet", { interfaceAlias: "Ethernet" }),
    // A row of a listing has all three names
    pin("10.0.0.4", {
      interfaceLuid: "0x1234",
      interfaceIndex: 77,
      interfaceAlias: "WLAN",
      state: "permanent",
    }),
  ];
  const fake = table();
  const { thrown, code } = await applyText(fake, JSON.stringify(rows), [
    ...["--map", "Ethernet=va", "--map", "12=2", "--map", "WLAN=vb"],
    "--map=0x6008000000000=va",
  ]);
  assertEquals([thrown, code], [undefined, 0]);
  assertEquals(
    fake.list().map((row) => `${row.address} ${row.interfaceAlias}`).sort(),
    [
      ...["10.0.0.1 va", "10.0.0.2 va", "10.0.0.3 va", "10.0.0.4 vb"],
      ...["fe80::1 va", "fe80::2 va", "fe80::3 va"],
    ],
  );
});

Deno.test("apply --map tells entries that fall together, and an OLD that is not there", async () => {
  const rows = JSON.stringify([
    pin("10.0.0.1", { interfaceAlias: "va" }),
    pin("10.0.0.1", { interfaceAlias: "eth9" }, "02:fc:00:00:00:06"),
  ]);
  const words = ["--map", "eth9=va", "--map", "va=va"];
  const twice = await applyText(table(), rows, words);
  assert(String(twice.thrown).includes("twice"), String(twice.thrown));
  const unused = await applyText(table(), rows, ["--map", "eth8=va"]);
  assertEquals(
    String(unused.thrown),
    'UsageError: The option "--map" has "eth8=va", but FILE names no ' +
      'interface "eth8", did you mean eth9?',
  );
});

Deno.test("--map refuses to make one interface of two, unless both are mapped", () => {
  const names = { interfaceAlias: "va", interfaceIndex: 7 };
  const refusal = 'The option "--map" has "WORD", but FILE also has an ' +
    'interface "NEW", and the two would become one: map that too, or where ' +
    "one is meant add --map NEW=NEW";
  for (const to of ["va", "7", "alias:va"]) {
    const word = `eth9=${to}`;
    const words = refusal.replace("WORD", word).replaceAll("NEW", to);
    const read = (...more: string[]) => {
      const map = new InterfaceMap([word, ...more]);
      map.renamed({ interfaceAlias: "eth9" });
      map.renamed(names);
      map.check("FILE");
    };
    const { message } = assertThrows(() => read(), UsageError);
    assertEquals(message, words);
    for (const old of ["va", "7"]) {
      read(`${old}=va`);
      read(`${old}=eth9`);
    }
  }
});

for (const command of ["apply", "import"]) {
  Deno.test(`${command} --map refuses a NEW that the file has, before anything is done`, async () => {
    const rows = [
      pin("10.0.0.1", { interfaceAlias: "va" }),
      pin("10.0.0.2", { interfaceAlias: "vb" }),
    ];
    const csv = `ip,mac,dev\n10.0.0.1,${MAC},va\n10.0.0.2,${MAC},vb\n`;
    const said = async (...words: string[]) => {
      if (command === "import") {
        return (await importText(csv, words)).thrown;
      }
      const fake = table();
      const text = JSON.stringify(rows);
      const { thrown } = await applyText(fake, text, words);
      if (thrown !== undefined) assertEquals(fake.list(), []);
      return thrown;
    };
    const thrown = await said("--map", "va=vb");
    assert(String(thrown).includes("would become one"), String(thrown));
    for (const more of ["vb=vb", "vb=va"]) {
      assertEquals(await said("--map", "va=vb", "--map", more), undefined);
    }
  });
}

Deno.test("--map suggests an option that it takes, for a name with an equals sign too", () => {
  const read = (...more: string[]) => {
    const map = new InterfaceMap(["va==vb=", ...more]);
    map.renamed({ interfaceAlias: "va" });
    map.renamed({ interfaceAlias: "=vb=" });
    map.check("FILE");
  };
  const { message } = assertThrows(() => read(), UsageError);
  const [, suggested] = message.split("--map ");
  assertEquals(suggested, "\\u003dvb\\u003d==vb=");
  read(suggested!);
});

Deno.test("apply --map refuses a zone and an interface of which one is mapped", async () => {
  const fake = table();
  const rows = [pin("fe80::1%Ethernet", { interfaceAlias: "vb" })];
  const { thrown } = await applyText(fake, JSON.stringify(rows), [
    ...["--map", "Ethernet=va"],
  ]);
  assert(String(thrown).includes("FILE:1:"), String(thrown));
  assert(String(thrown).includes("one is mapped"), String(thrown));
  assertEquals(fake.list(), []);
});

Deno.test("--map that names no interface cuts the names of the file", () => {
  for (const old of ["a", "xx"]) {
    const map = new InterfaceMap([`${old}=b`]);
    map.renamed({ interfaceAlias: "x".repeat(100_000) });
    const { message } = assertThrows(() => map.check("FILE"), UsageError);
    assert(message.length < 1000, `${message.length}`);
  }
});
