import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  formatLinkLayerAddress,
  parseLinkLayerAddress,
  parseLinkLayerAddressInto,
} from "../../ffi/parse/link_layer_address.ts";
import { attempt, bytes, property } from "./arbitraries.ts";

/** Whether a text is an address, by one pattern for each notation. */
const NOTATIONS = [
  /^[0-9a-f]{2}(-[0-9a-f]{2}){0,31}$/i,
  /^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){1,31}$/i,
  /^[0-9a-f]{4}(\.[0-9a-f]{4}){0,15}$/i,
  /^([0-9a-f]{2}){1,32}$/i,
];

const SEPARATOR = fc.constantFrom("-", ":", ".", "");

/** Writes octets in one of the four notations. */
function write(octets: Uint8Array, separator: string): string {
  const width = separator === "." ? 4 : 2;
  return octets.toHex().match(new RegExp(`.{${width}}`, "g"))!.join(separator);
}

Deno.test("parseLinkLayerAddress() reads any octets in four notations", () => {
  property(
    bytes(1, 32),
    SEPARATOR,
    fc.boolean(),
    (drawn, separator, isUpper) => {
      // Groups of four digits take an even number of octets
      const octets = separator === "."
        ? Uint8Array.of(...drawn, ...drawn)
        : drawn;
      if (octets.length > 32) return;
      const text = write(octets, separator);
      assertEquals(
        parseLinkLayerAddress(isUpper ? text.toUpperCase() : text),
        octets,
      );
      assertEquals(parseLinkLayerAddress(octets), octets);
      assertEquals(formatLinkLayerAddress(octets), write(octets, ":"));
    },
  );
});

/** Octets with a wrong number of digits, other letters, other separators. */
const NEAR = fc.oneof(
  fc.tuple(
    fc.array(
      fc.oneof(
        { weight: 12, arbitrary: fc.stringMatching(/^[0-9a-fA-F]{2}$/) },
        { weight: 1, arbitrary: fc.stringMatching(/^[0-9a-gA-G ]{0,4}$/) },
      ),
      { maxLength: 36, size: "max" },
    ),
    SEPARATOR,
    fc.constantFrom("", "", "", "", ":", "-", " ", "0x"),
  ).map(([octets, separator, extra]) => extra + octets.join(separator)),
  fc.array(fc.stringMatching(/^[0-9a-fA-F]{3,5}$/), { maxLength: 17 })
    .map((groups) => groups.join(".")),
  fc.tuple(bytes(1, 36), SEPARATOR).map(([octets, separator]) =>
    write(
      octets.length % 2 === 0 ? octets : Uint8Array.of(...octets, 0),
      separator,
    )
  ),
  fc.string({ unit: "binary" }),
);

Deno.test("parseLinkLayerAddress() refuses any text or converts it to the canonical form", () => {
  const drawn = { refused: 0, taken: 0 };
  property(NEAR, (text) => {
    const answer = attempt(() => parseLinkLayerAddress(text));
    // The way of a list has a short cut for the usual form
    const list = new Uint8Array(64);
    const length = attempt(() => parseLinkLayerAddressInto(text, list, 16));
    assertEquals(
      "value" in length ? list.slice(16, 16 + length.value) : length,
      "value" in answer ? answer.value : answer,
    );
    const isOne = NOTATIONS.some((notation) => notation.test(text));
    assertEquals("value" in answer, isOne);
    if ("refused" in answer) {
      assertEquals(answer.refused, "INVALID_PARAMETER");
      drawn.refused++;
      return;
    }
    const written = formatLinkLayerAddress(answer.value);
    assertEquals(
      written.replaceAll(":", ""),
      text.replace(/\b[0-9a-f](?=:|$)/gi, "0$&").replace(/[-:.]/g, "")
        .toLowerCase(),
    );
    assertEquals(parseLinkLayerAddress(written), answer.value);
    drawn.taken++;
  });
  assert(drawn.refused > 500 && drawn.taken > 500);
});

Deno.test("parseLinkLayerAddress() takes 1 to 32 bytes, and a copy of them", () => {
  property(bytes(0, 40), (octets) => {
    const answer = attempt(() => parseLinkLayerAddress(octets));
    assertEquals("value" in answer, octets.length >= 1 && octets.length <= 32);
    if (!("value" in answer)) return;
    const before = octets.toHex();
    answer.value.fill(0xaa);
    assertEquals(octets.toHex(), before);
  });
});
