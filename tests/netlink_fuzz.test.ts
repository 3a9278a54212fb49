import { assert } from "@std/assert";
import { NeighborError } from "../ffi/error.ts";
import { decodeLink } from "../ffi/linux/ifinfomsg.ts";
import { decodeNeighbor } from "../ffi/linux/ndmsg.ts";
import { bytesOf, decodeAnswer, decodeHeader } from "../ffi/linux/netlink.ts";
import { MESSAGE_NAMES, messageBytes } from "./golden/messages.ts";

/** Numbers that are the same in every run: mulberry32. */
function numbers(seed: number): (below: number) => number {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function understandOrRefuse(array: Uint8Array<ArrayBuffer>): void {
  const bytes = bytesOf(array);
  const decoders = [
    () => decodeNeighbor(bytes, 16, array.length),
    () => decodeLink(bytes, 16, array.length),
    () => {
      const header = decodeHeader(bytes, 0, array.length);
      assert(header.end <= array.length && header.end >= header.start);
      decodeAnswer(bytes, header);
    },
  ];
  for (const decode of decoders) {
    try {
      decode();
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
    }
  }
}

Deno.test("any bytes are understood or refused with a NeighborError", () => {
  const below = numbers(1);
  for (let round = 0; round < 50_000; round++) {
    const array = new Uint8Array(below(200));
    for (let i = 0; i < array.length; i++) array[i] = below(256);
    understandOrRefuse(array);
  }
});

Deno.test("golden messages with bytes changed, cut and doubled are too", () => {
  const below = numbers(2);
  const goldens = MESSAGE_NAMES.map(messageBytes);
  for (let round = 0; round < 50_000; round++) {
    let array = goldens[below(goldens.length)]!.slice();
    for (let changes = 1 + below(4); changes > 0; changes--) {
      const at = below(Math.min(array.length, 80));
      array[at] = below(3) === 0 ? below(256) : array[at]! ^ (1 << below(8));
    }
    if (below(4) === 0) array = array.slice(0, below(array.length));
    if (below(8) === 0) array = Uint8Array.from([...array, ...array]);
    understandOrRefuse(array);
  }
});
