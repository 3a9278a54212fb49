import { assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import { decodeName, encodeName } from "../../ffi/linux/netlink/name.ts";
import {
  bytesOf,
  decodeAnswer,
  decodeHeader,
} from "../../ffi/linux/netlink/message.ts";
import {
  message,
  MESSAGE_NAMES,
  messageBytes,
  type MessageName,
} from "../helpers/golden/messages.ts";

const ANSWERS = {
  ERROR_WITH_TEXT: { status: 22, text: "Invalid link address" },
  ERROR_WITH_REQUEST: { status: 22, text: "Invalid link address" },
  ACKNOWLEDGEMENT: { status: 0, text: null },
  DONE: { status: 0, text: null },
} as const;

for (const [key, answer] of Object.entries(ANSWERS)) {
  const name = key as MessageName;

  Deno.test(`decodeAnswer() reads ${name} as the kernel sent it`, () => {
    const bytes = message(name);
    const header = decodeHeader(bytes, 0, bytes.array.length);
    assertEquals(decodeAnswer(bytes, header), answer);
  });

  Deno.test(`decodeAnswer() reads ${name} cut at every byte or refuses it`, () => {
    const whole = message(name);
    const header = decodeHeader(whole, 0, whole.array.length);
    for (let cut = 16; cut < whole.array.length; cut++) {
      const bytes = message(name);
      bytes.array.fill(0xff, cut);
      try {
        const { status } = decodeAnswer(bytes, { ...header, end: cut });
        assertEquals(status, answer.status);
      } catch (error) {
        if (!(error instanceof NeighborError)) throw error;
        assertEquals(error.code, "OTHER");
      }
    }
  });
}

Deno.test("decodeHeader() refuses every message that is cut", () => {
  for (const name of MESSAGE_NAMES) {
    const bytes = message(name);
    const { length } = bytes.array;
    assertEquals(decodeHeader(bytes, 0, length).end, length);
    for (let cut = 0; cut < length; cut++) {
      assertThrows(() => decodeHeader(bytes, 0, cut), NeighborError, "nlmsg");
    }
  }
});

Deno.test("decodeHeader() refuses a length shorter than the header", () => {
  const bytes = messageBytes("DONE");
  bytes[0] = 15;
  assertThrows(
    () => decodeHeader(bytesOf(bytes), 0, bytes.length),
    NeighborError,
    "its nlmsg_len is 15",
  );
});

Deno.test("decodeName() and encodeName() keep every byte", () => {
  for (let first = 1; first < 256; first++) {
    for (let second = 1; second < 256; second++) {
      const bytes = Uint8Array.of(0x65, first, second, 0x30);
      assertEquals(encodeName(decodeName(bytes)), bytes);
    }
  }
});

Deno.test("decodeName() reads UTF-8, and a stray byte as a lone surrogate", () => {
  const cases: readonly (readonly [readonly number[], string])[] = [
    [[], ""],
    [[0x65, 0x74, 0x68, 0x30], "eth0"],
    [[0xe4, 0xbb, 0xa5], "以"],
    [[0xf0, 0x9f, 0x8c, 0x90], "🌐"],
    [[0xef, 0xbb, 0xbf, 0x61], "\ufeffa"],
    [[0x61, 0xff], "a\udcff"],
    [[0xe4, 0xbb], "\udce4\udcbb"],
    [[0xe4, 0xbb, 0xa5, 0x80, 0x61], "以\udc80a"],
    // U+DC80 spelt out is no UTF-8 either
    [[0xed, 0xb2, 0x80], "\udced\udcb2\udc80"],
  ];
  for (const [bytes, name] of cases) {
    assertEquals(decodeName(Uint8Array.from(bytes)), name);
    assertEquals([...encodeName(name)], [...bytes]);
  }
});
