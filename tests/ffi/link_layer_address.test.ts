import { assert, assertEquals, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import { NeighborError } from "../../ffi/types/error.ts";
import {
  formatLinkLayerAddress,
  parseLinkLayerAddress,
  parseLinkLayerAddressInto,
} from "../../ffi/parse/link_layer_address.ts";
import { assertEndsSoon } from "../helpers/often.ts";

const SIX = Uint8Array.of(0x02, 0xfc, 0x00, 0x00, 0x00, 0x05);
const ALL = Uint8Array.from({ length: 32 }, (_, i) => 0xe0 + i);
const HEX = ALL.toHex();

for (
  const [text, bytes] of [
    ["02-fc-00-00-00-05", SIX],
    ["02:fc:00:00:00:05", SIX],
    ["02fc.0000.0005", SIX],
    ["02fc00000005", SIX],
    ["02-FC-00-00-00-05", SIX],
    ["02Fc.0000.0005", SIX],
    // Would be numbers where words are guessed at
    ["02e000000005", Uint8Array.of(0x02, 0xe0, 0, 0, 0, 0x05)],
    ["020000000005", Uint8Array.of(0x02, 0, 0, 0, 0, 0x05)],
    ["00", Uint8Array.of(0)],
    ["ff", Uint8Array.of(0xff)],
    ["aBcD", Uint8Array.of(0xab, 0xcd)],
    ["0123.4567", Uint8Array.of(0x01, 0x23, 0x45, 0x67)],
    ["89:ab", Uint8Array.of(0x89, 0xab)],
    // One digit an octet, with colons alone
    ["2:fc:0:0:0:5", SIX],
    ["02:FC:0:00:0:5", SIX],
    ["2:fc:00:00:00:05", SIX],
    ["0:A", Uint8Array.of(0, 0x0a)],
    ["a:0", Uint8Array.of(0x0a, 0)],
    // As long as six octets of two digits
    ["0:1:2:3:4:5:6:7:8", Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8)],
    ["00:1:2:3:4:5:6:78", Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 0x78)],
    [Array(32).fill("e").join(":"), new Uint8Array(32).fill(0x0e)],
    [HEX, ALL],
    [HEX.match(/../g)!.join("-"), ALL],
    [HEX.match(/../g)!.join(":"), ALL],
    [HEX.match(/..../g)!.join("."), ALL],
  ] as const
) {
  Deno.test(`parseLinkLayerAddress() reads ${text}`, () => {
    assertEquals(parseLinkLayerAddress(text), bytes);
    // Into a list, where others stand before and behind
    const list = new Uint8Array(40).fill(0xa5);
    assertEquals(parseLinkLayerAddressInto(text, list, 4), bytes.length);
    const expected = new Uint8Array(40).fill(0xa5);
    expected.set(bytes, 4);
    assertEquals(list, expected);
  });
}

function refuse(text: string, rule: string): void {
  const error = assertThrows(
    () => parseLinkLayerAddress(text),
    NeighborError,
    `Cannot parse link-layer address "${text}": ${rule}`,
  );
  assertEquals(error.code, "INVALID_PARAMETER");
  assertEquals(error.status, null);
}

const octet = (index: number, text: string) =>
  `octet ${index} is "${text}", not two hexadecimal digits`;
const short = (index: number, text: string) =>
  `octet ${index} is "${text}", not one or two hexadecimal digits`;
const group = (index: number, text: string) =>
  `group ${index} is "${text}", not four hexadecimal digits`;

