/**
 * Formats findings: text for people, which a terminal shows in lines of at most
 * 80 columns, and an object for machines.
 *
 * @module
 */

import type { DefaultGateway } from "../../ffi/backend.ts";
import type { Finding } from "../../reconcile/stations.ts";
import type { Color, Line } from "../output/answer.ts";
import { escapeText, nameText } from "../output/text.ts";

/** The columns of a terminal. */
export const COLUMNS = 80;

const INDENT = "    ";

const FORMS: Readonly<
  Record<Finding["type"], readonly [sign: string, words: string, Color]>
> = {
  new: ["+", "new station", "green"],
  changed: ["~", "changed", "yellow"],
  "flip-flop": ["~", "flip flop", "yellow"],
  shared: ["=", "shared", "magenta"],
  gateway: [">", "default gateway", "red"],
  full: ["!", "full", "magenta"],
};

/**
 * The lines of a finding, of at most `width` columns, `Infinity` for one line;
 * the first has the JSON of all of them.
 */
export function findingLines(
  finding: Finding,
  time: Date,
  width: number,
): Line[] {
  const [sign, words, color] = FORMS[finding.type];
  const json = { time: time.toISOString(), ...finding };
  const start = `${sign} ${localTime(time)} ${words}`;
  return linesOf([start, ...partsOf(finding)], json, color, width);
}

/** The line that says that events were lost. */
export function resyncLine(time: Date): Line {
  const text = `! ${localTime(time)} events were lost, the differences follow`;
  const json = { time: time.toISOString(), type: "resync" };
  return { json, text, color: "magenta" };
}

function linesOf(
  parts: readonly string[],
  json: unknown,
  color: Color,
  width: number,
): Line[] {
  const [first, ...others] = wrap(parts, width);
  return [{ json, text: first!, color }, ...others.map((text) => ({ text }))];
}

/** Parts that stay together, and are separated by a blank or by a line. */
function partsOf(finding: Finding): string[] {
  switch (finding.type) {
    case "shared": {
      const { count, addresses, linkLayerAddress, family } = finding;
      const ip = family === "ipv4" ? "IPv4" : "IPv6";
      const rest = count - addresses.length;
      return [
        linkLayerAddress,
        interfaceOf(finding),
        `${count} ${ip} addresses:`,
        ...addresses,
        ...(rest > 0 ? [`and ${rest} more`] : []),
      ];
    }
    case "gateway":
      return [
        ...gatewaysOf(finding.gateways),
        "was",
        ...gatewaysOf(finding.previous),
      ];
    case "full":
      return [
        `${finding.stations} stations are known;`,
        "those not seen for longest are forgotten",
      ];
    default:
      return [
        finding.address,
        finding.linkLayerAddress,
        interfaceOf(finding),
        ...(finding.previous === null ? [] : [`was ${finding.previous}`]),
        ...(finding.isGateway ? ["default gateway"] : []),
      ];
  }
}

function gatewaysOf(gateways: readonly DefaultGateway[]): string[] {
  if (gateways.length === 0) return ["none"];
  return gateways.map((one) => `${one.address ?? "on"} ${interfaceOf(one)}`);
}

function interfaceOf(
  { interfaceAlias, interfaceIndex }: {
    readonly interfaceAlias: string | null;
    readonly interfaceIndex: number;
  },
): string {
  return nameText(interfaceAlias ?? String(interfaceIndex));
}

/** Lines of at most `width` columns, but for a part that is longer itself. */
function wrap(parts: readonly string[], width: number): string[] {
  if (width === Infinity) return [parts.join(" ")];
  const lines: string[] = [];
  let line = "";
  for (const part of parts) {
    if (line !== "" && widthOf(line) + 1 + widthOf(part) > width) {
      lines.push(line);
      line = INDENT + part;
    } else line = line === "" ? part : `${line} ${part}`;
  }
  return [...lines, line];
}

/** Columns at the most: a character beyond ASCII may take two. */
function widthOf(text: string): number {
  const escaped = escapeText(text);
  return escaped.length + (escaped.match(/[^\x20-\x7e]/g)?.length ?? 0);
}

/** The time of this computer's zone as `MM-DD HH:MM:SS`. */
function localTime(time: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const date = [time.getMonth() + 1, time.getDate()].map(two).join("-");
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()];
  return `${date} ${clock.map(two).join(":")}`;
}
