/**
 * What the reader of a foreign format makes of a text, one short line for each
 * item. In the texts and the lines `@mac` and `@dash` stand for one address.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { type FormatName, formatOf } from "../../cli/import/formats.ts";
import type { Item } from "../../cli/import/item.ts";

/** A text and the items that are read from it. */
export type Case = readonly [text: string, ...items: string[]];

/** Makes a test of each text. */
export function testFormat(format: FormatName, cases: readonly Case[]): void {
  for (const [text, ...items] of cases) {
    Deno.test(`${format} reads ${JSON.stringify(text).slice(0, 90)}`, () => {
      const given = text.replaceAll("@mac", "02:fc:00:00:00:05")
        .replaceAll("@dash", "02-fc-00-00-00-05");
      assertEquals(Array.from(formatOf(format).read(given), told), items);
    });
  }
}

function told(item: Item): string {
  return wordsOf(item).replaceAll("02:fc:00:00:00:05", "@mac")
    .replaceAll("02-fc-00-00-00-05", "@dash");
}

function wordsOf(item: Item): string {
  const start = `${item.line}: ${item.kind === "entry" ? "" : item.kind + " "}`;
  if (item.kind === "refused") return start + item.message;
  if (item.kind === "skipped") {
    return start + [item.reason, item.what].filter((one) => one).join(" ");
  }
  const { address, linkLayerAddress, names, isLearnt, comment } = item;
  const { interfaceAlias: alias, interfaceIndex: index } = names;
  const on = [alias, index && `index ${index}`].filter((one) => one)
    .join("/") || "nothing";
  const state = { true: "learnt", false: "configured", undefined: "unknown" };
  return start + [
    ...[address, linkLayerAddress, "on", on, state[`${isLearnt}`]],
    ...[item.protocol, item.unknownProtocol].filter((one) => one),
    ...(comment === undefined ? [] : ["#", comment]),
  ].join(" ");
}
