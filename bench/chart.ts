/**
 * Draws docs/performance.svg from bench/results.json, and prints which targets
 * are met:
 *
 *   deno run -A bench/chart.ts
 *
 * @module
 */

import { isMet, type Judged, judged, readResults } from "./results.ts";

const ROW = 20;
const [LEFT, BAR, RIGHT] = [380, 260, 150];
const WIDTH = LEFT + BAR + RIGHT;
/** Where the target of every line is. */
const TARGET = LEFT + BAR / 1.5;

/** A bar for each figure, as a share of its target: beyond the line is too much. */
export function chartOf(lines: readonly Judged[]): string {
  const height = ROW * (lines.length + 2);
  const rows = lines.map((line, i) => {
    const { name, now, target, is } = line;
    const share = is === "most" ? now / target : target / now;
    const length = Math.round(Math.min(1.5, share) * BAR / 1.5);
    const y = ROW * (i + 1);
    const colour = isMet(line) ? "#2f7fc1" : "#d9730d";
    const sign = is === "most" ? "≤" : "≥";
    const text = `${figure(line, now)} (${sign} ${figure(line, target)})`;
    return `<text x="${LEFT - 8}" y="${y + 14}" text-anchor="end">` +
      `${name}</text>\n` +
      `<rect x="${LEFT}" y="${y + 3}" width="${length}" height="14" ` +
      `fill="${colour}"/>\n` +
      `<text x="${LEFT + BAR + 8}" y="${y + 14}">${text}</text>`;
  });
  const x = Math.round(TARGET);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" ` +
    `height="${height}" font-family="sans-serif" font-size="12" fill="#777">\n` +
    `<text x="${x}" y="14" text-anchor="middle">target</text>\n` +
    rows.join("\n") +
    `\n<path d="M${x} ${ROW}V${height - ROW}" stroke="#777" ` +
    `stroke-dasharray="3 3"/>\n` +
    `<text x="${LEFT}" y="${height - 5}">` +
    `as a share of the target; orange falls short</text>\n</svg>\n`;
}

function figure({ unit }: Judged, value: number): string {
  const text = value >= 1000 ? value.toLocaleString("en") : `${value}`;
  return unit === "" || unit === "/s" ? text + unit : `${text} ${unit}`;
}

/** The chart of docs, by the results that are committed. */
export const CHART = new URL("../docs/performance.svg", import.meta.url);
/** The results that are committed. */
export const RESULTS = new URL("results.json", import.meta.url);

if (import.meta.main) {
  const lines = judged(readResults(RESULTS));
  Deno.writeTextFileSync(CHART, chartOf(lines));
  for (const line of lines) {
    const verdict = isMet(line) ? "met" : "FALLS SHORT";
    console.log(
      `${line.name.padEnd(46)}${figure(line, line.now).padStart(12)}  ` +
        `target ${figure(line, line.target).padEnd(10)}${verdict}`,
    );
  }
}
