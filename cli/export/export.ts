/**
 * `neighbor export`: prints entries in a format of another program.
 *
 * @module
 */

import { invalid } from "../../ffi/types/error.ts";
import type { NeighborFilter } from "../../ffi/types/neighbor.ts";
import type { NeighborTable } from "../../ffi/types/table.ts";
import { type RunCommand, UsageError } from "../args.ts";
import type { Document } from "../output/answer.ts";
import { entryCount } from "../output/count.ts";
import { jsonPieces } from "../output/json.ts";
import { Refusal } from "../output/refusal.ts";
import { filterOf, readChoice } from "../values.ts";
import {
  type ExportEntry,
  interfaceText,
  interfaceWords,
  LEARNT,
} from "./entry.ts";
import {
  type Format,
  type FormatName,
  FORMATS,
  type Store,
} from "./formats.ts";
import { learntWarnings } from "./learnt.ts";
import { readFile, readTable } from "./sources.ts";

/** Entries whose lines are made and written at once. */
const ENTRIES = 256;
/** The most interfaces that are named. */
const MOST_INTERFACES = 5;

/** Reads the entries and prints them in the format. */
export async function exportEntries(
  table: NeighborTable,
  command: RunCommand,
): Promise<Document> {
  const { operands: [operand], values, flags } = command;
  const name = readChoice("to", values.to) ?? "pins";
  const format = name === "pins" ? undefined : FORMATS[name];
  const store = readChoice("store", values.store);
  const learnt = flags.has("learnt");
  if (store !== undefined && !format?.hasStore) {
    throw new UsageError(
      'The option "--store" goes with --to netsh and --to powershell',
    );
  }
  if (flags.has("json") && format !== undefined) {
    throw new UsageError(
      `export takes --json with --to pins only, ${name} is no JSON`,
    );
  }
  const filter = filterOf(command);
  checkStates(filter, learnt);
  const wanted = { filter, learnt };
  const source = operand === undefined
    ? readTable(table, wanted)
    : await readFile(operand, wanted);
  const { entries, file } = source;
  const warnings = [...source.warnings];
  const warn = (message: string) => void warnings.push({ message });
  learntWarnings(entries).forEach(warn);
  if (entries.length === 0) warn("There is no entry to export");
  const about = { warnings, ...(file !== undefined && { file }) };
  if (format === undefined) {
    return { pieces: pinsPieces(entries), ...about, code: 0 };
  }
  if (!format.namesInterface) checkOneInterface(entries, name);
  const { said, refused } = sift(entries, format);
  if (refused.length > 0) {
    if (!flags.has("keep-going")) throw refuse(refused, name);
    warn(leftOutText(refused, name));
    refused.map(refusedText).forEach(warn);
  }
  return {
    pieces: linePieces(said, format, store ?? "active"),
    ...about,
    code: refused.length > 0 ? 2 : 0,
  };
}

/** Refuses a state that is never exported: it would only give an empty file. */
function checkStates({ state }: NeighborFilter, learnt: boolean): void {
  const known: readonly string[] = ["permanent", ...learnt ? LEARNT : []];
  const other = [state ?? []].flat().find((one) => !known.includes(one));
  if (other === undefined) return;
  const isLearnt = (LEARNT as readonly string[]).includes(other);
  throw new UsageError(
    isLearnt
      ? `Entries of the state "${other}" were learnt, and are exported with ` +
        "--learnt only"
      : `Entries of the state "${other}" are never exported`,
  );
}

/** Refuses entries of several interfaces where a line does not name one. */
function checkOneInterface(
  entries: readonly ExportEntry[],
  name: FormatName,
): void {
  const named = new Map(entries.map((one) => [interfaceText(one), one]));
  if (named.size < 2) return;
  const shown = [...named.values()].slice(0, MOST_INTERFACES)
    .map(interfaceWords).join(", ");
  const rest = named.size - MOST_INTERFACES;
  throw new UsageError(
    `${name} does not name the interface, and the entries are of ` +
      `${named.size}: ${shown}${rest > 0 ? `, and ${rest} more` : ""}; ` +
      "choose one with --interface",
  );
}

/** An entry that the format has no words for. */
interface Refused {
  readonly entry: ExportEntry;
  readonly reason: string;
}

function sift(entries: readonly ExportEntry[], format: Format) {
  const said: ExportEntry[] = [];
  const refused: Refused[] = [];
  for (const entry of entries) {
    const reason = format.reason(entry);
    if (reason === undefined) said.push(entry);
    else refused.push({ entry, reason });
  }
  return { said, refused };
}

function refusedText({ entry, reason }: Refused): string {
  return `${entry.address} on ${interfaceWords(entry)} ${reason}`;
}

function leftOutText(refused: readonly Refused[], name: FormatName): string {
  const { length } = refused;
  return `${entryCount(length)} left out: ` +
    `${name} cannot express ${length === 1 ? "it" : "them"}`;
}

/** The refusal of an export that would be incomplete. */
function refuse(refused: readonly Refused[], name: FormatName): Refusal {
  const count = entryCount(refused.length);
  const message = `${name} cannot express ${count}; nothing was exported, ` +
    "--keep-going would leave out what cannot be expressed";
  return new Refusal(invalid(message), { before: refused.map(refusedText) });
}

/** The lines of the entries, in pieces. */
function* linePieces(
  entries: readonly ExportEntry[],
  format: Format,
  store: Store,
): Generator<string> {
  yield format.head(entries);
  for (let at = 0; at < entries.length; at += ENTRIES) {
    yield entries.slice(at, at + ENTRIES)
      .map((entry) => format.lines(entry, store)).join("");
  }
}

/** A pins file. */
function* pinsPieces(entries: readonly ExportEntry[]): Generator<string> {
  yield* jsonPieces({ neighbors: entries.map(pinOf) }, 2);
  yield "\n";
}

/** A pin names its interface by the alias, which other computers may have too. */
function pinOf(entry: ExportEntry): Record<string, unknown> {
  const { address, linkLayerAddress, protocol, comment } = entry;
  const { interfaceAlias, interfaceLuid, interfaceIndex } = entry;
  return {
    address,
    linkLayerAddress,
    ...(interfaceAlias !== null
      ? { interfaceAlias }
      : interfaceLuid !== null
      ? { interfaceLuid }
      : { interfaceIndex }),
    ...(protocol != null && { protocol }),
    ...(comment !== undefined && { comment }),
  };
}
