import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseAddress } from "../../ffi/parse/address.ts";
import { parseLinkLayerAddress } from "../../ffi/parse/link_layer_address.ts";
import { decodeInterface } from "../../ffi/windows/interface_row.ts";
import { decodeRow, encodeRow } from "../../ffi/windows/row.ts";
import { viewOf } from "../helpers/golden/rows.ts";
import { ADDRESS_BYTES, attempt, bytes, property } from "./arbitraries.ts";

// Microsoft's offsets as literals: nothing here comes from the code under test
const SIZE = 88;
const INTERFACE_SIZE = 1352;

/** A number that mostly is one a row can hold. */
function mostly(max: number): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.nat(max) },
    { weight: 1, arbitrary: fc.constant(max + 1) },
    { weight: 1, arbitrary: fc.nat(0xffff_ffff) },
  );
}

/** Any 88 bytes; family, length and state often such that they decode. */
const ROW = fc.tuple(
  bytes(SIZE),
  fc.option(fc.tuple(
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(2, 23) }, fc.nat(0xffff)),
    mostly(32),
    mostly(6),
  )),
).map(([row, members]) => {
  if (members === null) return row;
  const view = viewOf(row);
  view.setUint16(0, members[0], true);
  view.setUint32(72, members[1], true);
  view.setUint32(76, members[2], true);
  return row;
});

/** What Microsoft documents of the three members that can be wrong. */
function isDocumented(view: DataView): boolean {
  return [2, 23].includes(view.getUint16(0, true)) &&
    view.getUint32(72, true) <= 32 && view.getUint32(76, true) <= 6;
}

Deno.test("decodeRow() decodes or refuses any 88 bytes", () => {
  const drawn = { decoded: 0, refused: 0 };
  property(ROW, (bytes) => {
    const view = viewOf(bytes);
    const answer = attempt(() => decodeRow(view));
    assertEquals("value" in answer, isDocumented(view));
    if ("refused" in answer) {
      assertEquals(answer.refused, "OTHER");
      drawn.refused++;
    } else drawn.decoded++;
  });
  assert(drawn.decoded > 500 && drawn.refused > 500);
});

Deno.test("decodeRow() refuses a row that its memory cuts short", () => {
  property(ROW, fc.nat(SIZE - 1), fc.nat(40), (row, length, before) => {
    const memory = new Uint8Array(before + length);
    memory.set(row.subarray(0, length), before);
    assertEquals(attempt(() => decodeRow(viewOf(memory), before)), {
      refused: "OTHER",
    });
  });
});

Deno.test("decodeRow() reads the same wherever the row lies", () => {
  property(ROW, fc.nat(40), fc.nat(40), (row, before, after) => {
    const memory = new Uint8Array(before + SIZE + after).fill(0xa5);
    memory.set(row, before);
    assertEquals(
      attempt(() => decodeRow(viewOf(memory), before)),
      attempt(() => decodeRow(viewOf(row))),
    );
  });
});

Deno.test("encodeRow() writes what decodeRow() read, and nothing else", () => {
  property(ROW, bytes(SIZE), (bytes, memory) => {
    const view = viewOf(bytes);
    if (!isDocumented(view)) return;
    const row = decodeRow(view);
    const key = { ...row, address: parseAddress(row.address).bytes };
    const octets = row.linkLayerAddress === null
      ? undefined
      : parseLinkLayerAddress(row.linkLayerAddress);
    const again = viewOf(memory);
    encodeRow(again, key, octets);
    const blank = new Uint8Array(SIZE);
    encodeRow(viewOf(blank), key, octets);
    assertEquals(memory, blank);
    const isZero = octets?.every((octet) => octet === 0) ?? true;
    assertEquals(decodeRow(again), {
      ...row,
      // Zeroes are no address in the state that is written
      linkLayerAddress: isZero ? null : row.linkLayerAddress,
      // What a caller cannot write is zero: NlnsUnreachable, no flags, no time
      state: "unreachable",
      isRouter: false,
      isUnreachable: false,
      reachabilityTime: 0,
    });
  });
});

Deno.test("decodeRow() reads what encodeRow() wrote over any memory", () => {
  property(
    bytes(SIZE),
    ADDRESS_BYTES,
    fc.nat(0xffff_ffff),
    fc.bigInt(0n, 0xffff_ffff_ffff_ffffn),
    bytes(1, 32),
    (memory, address, interfaceIndex, interfaceLuid, linkLayerAddress) => {
      const view = viewOf(memory);
      const key = { address, interfaceIndex, interfaceLuid };
      encodeRow(view, key, linkLayerAddress);
      const row = decodeRow(view);
      assertEquals(parseAddress(row.address).bytes, address);
      assertEquals(row.interfaceIndex, interfaceIndex);
      assertEquals(row.interfaceLuid, interfaceLuid);
      // The state that is written is zero as well, NlnsUnreachable
      const isZero = linkLayerAddress.every((octet) => octet === 0);
      assertEquals(
        row.linkLayerAddress && parseLinkLayerAddress(row.linkLayerAddress),
        isZero ? null : linkLayerAddress,
      );
    },
  );
});

const INTERFACE = fc.tuple(bytes(INTERFACE_SIZE), fc.option(mostly(32))).map(
  ([row, length]) => {
    if (length !== null) viewOf(row).setUint32(1056, length, true);
    return row;
  },
);

Deno.test("decodeInterface() decodes or refuses any 1352 bytes", () => {
  const drawn = { decoded: 0, refused: 0 };
  fc.assert(
    fc.property(INTERFACE, (bytes) => {
      const view = viewOf(bytes);
      const length = view.getUint32(1056, true);
      const answer = attempt(() => decodeInterface(view, 0));
      assertEquals("value" in answer, length <= 32);
      if ("refused" in answer) {
        assertEquals(answer.refused, "OTHER");
        drawn.refused++;
        return;
      }
      drawn.decoded++;
      const { value } = answer;
      assertEquals(BigInt(value.interfaceLuid!), view.getBigUint64(0, true));
      assertEquals(value.interfaceIndex, view.getUint32(8, true));
      assertEquals(
        value.linkLayerAddress?.replaceAll(":", "") ?? "",
        bytes.subarray(1060, 1060 + length).toHex(),
      );
      assert(!value.interfaceAlias.includes("\0"));
      assert(value.interfaceAlias.length <= 257);
      assertEquals(value.isUp, view.getUint32(1156, true) === 1);
    }),
    { numRuns: 1000 },
  );
  assert(drawn.decoded > 100 && drawn.refused > 100);
});

Deno.test("decodeInterface() refuses a row that its memory cuts short", () => {
  fc.assert(
    fc.property(INTERFACE, fc.nat(INTERFACE_SIZE - 1), (row, length) => {
      assertEquals(
        attempt(() => decodeInterface(viewOf(row.slice(0, length)), 0)),
        { refused: "OTHER" },
      );
    }),
    { numRuns: 1000 },
  );
});
