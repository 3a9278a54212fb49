/**
 * The answer of a verb: JSON for machines, rows or a sentence for people.
 *
 * @module
 */

import type { NeighborError } from "../../ffi/types/error.ts";
import type { NetworkInterface } from "../../ffi/types/interface.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { ageOf } from "./age.ts";
import { nameText } from "./text.ts";
import type { Warning } from "./warning.ts";

/** The answer of one verb: all at once, line by line, or a file. */
export type Answer = Whole | Lines | Document;

/** A complete answer. */
export interface Whole {
  readonly json: unknown;
  /** For people: one line, or a table whose first row is its heading. */
  readonly text: string | (() => Iterable<readonly string[]>);
  /** For people: the table without its heading. */
  readonly noHeader?: boolean;
  /** For people: a line below the table. */
  readonly note?: string;
  /** For people: a line on stderr, after the table. */
  readonly remark?: string;
  /** For people: lines on stderr, before the text. */
  readonly complaints?: readonly string[];
}

/**
 * A file for another program, on standard output. It is printed as it is, so its
 * pieces have no character that could mislead a terminal.
 */
export interface Document {
  readonly pieces: Iterable<string>;
  /** Printed on stderr before the file; with `--json` one object. */
  readonly warnings: readonly Warning[];
  /** The file that the warnings are about. */
  readonly file?: string;
  /** The exit code. */
  readonly code: number;
}

/**
 * How a streamed answer ends: `finite` by itself, `watch` at an interrupt or
 * when its reader is gone, `guard` at an interrupt only.
 */
export type Kind = "finite" | "watch" | "guard";

/** An answer that is streamed line by line. */
export interface Lines {
  /** Yields the lines and returns the exit code. */
  readonly lines: AsyncGenerator<Line, number>;
  /** Called at an interrupt; without it the signal ends the process. */
  readonly stop?: (signal?: Deno.Signal) => void;
  readonly kind: Kind;
}

/** The colours of a line. */
export type Color = "green" | "yellow" | "red" | "magenta";

/** A line of a streamed answer. */
export interface Line {
  /** For machines: one object on one line of stdout. */
  readonly json?: unknown;
  /** For people: one line on stdout. */
  readonly text?: string;
  /** The colour of the first character of `text` on a terminal. */
  readonly color?: Color;
  /** For people: one line on stderr. */
  readonly complaint?: string;
  /** For machines: one object on one line of stderr. */
  readonly complaintJson?: unknown;
  /** For people: shown on a terminal, then overwritten. */
  readonly progress?: { readonly done: number; readonly of: number };
}

/** The line printed in place of dropped lines. */
export function lostLine(lines: number): Line {
  const time = new Date().toISOString();
  return {
    json: { time, type: "lost", lines },
    text: `! ${time} ${lines} lines were lost, nobody read them in time`,
    color: "magenta",
  };
}

/** The members of an error that `--json` prints. */
export function errorJson(error: NeighborError): Record<string, unknown> {
  const { code, message, status, symbol, ntstatus, operation, entry } = error;
  return { code, message, status, symbol, ntstatus, operation, entry };
}

/** The exit code of an error. */
export function exitCode({ code, status, operation }: NeighborError): number {
  switch (code) {
    case "INVALID_PARAMETER":
      return status === null ? 2 : 1;
    case "NOT_SUPPORTED":
      // Without an operation no call was made or looked for
      return status === null && operation === null ? 2 : 1;
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

/** The exit code of a command ended by a signal: 128 plus its number. */
export function interruptCode(signal: unknown): number {
  if (signal === "SIGHUP") return 129;
  return signal === "SIGTERM" ? 143 : 130;
}

/**
 * The table of `list` and of every verb that shows an entry. It has a column of
 * ages, and one of protocols, where a row has one; a protocol is shown by its
 * name where that is known.
 */
export function* neighborRows(
  rows: readonly Neighbor[],
  names: ReadonlyMap<number, string> = new Map(),
): Generator<readonly string[]> {
  const hasAges = rows.some((row) => ageOf(row) !== null);
  const hasProtocols = rows.some(({ protocol }) => protocol != null);
  const heading = ["ADDRESS", "LINK-LAYER-ADDRESS", "STATE", "INTERFACE"];
  if (hasAges) heading.push("AGE");
  if (hasProtocols) heading.push("PROTOCOL");
  heading.push("");
  yield heading;
  for (const row of rows) {
    const { protocol } = row;
    const cells = [
      row.address,
      row.linkLayerAddress ?? "-",
      row.state,
      nameText(row.interfaceAlias ?? String(row.interfaceIndex)),
    ];
    if (hasAges) cells.push(ageOf(row) ?? "-");
    if (hasProtocols) {
      cells.push(
        protocol == null ? "-" : nameText(names.get(protocol) ?? `${protocol}`),
      );
    }
    cells.push(flagsOf(row));
    yield cells;
  }
}

function flagsOf(row: Neighbor): string {
  const flags: string[] = [];
  if (row.isRouter) flags.push("router");
  if (row.isUnreachable) flags.push("unreachable");
  flags.push(...row.flags ?? []);
  return flags.join(",");
}

/** The cell of a protocol; none where there is none. */
export function protocolCells(protocol: number | null | undefined): string[] {
  return protocol ? [`protocol ${protocol}`] : [];
}

/** What is asked for: the link-layer address and the protocol, if there is one. */
export function wantedWords(
  linkLayerAddress: string,
  { protocol }: { readonly protocol?: number | null | undefined },
): string {
  return [linkLayerAddress, ...protocolCells(protocol)].join(" ");
}

/** The table of `interfaces`. */
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

/** What a dry run would call; no operation means that there is nothing to do. */
export function callSentence(
  operation: string | null,
  current: Neighbor | undefined,
  address: string,
  wanted: string | null,
): string {
  const doing = operation === null
    ? "Nothing to do:"
    : `Would call ${operation}:`;
  return sentence(doing, current, address, wanted);
}

/** A sentence about a change that was, or would be, made. */
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
    words.push(...protocolCells(current.protocol));
  }
  if (wanted !== null) words.push(`-> ${wanted}`);
  return words.join(" ");
}