for (
  const [text, rule] of [
    ["02-0g", octet(2, "0g")],
    ["02-fc:00-00-00-05", octet(2, "fc:00")],
    ["02:fc-00:00:00:05", short(2, "fc-00")],
    ["02:fc.00:00:00:05", short(2, "fc.00")],
    ["02fc.0000-0005", group(2, "0000-0005")],
    ["02fc:0000:0005", short(1, "02fc")],
    ["02.fc.00.00.00.05", group(1, "02")],
    ["02-fc-00-00-00-5", octet(6, "5")],
    ["2-fc-00-00-00-05", octet(1, "2")],
    ["02fc0000000", octet(6, "0")],
    ["0", octet(1, "0")],
    ["02fc.0000.005", group(3, "005")],
    ["02fc.0000.00005", group(3, "00005")],
    ["02-fc-", octet(3, "")],
    ["-02-fc", octet(1, "")],
    ["02--fc", octet(2, "")],
    ["02fc.", group(2, "")],
    [".02fc", group(1, "")],
    ["-", octet(1, "")],
    [":", short(1, "")],
    ["2:fc:0:0:0:", short(6, "")],
    [":2:fc", short(1, "")],
    ["2::5", short(2, "")],
    ["2:fc:0:0:0:g", short(6, "g")],
    ["2:fc:0:0:0:005", short(6, "005")],
    ["2:fc:0:0:0: 5", short(6, " 5")],
    ["2:+", short(2, "+")],
    ["2-fc-0-0-0-5", octet(1, "2")],
    ["2fc.0.5", group(1, "2fc")],
    ["5", octet(1, "5")],
    [".", group(1, "")],
    ["02fc0000000g", octet(6, "0g")],
    ["0x02fc", octet(1, "0x")],
    ["02 fc 00", octet(2, " f")],
    [" 02-fc", octet(1, " 02")],
    ["02-fc ", octet(2, "fc ")],
    ["02fc\n", octet(3, "\n")],
    ["02-fc\n", octet(2, "fc\n")],
    ["02-+1", octet(2, "+1")],
    ["02-f\0", octet(2, "f\0")],
    ["０２-fc", octet(1, "０２")],
    ["02-0Ｆ", octet(2, "0Ｆ")],
    // One past each end of the digits, and what | 0x20 would make a digit
    ["0/", octet(1, "0/")],
    ["02-0:", octet(2, "0:")],
    ["02-:0", octet(2, ":0")],
    ["02-0/", octet(2, "0/")],
    ["0@", octet(1, "0@")],
    ["0G", octet(1, "0G")],
    ["0`", octet(1, "0`")],
    ["\u00102", octet(1, "\u00102")],
    ["A\u0141", octet(1, "A\u0141")],
    ["😀", octet(1, "😀")],
  ] as const
) {
  Deno.test(`parseLinkLayerAddress() refuses ${JSON.stringify(text)}`, () => {
    refuse(text, rule);
  });
}

Deno.test("parseLinkLayerAddress() refuses every character but 22", () => {
  for (let code = 0; code < 0x10000; code++) {
    const character = String.fromCharCode(code);
    if (/^[0-9a-fA-F]$/.test(character)) continue;
    assertThrows(() => parseLinkLayerAddress(`0${character}`), NeighborError);
    assertThrows(() => parseLinkLayerAddress(`${character}0`), NeighborError);
  }
});

for (const nothing of ["", new Uint8Array(0)]) {
  Deno.test(`parseLinkLayerAddress() refuses an empty ${typeof nothing}`, () => {
    const error = assertThrows(
      () => parseLinkLayerAddress(nothing),
      NeighborError,
      "The link-layer address is empty, it takes 1 to 32 octets",
    );
    assertEquals(error.code, "INVALID_PARAMETER");
  });
}

const LONG = new Uint8Array(33).fill(0xab);

for (
  const [kind, value] of [
    ["bytes", LONG],
    ["text", LONG.toHex()],
    ["text with hyphens", LONG.toHex().match(/../g)!.join("-")],
  ] as const
) {
  Deno.test(`parseLinkLayerAddress() refuses 33 octets as ${kind}`, () => {
    const error = assertThrows(
      () => parseLinkLayerAddress(value),
      NeighborError,
      "has 33 octets, it takes 1 to 32",
    );
    assertEquals(error.code, "INVALID_PARAMETER");
    assertEquals(error.message.includes('"ab:ab:ab'), true);
  });
}

