/**
 * `neighbor import`: converts a file of another program into a pins file. Looks
 * no interface up and opens no table, so it needs no permission but to read.
 *
 * @module
 */

import { parseInterface } from "../../ffi/parse/entry.ts";
import { invalid, NeighborError, quote } from "../../ffi/types/error.ts";
import type { RunCommand } from "../args.ts";
import { inputName, readInput } from "../input.ts";
import { InterfaceMap } from "../interface_map.ts";
import { type Line, type Lines, wantedWords } from "../output/answer.ts";
import { refuseFile } from "../output/refusal.ts";
import { type Warning, warningLines } from "../output/warning.ts";
import { interfaceOf } from "../values.ts";
import { detectFormat, formatOf } from "./formats.ts";
import {
  type Entry,
  isNamed,
  type Names,
  type Reading,
  refused,
  skipped,
} from "./item.ts";
import { notes, skippedLines } from "./report.ts";

/** Reads and converts the file; prints nothing where a line is refused. */
export async function importFile(
  { operands, values, lists }: RunCommand,
): Promise<Lines> {
  const map = new InterfaceMap(lists?.map);
  const given = interfaceOf(values.interface) as Names;
  if (isNamed(given)) checkInterface(given);
  const named = values.from === undefined ? undefined : formatOf(values.from);
  const operand = operands[0]!;
  const file = inputName(operand);
  const warnings: Warning[] = [];
  const text = await readInput(operand, (message) => {
    warnings.push({ message });
  });
  const format = named ?? detectFormat(text, file);
  const reading: Reading = { entries: [], skipped: [], refused: [] };
  const places = new Places(reading, map, given);
  for (const item of format.read(text)) {
    if (item.kind === "skipped") reading.skipped.push(item);
    else if (item.kind === "refused") reading.refused.push(item);
    else places.add(item);
  }
  if (reading.refused.length > 0) {
    const problems = reading.refused.map(({ kind: _, ...one }) => one);
    throw refuseFile(file, problems, "", "; nothing was converted");
  }
  map.check(file);
  for (const message of notes(reading, places.isGivenSurplus)) {
    warnings.push({ message });
  }
  return { lines: linesOf(file, reading, warnings), kind: "finite" };
}

/** Gives entries their interface, and finds those that stand twice. */
class Places {
  readonly #reading: Reading;
  readonly #map: InterfaceMap;
  readonly #given: Names;
  readonly #seen = new Map<string, Entry>();
  /** What is wrong with each name of an interface. */
  readonly #mistakes = new Map<string, string | undefined>();
  /** Whether an entry got the interface of `--interface`. */
  #isGivenUsed = false;

  constructor(reading: Reading, map: InterfaceMap, given: Names) {
    this.#reading = reading;
    this.#map = map;
    this.#given = given;
  }

  /** Whether `--interface` was given although every entry names its own. */
  get isGivenSurplus(): boolean {
    return isNamed(this.#given) && !this.#isGivenUsed &&
      this.#reading.entries.length > 0;
  }

  add(entry: Entry): void {
    const { address } = entry;
    const names = this.#namesOf(entry);
    if (names === undefined) {
      const message = `It names no interface for ${address}: ` +
        "give it by --interface";
      return this.#refuse(entry, message);
    }
    const words = JSON.stringify(names);
    if (!this.#mistakes.has(words)) {
      this.#mistakes.set(words, interfaceMistake(names));
    }
    const mistake = this.#mistakes.get(words);
    if (mistake !== undefined) return this.#refuse(entry, mistake);
    const key = `${address} ${words}`;
    const first = this.#seen.get(key);
    if (first === undefined) {
      const named = { ...entry, names };
      this.#seen.set(key, named);
      this.#reading.entries.push(named);
    } else if (wantedOf(first) === wantedOf(entry)) {
      const what = `${address}, line ${first.line}`;
      this.#reading.skipped.push({
        ...placed(entry),
        ...skipped(entry.line, "repeated", what),
      });
    } else {
      const message = `${address} stands twice on one interface, with ` +
        `${wantedOf(entry)} and on line ${first.line} with ` +
        wantedOf(first);
      this.#refuse(entry, message);
    }
  }

  #refuse(entry: Entry, message: string): void {
    const item = { ...placed(entry), ...refused(entry.line, message) };
    this.#reading.refused.push(item);
  }

  /** The one name of an entry's interface that is printed. */
  #namesOf({ names }: Entry): Names | undefined {
    if (!isNamed(names)) {
      if (!isNamed(this.#given)) return undefined;
      this.#isGivenUsed = true;
      return this.#given;
    }
    const renamed = this.#map.renamed(names);
    if (renamed !== undefined) return renamed as Names;
    const { interfaceAlias, interfaceIndex } = names;
    return interfaceAlias === undefined
      ? { interfaceIndex: interfaceIndex! }
      : { interfaceAlias };
  }
}

/** Why `apply` would refuse the name of an interface, whatever interfaces exist. */
function interfaceMistake(names: Names): string | undefined {
  try {
    checkInterface(names);
  } catch (error) {
    if (error instanceof NeighborError) return error.message;
    throw error;
  }
}

function checkInterface(names: Names): void {
  if (parseInterface(names) === null) {
    throw invalid("It names interface 0, there is none");
  }
}

/** What an entry asks for, in words. */
function wantedOf({ linkLayerAddress, protocol, unknownProtocol }: Entry) {
  const named = unknownProtocol === undefined ? [] : [quote(unknownProtocol)];
  return [wantedWords(linkLayerAddress, { protocol }), ...named].join(" ");
}

/** The column of an item that has one. */
function placed({ column }: Entry): { readonly column?: number } {
  return column === undefined ? {} : { column };
}

async function* linesOf(
  file: string,
  reading: Reading,
  warnings: readonly Warning[],
): AsyncGenerator<Line, number> {
  const { entries } = reading;
  for (const complaint of skippedLines(file, reading)) yield { complaint };
  for (const complaint of warningLines(warnings, file)) yield { complaint };
  const pins = entries.map(pinOf);
  const report = {
    file,
    skipped: reading.skipped.map(({ kind: _, ...one }) => one),
    warnings,
  };
  yield { json: { neighbors: pins }, complaintJson: report };
  // A pin a line, so that a person can edit the file
  yield { text: '{ "neighbors": [' };
  for (const [at, pin] of pins.entries()) {
    const comma = at < pins.length - 1 ? "," : "";
    yield { text: `  ${JSON.stringify(pin)}${comma}` };
  }
  yield { text: "] }" };
  return 0;
}

/** A pin; the members are in the order in which the documentation has them. */
function pinOf(
  { address, linkLayerAddress, names, protocol, comment }: Entry,
) {
  return {
    ...{ address, linkLayerAddress, ...names },
    ...(protocol !== undefined && { protocol }),
    ...(comment !== undefined && { comment }),
  };
}
