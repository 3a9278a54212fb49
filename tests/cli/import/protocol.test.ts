import { assertEquals, assertStringIncludes } from "@std/assert";
import { readProtocol } from "../../../cli/import/protocol.ts";
import { importText, pinsOf } from "../../helpers/import_text.ts";

const MAC = "02:fc:00:00:00:05";

/** A file of one entry with a protocol, in each format that has protocols. */
const FORMATS = {
  "ip": (word: string) =>
    `192.0.2.7 dev eth0 lladdr ${MAC} PERMANENT proto ${word}\n`,
  "ip-json": (word: string) =>
    JSON.stringify([{
      ...{ dst: "192.0.2.7", dev: "eth0", lladdr: MAC },
      ...{ state: ["PERMANENT"], protocol: word },
    }]),
  "ip-batch": (word: string) =>
    `neigh replace 192.0.2.7 dev eth0 lladdr ${MAC} protocol ${word}\n`,
} as const;

for (const [format, fileOf] of Object.entries(FORMATS)) {
  Deno.test(`import --from ${format} takes the protocol, a number or a name of the kernel`, async () => {
    for (
      const [word, protocol] of [
        ["static", 4],
        ["zebra", 11],
        ["42", 42],
        ["255", 255],
        ["0x2c", 44],
        ["eigrp", 192],
        ["0", undefined],
        ["unspec", undefined],
      ] as const
    ) {
      const printed = await importText(fileOf(word), ["--from", format]);
      assertEquals(printed.thrown, undefined);
      assertEquals<unknown>(pinsOf(printed), [{
        ...{ address: "192.0.2.7", linkLayerAddress: MAC },
        interfaceAlias: "eth0",
        ...(protocol !== undefined && { protocol }),
      }]);
      assertEquals(printed.err, []);
    }
  });

  Deno.test(`import --from ${format} tells a protocol whose number it does not know`, async () => {
    const printed = await importText(fileOf("our_daemon"), ["--from", format]);
    assertEquals(pinsOf(printed).map(({ address }) => address), ["192.0.2.7"]);
    const [warning, ...others] = printed.err;
    assertEquals(others, []);
    assertStringIncludes(
      warning!,
      "warning: FILE: 1 entry has a protocol whose number is not known " +
        '("our_daemon"), and is taken without it',
    );
  });

  Deno.test(`import --from ${format} refuses a protocol that cannot be one`, async () => {
    for (const word of ["256", "1000", "0x100"]) {
      const { thrown, out } = await importText(fileOf(word), [
        "--from",
        format,
      ]);
      assertEquals(out, []);
      assertStringIncludes(
        thrown!,
        `The protocol "${word}" is not a number from 0 to 255`,
      );
    }
  });
}

/** `RTPROT_*` of linux/rtnetlink.h. */
const HEADER =
  "redirect 1 kernel 2 boot 3 static 4 gated 8 ra 9 mrt 10 zebra " +
  "11 bird 12 dnrouted 13 xorp 14 ntk 15 dhcp 16 mrouted 17 keepalived 18 " +
  "babel 42 openr 99 bgp 186 isis 187 ospf 188 rip 189 eigrp 192";

Deno.test("readProtocol() knows each name of the kernel's header", () => {
  const words = HEADER.split(" ");
  for (let i = 0; i < words.length; i += 2) {
    const protocol = Number(words[i + 1]);
    assertEquals(readProtocol(words[i]), { protocol }, words[i]);
  }
});

Deno.test("readProtocol() reads a number as C does", () => {
  for (
    const [word, protocol] of [
      ["010", 8],
      ["0377", 255],
      ["0x10", 16],
      ["0XfF", 255],
      ["10", 10],
    ] as const
  ) {
    assertEquals(readProtocol(word), { protocol }, word);
  }
  for (const word of [undefined, "0", "00", "0x0"]) {
    assertEquals(readProtocol(word), {});
  }
  for (const word of ["08", "09"]) {
    assertEquals(readProtocol(word), { unknownProtocol: word });
  }
});

Deno.test("a second line with another protocol contradicts the first", async () => {
  const text = FORMATS.ip("4") + FORMATS.ip("static") + FORMATS.ip("42");
  const { thrown } = await importText(text);
  assertEquals(
    thrown,
    "FILE:3: 192.0.2.7 stands twice on one interface, with " +
      `${MAC} protocol 42 and on line 1 with ${MAC} protocol 4; ` +
      "nothing was converted",
  );
});

Deno.test("a protocol has a value in ip neigh", async () => {
  const text = `192.0.2.7 dev eth0 lladdr ${MAC} PERMANENT proto\n`;
  const { thrown } = await importText(text, ["--from", "ip"]);
  assertStringIncludes(thrown!, '"proto" has no value, or stands twice');
});
