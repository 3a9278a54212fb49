/**
 * What a verb answers: a value for machines, rows or a sentence for people.
 *
 * @module
 */

import type { NeighborError } from "../../ffi/types/error.ts";
import type { NetworkInterface } from "../../ffi/types/interface.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { nameText } from "./text.ts";

/** The answer of one verb: all at once, or line by line. */
export type Answer = Whole | Lines;

/** An answer that is there all at once. */
export interface Whole {
  readonly json: unknown;
  /** One line, or a table whose first row is its heading: not for machines. */
  readonly text: string | (() => Iterable<readonly string[]>);
  /** For people: a line below the table. */
  readonly note?: string;
  /** For people: a line on stderr. */
  readonly warning?: string;
}

/**
 * How an answer that takes its time ends: by itself, by an interrupt, or by an
 * interrupt whether or not anybody reads what it tells.
 */
export type Kind = "finite" | "watch" | "guard";

/** An answer that takes its time; the exit code comes last. */
export interface Lines {
  readonly lines: AsyncGenerator<Line, number>;
  /** What an interrupt does, where it is not simply the end. */
  readonly stop?: (signal?: Deno.Signal) => void;
  readonly kind: Kind;
}

/** The colours of a line. */
export type Color = "green" | "yellow" | "red" | "magenta";

/** A line of an answer that takes its time. */
export interface Line {
  /** For machines: one object on one line of stdout. */
  readonly json?: unknown;
  /** For people: one line on stdout. */
  readonly text?: string;
  /** What the first character of `text` is coloured with on a terminal. */
  readonly color?: Color;
  /** For people: one line on stderr. */
  readonly complaint?: string;
  /** For people who wait: shown on a terminal, then overwritten. */
  readonly progress?: { readonly done: number; readonly of: number };
}

/** What stands in the place of lines that were dropped. */
export function lostLine(lines: number): Line {
  const time = new Date().toISOString();
  return {
    json: { time, type: "lost", lines },
    text: `! ${time} ${lines} lines were lost, nobody read them in time`,
    color: "magenta",
  };
}

/** An error as `--json` prints it. */
export function errorJson(error: NeighborError): Record<string, unknown> {
  const { code, message, status, symbol, ntstatus, operation, entry } = error;
  return { code, message, status, symbol, ntstatus, operation, entry };
}

/** The exit code that an error stands for. */
export function exitCode({ code, status }: NeighborError): number {
  switch (code) {
    case "INVALID_PARAMETER":
      return status === null ? 2 : 1;
    case "NOT_FOUND":
    case "INTERFACE_NOT_FOUND":
      return 3;
    case "ACCESS_DENIED":
    case "PERMISSION_REQUIRED":
      return 4;
    default:
      return 1;
  }
}

/** The exit code of a command that a signal has ended, as shells tell it. */
export function interruptCode(signal: unknown): number {
  if (signal === "SIGHUP") return 129;
  return signal === "SIGTERM" ? 143 : 130;
}

/** The rows of `list` and of every verb that shows an entry. */
export function* neighborRows(
  rows: readonly Neighbor[],
): Generator<readonly string[]> {
  yield ["ADDRESS", "LINK-LAYER-ADDRESS", "STATE", "INTERFACE", ""];
  for (const row of rows) {
    yield [
      row.address,
      row.linkLayerAddress ?? "-",
      row.state,
      nameText(row.interfaceAlias ?? String(row.interfaceIndex)),
      flagsOf(row),
    ];
  }
}

function flagsOf(row: Neighbor): string {
  const flags: string[] = [];
  if (row.isRouter) flags.push("router");
  if (row.isUnreachable) flags.push("unreachable");
  flags.push(...row.flags ?? []);
  return flags.join(",");
}

/** The rows of `interfaces`. */
export function* interfaceRows(
  interfaces: readonly NetworkInterface[],
): Generator<readonly string[]> {
  yield [
    ...["ALIAS", "INDEX", "LUID", "LINK-LAYER-ADDRESS", "TYPE", "UP"],
    "ALT-NAMES",
  ];
  for (const one of interfaces) {
    yield [
      nameText(one.interfaceAlias),
      String(one.interfaceIndex),
      one.interfaceLuid ?? "-",
      one.linkLayerAddress ?? "-",
      one.type,
      one.isUp ? "up" : "down",
      one.altNames.join(" "),
    ];
  }
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
