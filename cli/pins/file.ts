/**
 * Parses a pins file, which contains the desired entries. The output of
 * `neighbor list --json` is a pins file too, so a list is a backup. One pass
 * finds every mistake in the text; only a syntax error ends it early.
 *
 * @module
 */

import { EntryList } from "../../ffi/entry_list.ts";
import { entryErrors, parseEntry } from "../../ffi/parse/entry.ts";
import {
  type EntryMember,
  NeighborError,
  quote,
} from "../../ffi/types/error.ts";
import { NO_PROTOCOL, parseProtocol } from "../../ffi/parse/protocol.ts";
import { withComment } from "../output/comment.ts";
import type { Warning } from "../output/warning.ts";
import { foreignRow } from "./format_hint.ts";
import { type Edit, type Item, offsetOf, type Pin, pinOf } from "./item.ts";
import { JsonError, JsonReader, KIND_WORDS } from "./json_reader.ts";
import { MemberHints } from "./member_hint.ts";
import {
  Lines,
  MOST_MISTAKES,
  type Place,
  type Problem,
  TOO_MANY,
} from "./lines.ts";
import {
  addressSkipReason,
  type Check,
  checkFamily,
  entryOf,
  FILE_MEMBERS,
  FLAGS_CHECK,
  INTERFACE_CHECKS,
  INTERFACE_MEMBERS,
  isListed,
  nameOf,
  PIN_MEMBERS,
  ROW_CHECKS,
  ROW_MEMBERS,
  type SkipReason,
  skipReason,
} from "./rules.ts";

/** The number of rows that were not made into pins, by reason. */
export type Skipped = Readonly<Record<SkipReason, number>>;

/** A parsed pins file. */
export interface PinsFile {
  readonly name: string;
  /** The desired entries, parsed. */
  readonly entries: EntryList;
  /** The protocol of the entries that have none of their own; 0 is none. */
  readonly protocol: number;
  /** The offsets of each entry. */
  readonly pins: readonly Pin[];
  readonly skipped: Skipped;
  /** Warnings about entries that are accepted. */
  readonly warnings: readonly Warning[];
  /** Mistakes, in the order of the file; items with one are not in `entries`. */
  readonly problems: readonly Problem[];
  /** The place of the entry at a position, or of one of its members. */
  placeOf(position: number, member?: EntryMember | null): Place;
}

/**
 * Parses a pins file; `name` is its name in messages. `edit` may change an item
 * before it is checked, and returns a mistake that it finds.
 */
export function parsePins(
  text: string,
  name: string,
  edit?: Edit,
): PinsFile {
  const lines = new Lines(text);
  const reader = new Reader(text, edit);
  reader.read();
  const problemOf = ({ at, message }: Mistake): Problem => ({
    ...lines.placeOf(at),
    message,
  });
  return {
    name,
    entries: reader.entries,
    protocol: reader.protocol,
    pins: reader.pins,
    skipped: reader.skipped,
    warnings: reader.warnings.map(problemOf),
    problems: reader.mistakes.sort((a, b) => a.at - b.at).map(problemOf),
    placeOf: (position, member) =>
      lines.placeOf(offsetOf(reader.pins[position]!, member)),
  };
}

/** A mistake and its offset. */
interface Mistake {
  readonly at: number;
  readonly message: string;
}

/** Thrown at the limit of mistakes. */
class TooMany extends Error {}

/** Parses a text in one pass. */
class Reader {
  readonly #json: JsonReader;
  readonly #hints = new MemberHints();
  readonly #edit: Edit | undefined;
  entries = new EntryList(64);
  protocol = NO_PROTOCOL;
  pins: Pin[] = [];
  mistakes: Mistake[] = [];
  warnings: Mistake[] = [];
  readonly skipped: Record<SkipReason, number> = {
    notPermanent: 0,
    noLinkLayerAddress: 0,
    multicast: 0,
    broadcast: 0,
    proxy: 0,
    notWritable: 0,
  };

  constructor(text: string, edit: Edit | undefined) {
    this.#json = new JsonReader(text);
    this.#edit = edit;
  }

