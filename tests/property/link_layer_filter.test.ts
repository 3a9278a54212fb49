import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseFilter } from "../../ffi/parse/filter.ts";
import { formatLinkLayerAddress } from "../../ffi/parse/link_layer_address.ts";
import type { RawRow } from "../../ffi/raw_row.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { property } from "./arbitraries.ts";

const OCTETS = (minLength: number) =>
  fc.array(fc.constantFrom(0, 2, 0x20, 0xfc), { minLength, maxLength: 8 });

Deno.test("a link-layer filter takes the same rows as text and as octets", () => {
  const taken = { whole: 0, prefix: 0 };
  property(
    OCTETS(1),
    OCTETS(0),
    fc.boolean(),
    fc.boolean(),
    fc.constantFrom(":", "-"),
    (wanted, drawn, isRelated, isPrefix, separator) => {
      const octets = Uint8Array.from(isRelated ? [...wanted, ...drawn] : drawn);
      const text = wanted.map((one) => one.toString(16).padStart(2, "0"))
        .join(separator);
      const { wants, matches } = parseFilter({
        linkLayerAddress: isPrefix ? text + separator : text,
      });
      const begins = wanted.every((octet, i) => octet === octets[i]);
      const expected = begins && (isPrefix || octets.length === wanted.length);
      const linkLayerAddress = octets.length === 0
        ? null
        : formatLinkLayerAddress(octets);
      assertEquals(wants({ linkLayerAddress } as Neighbor), expected);
      assertEquals(
        matches(
          {
            octets: Uint8Array.of(0xfc, ...octets, 0xfc),
            linkLayerStart: 1,
            linkLayerEnd: 1 + octets.length,
            isProxy: false,
          } as RawRow,
        ),
        expected,
      );
      if (expected) taken[isPrefix ? "prefix" : "whole"]++;
    },
  );
  assert(taken.whole > 20 && taken.prefix > 200, JSON.stringify(taken));
});
