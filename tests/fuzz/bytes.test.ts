import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeLink } from "../../ffi/linux/netlink/ifinfomsg.ts";
import {
  attributeEnd,
  bytesOf,
  decodeAnswer,
  decodeHeader,
} from "../../ffi/linux/netlink/message.ts";
import { decodeName, encodeName } from "../../ffi/linux/netlink/name.ts";
import { decodeNeighbor } from "../../ffi/linux/netlink/ndmsg.ts";
import { Dump } from "../../ffi/linux/netlink/replies.ts";
import { LinuxRow } from "../../ffi/linux/row.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { decodeInterface } from "../../ffi/windows/interface_row.ts";
import type { WindowsLibrary } from "../../ffi/windows/library.ts";
import { copyTable } from "../../ffi/windows/native_table.ts";
import { decodeRow } from "../../ffi/windows/row.ts";
import { WindowsRow } from "../../ffi/windows/table_row.ts";
import { MESSAGE_NAMES, messageBytes } from "../helpers/golden/messages.ts";
import { viewOf } from "../helpers/golden/rows.ts";
import { bytes } from "../property/arbitraries.ts";
import { fuzz } from "./fuzz.ts";

/** What a decoder made of bytes, which is never much more than they are. */
function decoded(size: number, decode: () => unknown): boolean {
  let value: unknown;
  try {
    value = decode();
  } catch (error) {
    assert(error instanceof NeighborError, String(error));
    assertEquals(error.code, "OTHER");
    assert(error.message.length < 300, error.message);
    return false;
  }
  const text = JSON.stringify(
    value,
    (_, one) => typeof one === "bigint" ? `${one}` : one,
  );
  assert(text === undefined || text.length <= 2000 + 8 * size, text);
  return true;
}

/** What an attribute of the kernel's has: its type, and how many octets. */
const TRUE = fc.oneof(
  ...[
    ...[[1, 4], [1, 4], [1, 16], [2, 6], [2, 0], [2, 20], [3, 16]] as const,
    ...[[12, 1], [15, 4], [1, 6], [3, 3], [53, 9], [0x8034, 16]] as const,
  ].map(([type, length]) => fc.tuple(fc.constant(type), bytes(length))),
);

const UNTRUE = fc.tuple(
  // The same types and IFLA_PROP_LIST, IFLA_ALT_IFNAME, the nested bit; any
  fc.oneof(
    fc.constantFrom(1, 2, 3, 12, 15, 52, 53, 0x8034, 0x4002),
    fc.nat(0xffff),
  ),
  fc.oneof(...[0, 5, 32, 33, 130].map((length) => bytes(length)), bytes(0, 40)),
);

/** `struct nlattr`: length, type, value and padding; the length may be untrue. */
const ATTRIBUTE = fc.tuple(
  fc.oneof({ weight: 6, arbitrary: TRUE }, UNTRUE),
  fc.oneof({ weight: 15, arbitrary: fc.constant(null) }, fc.nat(0xffff)),
).map(([[type, value], untrue]) => {
  const attribute = new Uint8Array(4 + (value.length + 3 & ~3));
  const view = new DataView(attribute.buffer);
  view.setUint16(0, untrue ?? 4 + value.length, true);
  view.setUint16(2, type, true);
  attribute.set(value, 4);
  return attribute;
});

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A fixed part of so many bytes, then attributes. */
function payload(length: number): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  return fc.tuple(
    bytes(length),
    fc.array(ATTRIBUTE, { maxLength: 6 }),
    fc.nat(9),
  )
    .map(([head, attributes, family]) => {
      // Mostly a family that is known: 2 or 10
      if (length === 12) head[0] = family < 5 ? 2 : family < 9 ? 10 : head[0]!;
      return joined([head, ...attributes]);
    });
}

fuzz(
  "a neighbor message is a row or refused",
  ["row", "refused"],
  payload(12),
  (array) => {
    const given = bytesOf(array);
    const isRow = decoded(
      array.length,
      () => decodeNeighbor(given, 0, array.length),
    );
    // The row that is read in place says the same
    const row = new LinuxRow(() => null);
    const isSame = decoded(array.length, () => {
      row.read(given, 0, array.length);
      const { addressStart, addressEnd, linkLayerStart, linkLayerEnd } = row;
      assert(addressStart >= 12 && addressEnd <= array.length);
      assert(linkLayerStart <= linkLayerEnd && linkLayerEnd <= array.length);
      assert(linkLayerEnd - linkLayerStart <= 32);
      assertEquals(row.neighbor(), decodeNeighbor(given, 0, array.length));
    });
    assertEquals(isSame, isRow);
    return isRow ? "row" : "refused";
  },
);