  read(): void {
    try {
      this.#readFile();
      this.#json.end();
    } catch (error) {
      if (error instanceof TooMany) return;
      if (!(error instanceof JsonError)) throw error;
      // After a syntax error what was read before may mean something else
      this.entries = new EntryList();
      this.pins = [];
      this.warnings = [];
      this.mistakes = [error];
    }
  }

  #readFile(): void {
    const json = this.#json;
    const kind = json.kind();
    if (kind === "array") json.items(() => this.#readItem());
    else if (kind === "object") this.#readMembers();
    else {
      this.#refuse(
        json.at,
        `The file is ${KIND_WORDS[kind]}: it takes {"neighbors": […]}, or ` +
          "what neighbor list --json prints",
      );
      json.value();
    }
  }

  #readMembers(): void {
    const json = this.#json;
    const { at } = json;
    const seen = new Set<string>();
    let isPin = false;
    json.members((name, nameAt) => {
      const kind = json.kind();
      const isKnown = FILE_MEMBERS.has(name);
      const isFirst = isKnown && !seen.has(name);
      if (isFirst && name === "neighbors" && kind === "array") {
        json.items(() => this.#readItem());
      } else if (isFirst && name === "protocol") this.#readProtocol();
      else {
        if (!isKnown && PIN_MEMBERS.has(name)) isPin = true;
        else if (!isKnown) {
          this.#refuseName("A pins file", name, nameAt, FILE_MEMBERS);
        } else if (!isFirst) this.#refuseTwice(name, nameAt);
        else if (name === "neighbors") {
          this.#refuse(
            json.at,
            `The member "neighbors" takes an array, not ${KIND_WORDS[kind]}`,
          );
        }
        json.value();
      }
      if (isKnown) seen.add(name);
    });
    // One mistake, not one for each member
    if (isPin) {
      const message = "The file has the members of a pin: a pin stands in a " +
        'list, {"neighbors": [{…}]}';
      this.#refuse(at, message);
      return;
    }
    // Where other mistakes were found, the member may just be misspelt
    if (seen.has("neighbors") || this.mistakes.length > 0) return;
    this.#refuse(at, 'The file has no member "neighbors"');
  }

  #readProtocol(): void {
    const json = this.#json;
    json.kind();
    const { at } = json;
    try {
      this.protocol = parseProtocol(json.value());
    } catch (error) {
      this.#recordMistake({ at, values: {}, places: {} }, "protocol", error);
    }
  }

  #readItem(): void {
    const json = this.#json;
    const kind = json.kind();
    const { at } = json;
    if (kind !== "object") {
      json.value();
      this.#refuse(at, `A pin is an object, not ${KIND_WORDS[kind]}`);
      return;
    }
    const before = this.mistakes.length;
    const values: Record<string, unknown> = {};
    const places: Record<string, number> = {};
    const unknownMembers: [name: string, at: number][] = [];
    json.members((name, nameAt) => {
      json.kind();
      const valueAt = json.at;
      const value = json.value();
      if (!PIN_MEMBERS.has(name) && name !== "state") {
        unknownMembers.push([name, nameAt]);
      }
      if (!ROW_MEMBERS.has(name)) return;
      if (Object.hasOwn(values, name)) this.#refuseTwice(name, nameAt);
      else {
        values[name] = value;
        places[name] = valueAt;
      }
    });
    if (unknownMembers.length > 0 && values.address === undefined) {
      const names = new Set(unknownMembers.map(([name]) => name));
      const foreign = foreignRow((name) => names.has(name));
      // Each row would have the same mistakes
      if (foreign !== undefined) throw new JsonError(foreign, at);
    }
    // Only rows of a listing have a state
    const isRow = Object.hasOwn(values, "state");
    const [what, members] = isRow
      ? ["A row", ROW_MEMBERS] as const
      : ["A pin", PIN_MEMBERS] as const;
    for (const [name, nameAt] of unknownMembers) {
      if (members.has(name)) continue;
      this.#refuseName(what, name, nameAt, members);
    }
    const item = { at, values, places };
    const mistake = this.#edit?.(item);
    if (mistake !== undefined) this.#refuse(places.address ?? at, mistake);
    const isGood = this.mistakes.length === before;
    if (isRow) this.#readRow(item, isGood);
    else {
      this.#checkNames(item);
      this.#readEntry(item, isGood && this.mistakes.length === before);
    }
    for (let i = before; i < this.mistakes.length; i++) {
      const { at, message } = this.mistakes[i]!;
      this.mistakes[i] = { at, message: withComment(message, values) };
    }
  }

  /** Reads a row of a listing; a row to skip needs no interface. */
  #readRow(item: Item, isGood: boolean): void {
    const reason = skipReason(item.values);
    if (reason !== undefined) {
      if (!this.#check(item, ROW_CHECKS) || !isGood) return;
      this.skipped[reason]++;
      if (reason === "notPermanent") this.#warnOfState(item);
      return;
    }
    // The entry has one name of the interface; the others are checked here
    const name = nameOf(item.values);
    const others = INTERFACE_CHECKS.filter(([other]) => other !== name);
    const areGood = this.#check(item, [FLAGS_CHECK, ...others]);
    this.#readEntry(item, isGood && areGood, true);
  }

  /** Warns of a skipped row that nothing but its state marks as one. */
  #warnOfState({ at, values, places }: Item): void {
    if (isListed(values)) return;
    this.warnings.push({
      at: places.state ?? at,
      message: `The state ${quote(String(values.state))} makes this a row of ` +
        'a listing, which is skipped: without "state" it is a pin',
    });
  }

  /** Checks the members of an item one by one; `false` where one is wrong. */
  #check(item: Item, checks: readonly Check[]): boolean {
    let areGood = true;
    for (const [name, check] of checks) {
      try {
        check(item.values);
      } catch (error) {
        this.#recordMistake(item, name, error);
        areGood = false;
      }
    }
    return areGood;
  }

  /** Records the error of a check as a mistake. */
  #recordMistake({ at, places }: Item, name: string, error: unknown): void {
    if (!(error instanceof NeighborError)) throw error;
    this.#refuse(places[name] ?? at, error.message);
  }

  /** Refuses two names of an interface: later they may mean different ones. */
  #checkNames({ at, values }: Item): void {
    const names = INTERFACE_MEMBERS.filter((name) => values[name] != null);
    if (names.length < 2) return;
    const message = "The pin names its interface more than once, by " +
      `${names.join(" and ")}: keep one`;
    this.#refuse(at, message);
  }

  /** Parses an entry; where the item has another mistake, adds no pin. */
  #readEntry(item: Item, isGood: boolean, isRow = false): void {
    const { entries } = this;
    const entry = entryOf(item.values);
    const pin = pinOf(item);
    let position: number;
    try {
      position = parseEntry(entries, entry, !isRow);
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      for (const one of entryErrors(entry, error)) {
        this.#refuse(offsetOf(pin, one.member), one.message);
      }
      return;
    }
    const reason = isRow ? this.#rowReason(item, position) : undefined;
    if (reason !== undefined || !isGood) entries.pop();
    if (reason !== undefined) this.skipped[reason]++;
    if (reason !== undefined || !isGood) return;
    this.pins.push(pin);
    const { index, luid } = entries.named(position);
    if (index === 0 || luid !== 0n) return;
    this.warnings.push({
      at: pin.interfaceAt,
      message:
        "An interface index may change at a reboot, or when an adapter " +
        "is re-enabled: name the interface by interfaceAlias or interfaceLuid",
    });
  }

  #rowReason(item: Item, position: number): SkipReason | undefined {
    const { address, family } = item.values;
    const own = this.entries.isIpv4(position) ? "ipv4" : "ipv6";
    try {
      checkFamily(String(address), own, family);
    } catch (error) {
      this.#recordMistake(item, "address", error);
    }
    return addressSkipReason(this.entries, position);
  }

  #refuseName(
    what: string,
    name: string,
    at: number,
    known: ReadonlySet<string>,
  ): void {
    const members = [...known].join(", ");
    this.#refuse(
      at,
      `${what} has no member ${quote(name)}${
        this.#hints.of(name, known)
      }, it takes ${members}`,
    );
  }

  #refuseTwice(name: string, at: number): void {
    this.#refuse(at, `The member ${quote(name)} stands twice`);
  }

  #refuse(at: number, message: string): void {
    if (this.mistakes.length < MOST_MISTAKES) {
      this.mistakes.push({ at, message });
      return;
    }
    this.mistakes.push({ at, message: TOO_MANY });
    throw new TooMany();
  }
}