Deno.test("parseLinkLayerAddress() refuses a million octets in one short line", () => {
  const error = assertThrows(
    () => parseLinkLayerAddress(new Uint8Array(1_000_000)),
    NeighborError,
    "has 1000000 octets",
  );
  assertEquals(error.message.length < 200, true);
});

for (const length of [1, 6, 8, 20, 32]) {
  Deno.test(`parseLinkLayerAddress() takes ${length} bytes as they are`, () => {
    const bytes = ALL.slice(0, length);
    assertEquals(parseLinkLayerAddress(bytes), bytes);
  });
}

Deno.test("parseLinkLayerAddress() copies bytes, also those of a Buffer", () => {
  for (const bytes of [SIX.slice(), Buffer.from(SIX)]) {
    const parsed = parseLinkLayerAddress(bytes);
    bytes.fill(0xff);
    assertEquals([...parsed], [...SIX]);
  }
});

Deno.test("parseLinkLayerAddress() reads only the viewed part of a buffer", () => {
  const whole = new Uint8Array(20).fill(0xee);
  whole.set(SIX, 7);
  assertEquals(parseLinkLayerAddress(whole.subarray(7, 13)), SIX);
});

Deno.test("formatLinkLayerAddress() writes lower case with colons", () => {
  assertEquals(formatLinkLayerAddress(SIX), "02:fc:00:00:00:05");
  assertEquals(formatLinkLayerAddress(Uint8Array.of(0)), "00");
  assertEquals(formatLinkLayerAddress(new Uint8Array(0)), "");
  assertEquals(formatLinkLayerAddress(ALL), HEX.match(/../g)!.join(":"));
  // A part of a list
  assertEquals(formatLinkLayerAddress(ALL, 2, 4), "e2:e3");
  assertEquals(formatLinkLayerAddress(ALL, 3, 3), "");
  assertEquals(formatLinkLayerAddress(ALL, 4, 10), "e4:e5:e6:e7:e8:e9");
});

Deno.test("formatLinkLayerAddress() writes every octet in two digits", () => {
  for (let octet = 0; octet < 256; octet++) {
    const text = formatLinkLayerAddress(Uint8Array.of(octet, 255 - octet));
    assertEquals(text.length, 5);
    assertEquals(parseInt(text.slice(0, 2), 16), octet);
    assertEquals(parseInt(text.slice(3), 16), 255 - octet);
  }
});

Deno.test("parseLinkLayerAddress() quotes the start of what is too long", () => {
  assertThrows(
    () => parseLinkLayerAddress(Uint8Array.from({ length: 33 }, (_, i) => i)),
    NeighborError,
    'The link-layer address "00:01:02:',
  );
});

Deno.test("parseLinkLayerAddress() counts the octets of 1024 characters, and no further", () => {
  for (
    const [digits, words] of [
      [1024, "has 512 octets, it takes 1 to 32"],
      [1025, "has 1025 characters, it takes 1 to 32 octets"],
    ] as const
  ) {
    const error = assertThrows(
      () => parseLinkLayerAddress("0".repeat(digits)),
      NeighborError,
    );
    assert(error.message.endsWith(words), error.message);
  }
});

Deno.test("parseLinkLayerAddress() does not format long input to quote its start", () => {
  const octets = 16_000_000;
  for (
    const [value, words] of [
      [new Uint8Array(octets).fill(2), "has 16000000 octets, it takes 1 to 32"],
      [Array(octets / 4).fill("02").join(":"), "has 11999999 characters"],
      ["02".repeat(octets), "has 32000000 characters"],
      ["x".repeat(octets), "has 16000000 characters"],
    ] as const
  ) {
    assertEndsSoon(() => {
      const { message } = assertThrows(
        () => parseLinkLayerAddress(value),
        NeighborError,
        words,
      );
      assert(message.length < 200, message);
    }, "it was formatted or parsed whole");
  }
});

Deno.test("parseLinkLayerAddress() treats a detached array as empty", () => {
  const bytes = Uint8Array.of(2, 0, 0, 0, 0, 1);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  assertThrows(
    () => parseLinkLayerAddress(bytes),
    NeighborError,
    "The link-layer address is empty",
  );
});