fuzz(
  "a link message is a link or refused",
  ["link", "refused"],
  fc.tuple(payload(16), fc.boolean(), payload(0)).map(
    ([link, isNamed, nested]) => {
      if (!isNamed) return link;
      const list = new Uint8Array(4 + nested.length);
      new DataView(list.buffer).setUint16(0, list.length, true);
      new DataView(list.buffer).setUint16(2, 0x8034, true);
      list.set(nested, 4);
      // IFLA_IFNAME "va", without which nothing is a link
      return joined([link, Uint8Array.of(7, 0, 3, 0, 118, 97, 0, 0), list]);
    },
  ),
  (array) =>
    decoded(array.length, () => decodeLink(bytesOf(array), 0, array.length))
      ? "link"
      : "refused",
);

/** `struct nlmsghdr` and a payload; the length may be untrue. */
const MESSAGE = fc.tuple(
  fc.oneof(fc.constantFrom(1, 2, 3, 4, 16, 28, 28, 28), fc.nat(0xffff)),
  fc.oneof(fc.constantFrom(0, 2, 16, 0x100, 0x200, 0x300), fc.nat(0xffff)),
  fc.oneof(
    payload(12),
    payload(16),
    payload(20).map((array) => {
      // A negative errno, and the length of the request that it is about
      new DataView(array.buffer).setInt32(0, -(array[0]! % 140), true);
      new DataView(array.buffer).setUint32(4, 16 + array[4]! % 40, true);
      return array;
    }),
    bytes(0, 40),
  ),
  fc.oneof({ weight: 12, arbitrary: fc.constant(null) }, fc.nat(0xffff_ffff)),
).map(([type, flags, content, untrue]) => {
  const array = new Uint8Array(16 + (content.length + 3 & ~3));
  const view = new DataView(array.buffer);
  view.setUint32(0, untrue ?? 16 + content.length, true);
  view.setUint16(4, type, true);
  view.setUint16(6, flags, true);
  view.setUint32(8, 7, true);
  array.set(content, 16);
  return array;
});

const KERNELS = fc.tuple(
  fc.constantFrom(...MESSAGE_NAMES).map(messageBytes),
  fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 3 }),
).map(([array, changes]) => {
  for (const [at, byte] of changes) if (at < array.length) array[at] = byte;
  return array;
});

fuzz(
  "what is received is walked through to its end, or refused",
  ["walked", "refused"],
  fc.tuple(
    fc.array(fc.oneof({ weight: 3, arbitrary: MESSAGE }, KERNELS), {
      maxLength: 5,
    }),
    fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.nat(40)),
  ).map(([messages, cut]) => {
    const whole = joined(messages);
    return whole.subarray(0, Math.max(0, whole.length - cut));
  }),
  (array) => {
    const given = bytesOf(array);
    let rows = 0;
    const isWalked = decoded(array.length, () => {
      const dump = new Dump({
        begin: () => {},
        read(replies, start, end) {
          assert(start >= 16 && start <= end && end <= array.length);
          rows++;
          decoded(array.length, () => decodeNeighbor(replies, start, end));
          decoded(array.length, () => decodeLink(replies, start, end));
        },
      });
      // As a socket does it
      for (let at = 0, steps = 0; at < array.length; steps++) {
        assert(16 * steps <= array.length, "it does not go on");
        const message = decodeHeader(given, at, array.length);
        assert(message.end > at && message.end <= array.length);
        if (message.type === 2) decodeAnswer(given, message);
        dump.visit(message, given);
        at = message.end + 3 & ~3;
      }
    });
    assert(rows <= array.length / 16);
    return isWalked ? "walked" : "refused";
  },
);

fuzz(
  "an attribute ends behind its header and before the end",
  ["inside", "refused"],
  fc.tuple(bytes(0, 24), fc.nat(24), fc.option(fc.nat(24))),
  ([array, at, length]) => {
    if (length !== null && at + 1 < array.length) {
      array[at] = length;
      array[at + 1] = 0;
    }
    const end = array.length;
    const isInside = decoded(end, () => {
      const stop = attributeEnd(bytesOf(array), at, end, "ndmsg");
      assert(stop >= at + 4 && stop <= end);
    });
    return isInside ? "inside" : "refused";
  },
);

