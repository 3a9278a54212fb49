/**
 * What to do where the interface of an entry is not named: nothing is guessed,
 * but the interfaces that have an entry for the address are.
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

/** So many commands are told. */
const MOST_COMMANDS = 5;

/** Whether the option or a zone names the interface. */
export function namesInterface({ operands, values }: RunCommand): boolean {
  return values.interface !== undefined || operands[0]!.includes("%");
}

/** The rows of the address on every interface. */
export function rowsOf(
  table: NeighborTable,
  { operands }: RunCommand,
): readonly Neighbor[] {
  const { bytes } = parseAddress(operands[0]!);
  const subnet = `${formatAddress(bytes)}/${bytes.length * 8}`;
  return table.list({ subnet });
}

/** Refuses a command that names no interface, with those it may have meant. */
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

/** Names the interfaces of rows, each in a command that can be given. */
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

/** What was typed, with the interface of a row. */
function commandFor(
  { verb, operands, values, flags }: RunCommand,
  { interfaceAlias, interfaceIndex }: Neighbor,
): string {
  const on = interfaceAlias === null || !canQuote(interfaceAlias)
    ? `${interfaceIndex}`
    : interfaceWord(interfaceAlias);
  const words = ["neighbor", verb, ...operands, "--interface", on];
  for (const [name, value] of Object.entries(values)) {
    words.push(`--${name}`, value);
  }
  return [...words, ...[...flags].map((name) => `--${name}`)]
    .map(quoteWord).join(" ");
}

/** The shells of Windows agree on no quotation for more than these. */
function canQuote(alias: string): boolean {
  return Deno.build.os !== "windows" ||
    /^[\p{L}\p{N} _.,:()#+*/-]*$/u.test(alias);
}

/** As a shell of the system takes a word. */
function quoteWord(word: string): string {
  if (/^[\w.:@%+,/-]+$/.test(word)) return word;
  return Deno.build.os === "windows"
    ? `"${word}"`
    : `'${word.replaceAll("'", "'\\''")}'`;
}

/** What reading tells; `undefined` where it may not, which is not the point. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const isOther = error instanceof NeighborError && exitCode(error) !== 2;
    if (isOther) return undefined;
    throw error;
  }
}
