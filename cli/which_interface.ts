/**
 * Handles a command that names no interface. No interface is chosen; the error
 * lists those that have an entry for the address.
 *
 * @module
 */

import { formatAddress, parseAddress } from "../ffi/parse/address.ts";
import { NeighborError } from "../ffi/types/error.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import type { NeighborTable } from "../ffi/types/table.ts";
import { type RunCommand, UsageError } from "./args.ts";
import { exitCode } from "./output/answer.ts";
import { interfaceWord } from "./values.ts";

/** The most commands that an error suggests. */
const MOST_COMMANDS = 5;

/** Whether `--interface` or a zone names the interface. */
export function namesInterface({ operands, values }: RunCommand): boolean {
  return values.interface !== undefined || operands[0]!.includes("%");
}

/** The rows of the address, on all interfaces. */
export function rowsOf(
  table: NeighborTable,
  { operands }: RunCommand,
): readonly Neighbor[] {
  const { bytes } = parseAddress(operands[0]!);
  const subnet = `${formatAddress(bytes)}/${bytes.length * 8}`;
  return table.list({ subnet });
}

/** The error of a command that names no interface, with those it may have meant. */
export function refuseWithoutInterface(
  table: NeighborTable,
  command: RunCommand,
): UsageError {
  const { verb, operands: [address] } = command;
  const rows = readable(() => rowsOf(table, command));
  const needs = `${verb} needs --interface ALIAS|INDEX|LUID for "${address}"`;
  if (rows === undefined) return new UsageError(needs);
  if (rows.length > 0) return ambiguous(command, rows, needs);
  return new UsageError(
    `${needs}: no interface has an entry for it; ` +
      "neighbor interfaces lists them",
  );
}

/** The error that suggests a complete command for the interface of each row. */
export function ambiguous(
  command: RunCommand,
  rows: readonly Neighbor[],
  message: string,
): UsageError {
  const commands = rows.slice(0, MOST_COMMANDS)
    .map((row) => commandFor(command, row));
  const rest = rows.length - commands.length;
  const more = rest > 0 ? `, and ${rest} more` : "";
  return new UsageError(`${message}: ${commands.join(", or ")}${more}`);
}

/** The command as typed, with the interface of a row. */
function commandFor(
  { verb, operands, values, flags }: RunCommand,
  { interfaceAlias, interfaceIndex }: Neighbor,
): string {
  const on = interfaceAlias === null || !canQuote(interfaceAlias)
    ? `${interfaceIndex}`
    : interfaceWord(interfaceAlias);
  const words = ["neighbor", verb, ...operands];
  for (const [name, value] of [["interface", on], ...Object.entries(values)]) {
    // A word that begins with a dash would be read as another option
    if (value!.startsWith("-")) words.push(`--${name}=${value}`);
    else words.push(`--${name}`, value!);
  }
  return [...words, ...[...flags].map((name) => `--${name}`)]
    .map(quoteWord).join(" ");
}

/** Whether an alias can be quoted: cmd and PowerShell agree on these characters only. */
function canQuote(alias: string): boolean {
  return Deno.build.os !== "windows" ||
    /^[\p{L}\p{N} _.,:()#+*/-]*$/u.test(alias);
}

/** Quotes a word for the shells of the system. */
function quoteWord(word: string): string {
  if (/^[\w.:@%+,/=-]+$/.test(word)) return word;
  return Deno.build.os === "windows"
    ? `"${word}"`
    : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Reads; `undefined` where the system refuses, since the list is optional. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const isOther = error instanceof NeighborError && exitCode(error) !== 2;
    if (isOther) return undefined;
    throw error;
  }
}
