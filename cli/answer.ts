/**
 * What a verb answers: a value for machines, rows or a sentence for people.
 *
 * @module
 */

import type { Neighbor, NetworkInterface } from "../ffi/neighbor.ts";

/** The answer of one verb. */
export interface Answer {
  readonly json: unknown;
  /** A table whose first row is its heading, or one line. */
  readonly text: string[][] | string;
}

/** The answer of a verb that goes on: printed record by record, as it comes. */
export interface Answers {
  records(): AsyncIterable<AnswerRecord>;
  /** Ends the records; the command is then done. */
  stop(): void;
}

/** One of them: a value for machines, a line for people. */
export interface AnswerRecord {
  readonly json: unknown;
  readonly text: string;
  /** What the line's first character is coloured with on a terminal. */
  readonly color?: Color;
}

/** The colours of records. */
export type Color = "green" | "yellow" | "red" | "magenta";

/** The rows of `list` and of every verb that shows an entry. */
export function neighborRows(rows: readonly Neighbor[]): string[][] {
  const heading = ["ADDRESS", "LINK-LAYER-ADDRESS", "STATE", "INTERFACE", ""];
  return [
    heading,
    ...rows.map((row) => [
      row.address,
      row.linkLayerAddress ?? "-",
      row.state,
      row.interfaceAlias ?? String(row.interfaceIndex),
      flagsOf(row),
    ]),
  ];
}

function flagsOf(row: Neighbor): string {
  const flags: string[] = [];
  if (row.isRouter) flags.push("router");
  if (row.isUnreachable) flags.push("unreachable");
  return flags.join(",");
}

/** The rows of `interfaces`. */
export function interfaceRows(
  interfaces: readonly NetworkInterface[],
): string[][] {
  const heading = [
    "ALIAS",
    "INDEX",
    "LUID",
    "LINK-LAYER-ADDRESS",
    "TYPE",
    "UP",
  ];
  return [
    heading,
    ...interfaces.map((one) => [
      one.interfaceAlias,
      String(one.interfaceIndex),
      one.interfaceLuid ?? "-",
      one.linkLayerAddress ?? "-",
      one.type,
      one.isUp ? "up" : "down",
    ]),
  ];
}

/** One line on what was, or would be, done to an entry. */
export function sentence(
  doing: string,
  current: Neighbor | undefined,
  address: string,
  wanted: string | null,
): string {
  const words = [doing];
  words.push(current?.address ?? address);
  if (current !== undefined) {
    words.push(`on ${current.interfaceAlias ?? current.interfaceIndex},`);
    words.push(`${current.linkLayerAddress ?? "-"} ${current.state}`);
  }
  if (wanted !== null) words.push(`-> ${wanted}`);
  return words.join(" ");
}
