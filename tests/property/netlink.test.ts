import { assert } from "@std/assert";
import fc from "fast-check";
import { NeighborError } from "../../ffi/types/error.ts";
import { decodeLink } from "../../ffi/linux/netlink/ifinfomsg.ts";
import { decodeNeighbor } from "../../ffi/linux/netlink/ndmsg.ts";
import {
  bytesOf,
  decodeAnswer,
  decodeHeader,
} from "../../ffi/linux/netlink/message.ts";
import { MESSAGE_NAMES, messageBytes } from "../helpers/golden/messages.ts";
import { property } from "./arbitraries.ts";

/** How many decoders understood it: a fuzz that never gets in shows nothing. */
function understandOrRefuse(given: Uint8Array): number {
  const array = Uint8Array.from(given);
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
  let understood = 0;
  for (const decode of decoders) {
    try {
      decode();
      understood++;
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
    }
  }
  return understood;
}

/** What the kernel sent, with bytes changed, cut short or doubled. */
const MUTATED = fc.tuple(
  fc.constantFrom(...MESSAGE_NAMES).map(messageBytes),
  fc.array(fc.tuple(fc.nat(79), fc.nat(255)), { maxLength: 4 }),
  fc.option(fc.nat(200)),
  fc.boolean(),
).map(([golden, changes, length, isDoubled]) => {
  const array = golden.slice(0, length ?? golden.length);
  for (const [at, byte] of changes) if (at < array.length) array[at] = byte;
  return isDoubled ? Uint8Array.from([...array, ...array]) : array;
});

Deno.test("any bytes are decoded or refused with a NeighborError", () => {
  property(fc.uint8Array({ maxLength: 200 }), (array) => {
    understandOrRefuse(array);
  });
});

Deno.test("corrupted messages of the kernel are decoded or refused too", () => {
  let understood = 0;
  property(MUTATED, (array) => {
    understood += understandOrRefuse(array);
  });
  assert(understood > 100, `only ${understood} were understood`);
});
