/**
 * The figures of the performance page and its chart are those that were
 * measured.
 */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { CHART, chartOf, RESULTS } from "../bench/chart.ts";
import {
  isMet,
  type Judged,
  judged,
  readResults,
  record,
} from "../bench/results.ts";

const PAGE = new URL("../docs/performance.md", import.meta.url);

Deno.test("the chart is drawn from the results", () => {
  const chart = Deno.readTextFileSync(CHART).replaceAll("\r\n", "\n");
  const lines = judged(readResults(RESULTS));
  assertEquals(chart, chartOf(lines), "deno run -A bench/chart.ts");
  const [first, ...rest] = lines;
  const other = { ...first!, now: first!.now + 1 };
  assertNotEquals(chartOf([other, ...rest]), chart);
});

Deno.test("the page has every figure that has a target, those that fall short in bold", () => {
  const rows = Deno.readTextFileSync(PAGE).split(/\r?\n/)
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  for (const line of judged(readResults(RESULTS))) {
    const { name, target } = line;
    const row = rows.find(([cell]) => cell?.replaceAll("`", "") === name);
    assert(row !== undefined, `${name} is not on the page`);
    const [now, most] = row.slice(-2);
    assertEquals(most, inWords(line, target), name);
    const figure = inWords(line, line.now);
    assertEquals(now, isMet(line) ? figure : `**${figure}**`, name);
  }
});

/** A figure as the page has it. */
function inWords({ unit }: Judged, value: number): string {
  const text = value >= 1000 ? value.toLocaleString("en") : `${value}`;
  return unit === "" ? text : `${text}${unit === "/s" ? "" : " "}${unit}`;
}

Deno.test("a benchmark replaces its own section of the results, and no other", () => {
  const file = Deno.makeTempFileSync();
  Deno.removeSync(file);
  try {
    record(file, "targets", { results: [] });
    record(file, "scale", { results: {} }, "1000");
    record(file, "scale", { results: { list: {} } }, "10000");
    record(file, "targets", { results: [1] });
    assertEquals(JSON.parse(Deno.readTextFileSync(file)), {
      targets: { results: [1] },
      scale: { 1000: { results: {} }, 10000: { results: { list: {} } } },
    });
  } finally {
    Deno.removeSync(file);
  }
});

Deno.test("a figure is judged by the most or the least it may be", () => {
  const one = { name: "", now: 2, target: 2, unit: "" } as const;
  assert(isMet({ ...one, is: "most" }) && isMet({ ...one, is: "least" }));
  assert(!isMet({ ...one, now: 2.01, is: "most" }));
  assert(!isMet({ ...one, now: 1.99, is: "least" }));
});