fuzz(
  "the name of an interface goes back to its bytes, whatever they are",
  ["UTF-8", "other"],
  fc.oneof(
    bytes(0, 15),
    fc.string({ unit: "binary", maxLength: 12 })
      .map((text) => new TextEncoder().encode(text)),
  ),
  (array) => {
    const name = decodeName(array);
    assertEquals(encodeName(name).toHex(), array.toHex());
    return name.isWellFormed() ? "UTF-8" : "other";
  },
);

/** The members of a MIB_IPNET_ROW2 that can be wrong, mostly right. */
const ROW = fc.tuple(
  bytes(88),
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(2, 23) }, fc.nat(0xffff)),
  fc.oneof(
    { weight: 5, arbitrary: fc.nat(32) },
    fc.constantFrom(33, 0x7fff_ffff, 0xffff_ffff),
  ),
  fc.oneof(
    { weight: 5, arbitrary: fc.nat(6) },
    fc.constantFrom(7, 0xffff_ffff),
  ),
).map(([row, family, length, state]) => {
  const view = viewOf(row);
  view.setUint16(0, family, true);
  view.setUint32(72, length, true);
  view.setUint32(76, state, true);
  return row;
});

fuzz(
  "a MIB_IPNET_ROW2 is a row or refused, wherever it lies",
  ["row", "refused"],
  fc.tuple(
    fc.array(ROW, { minLength: 1, maxLength: 3 }),
    fc.nat(120),
    fc.nat(3),
  ),
  ([rows, cut, index]) => {
    const whole = joined(rows);
    const array = cut < 88 ? whole.slice(0, whole.length - cut) : whole;
    const view = viewOf(array);
    const isRow = decoded(88, () => decodeRow(view, 88 * index));
    const row = new WindowsRow(view, () => null);
    const isSame = decoded(88, () => {
      row.read(index);
      const { addressStart, addressEnd, linkLayerStart, linkLayerEnd } = row;
      assert([4, 16].includes(addressEnd - addressStart));
      assert(linkLayerStart <= linkLayerEnd);
      assert(linkLayerEnd - linkLayerStart <= 32);
      assert(addressStart >= 88 * index && linkLayerEnd <= 88 * (index + 1));
      row.neighbor();
    });
    assertEquals(isSame, isRow);
    return isRow ? "row" : "refused";
  },
);

fuzz(
  "a MIB_IF_ROW2 is an interface or refused",
  ["interface", "refused"],
  fc.tuple(
    bytes(64),
    fc.oneof({ weight: 3, arbitrary: fc.nat(32) }, fc.nat(0xffff_ffff)),
    fc.oneof({ weight: 4, arbitrary: fc.constant(1352) }, fc.nat(1352)),
    fc.nat(1287),
  ).map(([noise, length, size, at]) => {
    const row = new Uint8Array(1352);
    row.set(noise, at);
    viewOf(row).setUint32(1056, length, true);
    return row.slice(0, size);
  }),
  (array) =>
    decoded(array.length, () => decodeInterface(viewOf(array), 0))
      ? "interface"
      : "refused",
);

fuzz(
  "a table speaks of its rows, or is refused before they are copied",
  ["copied", "refused", "failed"],
  fc.tuple(
    fc.oneof(fc.nat(40), fc.constantFrom(2 ** 20 + 1, 0xffff_ffff)),
    fc.constantFrom(0, 0, 0, 5, 1168),
    fc.constantFrom(88, 1352),
  ),
  ([count, status, stride]) => {
    let copied = 0;
    let freed = 0;
    const library = {
      call: () => () => freed++,
      copy(target: Uint8Array) {
        if (target.length === 8) {
          viewOf(target as never).setUint32(0, count, true);
        }
        copied += target.length;
      },
    } as unknown as WindowsLibrary;
    let table: ReturnType<typeof copyTable> | undefined;
    const isCopied = decoded(0, () => {
      table = copyTable(library, "GetIpNetTable2", stride, (out) => {
        out[0] = 0x1000n;
        return status;
      });
    });
    assertEquals(freed, 1);
    if (!isCopied) {
      assertEquals(copied, 8);
      return "refused";
    }
    assertEquals(table!.status, status);
    if (status !== 0) return "failed";
    assertEquals(table!.bytes.byteLength, count * stride);
    return "copied";
  },
);
