/**
 * A pins file: the desired entries. What `neighbor list --json` prints is one
 * too, so a list is a backup. One pass finds every mistake that the text alone
 * tells; only broken syntax hides what stands behind it.
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
import { JsonError, JsonReader, KIND_WORDS } from "./json_reader.ts";
import { Lines, type Place, type Problem } from "./lines.ts";
import {
  addressSkipReason,
  type Check,
  checkFamily,
  entryOf,
  FILE_MEMBERS,
  INTERFACE_CHECKS,
  INTERFACE_MEMBERS,
  nameOf,
  PIN_MEMBERS,
  ROW_CHECKS,
  ROW_MEMBERS,
  type SkipReason,
  skipReason,
} from "./rules.ts";

/** Where a desired entry stands in the text: offsets of what it is made of. */
export interface Pin {
  readonly at: number;
  readonly addressAt: number;
  readonly linkLayerAddressAt: number;
  /** Of the name that the interface goes by, which may be the zone. */
  readonly interfaceAt: number;
}

/** How many rows of a listing were not made into pins, and why. */
export type Skipped = Readonly<Record<SkipReason, number>>;

/** What a file says. */
export interface PinsFile {
  readonly name: string;
  /** The desired entries, parsed. */
  readonly entries: EntryList;
  /** Where each of them stands. */
  readonly pins: readonly Pin[];
  readonly skipped: Skipped;
  /** What is accepted, but does not last. */
  readonly warnings: readonly Problem[];
  /** What is wrong, in the order of the file; the pins are the others. */
  readonly problems: readonly Problem[];
  /** Where the entry at a position stands, or one member of it. */
  placeOf(position: number, member?: EntryMember | null): Place;
}

/** So many mistakes are remembered; reading stops there. */
const MOST_MISTAKES = 1_000_000;

/** Reads a pins file; `name` is what it is called in messages. */
export function parsePins(text: string, name: string): PinsFile {
  const lines = new Lines(text);
  const reader = new Reader(text);
  reader.read();
  const problemOf = ({ at, message }: Mistake): Problem => ({
    ...lines.placeOf(at),
    message,
  });
  return {
    name,
    entries: reader.entries,
    pins: reader.pins,
    skipped: reader.skipped,
    warnings: reader.warnings.map(problemOf),
    problems: reader.mistakes.sort((a, b) => a.at - b.at).map(problemOf),
    placeOf: (position, member) =>
      lines.placeOf(offsetOf(reader.pins[position]!, member)),
  };
}

function offsetOf(pin: Pin, member: EntryMember | null | undefined): number {
  return member == null ? pin.at : pin[`${member}At`];
}

/** What is wrong, and the offset of it. */
interface Mistake {
  readonly at: number;
  readonly message: string;
}

/** The members of one item by name: what they are and where they stand. */
interface Item {
  readonly at: number;
  readonly values: Record<string, unknown>;
  readonly places: Record<string, number>;
}

function pinOf({ at, values, places }: Item): Pin {
  const isZoned = String(values.address).includes("%");
  const name = nameOf(values) ?? (isZoned ? "address" : "");
  return {
    at,
    addressAt: places.address ?? at,
    linkLayerAddressAt: places.linkLayerAddress ?? at,
    interfaceAt: places[name] ?? at,
  };
}

/** Thrown where so many mistakes were found that reading on is of no use. */
class TooMany extends Error {}

/** One pass over a text. */
class Reader {
  readonly #json: JsonReader;
  entries = new EntryList(64);
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

  constructor(text: string) {
    this.#json = new JsonReader(text);
  }

  read(): void {
    try {
      this.#readFile();
      this.#json.end();
    } catch (error) {
      if (error instanceof TooMany) return;
      if (!(error instanceof JsonError)) throw error;
      // What was read before is not known to mean what it seemed to
      this.entries = new EntryList();
      this.pins = [];
      this.warnings = [];
      this.mistakes = [error];
    }
  }

  #readFile(): void {
    const json = this.#json;
    const kind = json.kind();
    if (kind === "array") return json.items(() => this.#readItem());
    if (kind === "object") return this.#readMembers();
    this.#refuse(
      json.at,
      `The file is ${KIND_WORDS[kind]}: it takes {"neighbors": […]}, or what ` +
        "neighbor list --json prints",
    );
    json.value();
  }

  #readMembers(): void {
    const json = this.#json;
    const { at } = json;
    const seen = new Set<string>();
    json.members((name, nameAt) => {
      const kind = json.kind();
      const isKnown = Object.hasOwn(FILE_MEMBERS, name);
      if (!isKnown) this.#refuseName("A pins file", name, nameAt, FILE_MEMBERS);
      else if (seen.has(name)) this.#refuseTwice(name, nameAt);
      else if (name === "neighbors" && kind === "array") {
        seen.add(name);
        return json.items(() => this.#readItem());
      } else if (name === "neighbors") {
        this.#refuse(
          json.at,
          `The member "neighbors" takes an array, not ${KIND_WORDS[kind]}`,
        );
      }
      if (isKnown) seen.add(name);
      json.value();
    });
    // Perhaps it is misspelt, and that was told
    if (seen.has("neighbors") || this.mistakes.length > 0) return;
    this.#refuse(at, 'The file has no member "neighbors"');
  }

  #readItem(): void {
    const json = this.#json;
    const kind = json.kind();
    const { at } = json;
    if (kind !== "object") {
      json.value();
      return this.#refuse(at, `A pin is an object, not ${KIND_WORDS[kind]}`);
    }
    const before = this.mistakes.length;
    const values: Record<string, unknown> = {};
    const places: Record<string, number> = {};
    const strays: [name: string, at: number][] = [];
    json.members((name, nameAt) => {
      json.kind();
      const valueAt = json.at;
      const value = json.value();
      if (!Object.hasOwn(PIN_MEMBERS, name) && name !== "state") {
        strays.push([name, nameAt]);
      }
      if (!Object.hasOwn(ROW_MEMBERS, name)) return;
      if (Object.hasOwn(values, name)) return this.#refuseTwice(name, nameAt);
      values[name] = value;
      places[name] = valueAt;
    });
    // Only what was listed says in which state it was
    const isRow = Object.hasOwn(values, "state");
    const [what, members] = isRow
      ? ["A row", ROW_MEMBERS] as const
      : ["A pin", PIN_MEMBERS] as const;
    for (const [name, nameAt] of strays) {
      if (Object.hasOwn(members, name)) continue;
      this.#refuseName(what, name, nameAt, members);
    }
    const item = { at, values, places };
    const isGood = this.mistakes.length === before;
    if (isRow) this.#readRow(item, isGood);
    else {
      this.#checkNames(item);
      this.#readEntry(item, isGood && this.mistakes.length === before);
    }
  }

  /** A row with a mistake may be one to skip: its interface is not missed. */
  #readRow(item: Item, isGood: boolean): void {
    const reason = skipReason(item.values);
    if (reason !== undefined) {
      if (this.#check(item, ROW_CHECKS) && isGood) this.skipped[reason]++;
      return;
    }
    // Those of its names that the entry leaves out
    const name = nameOf(item.values);
    const others = INTERFACE_CHECKS.filter(([other]) => other !== name);
    const areGood = this.#check(item, others);
    this.#readEntry(item, isGood && areGood, true);
  }

  /** Whether the members of an item are well, each for itself. */
  #check(item: Item, checks: readonly Check[]): boolean {
    let areGood = true;
    for (const [name, check] of checks) {
      try {
        check(item.values);
      } catch (error) {
        this.#take(item, name, error);
        areGood = false;
      }
    }
    return areGood;
  }

  /** Takes what a check threw for a mistake of the file. */
  #take({ at, places }: Item, name: string, error: unknown): void {
    if (!(error instanceof NeighborError)) throw error;
    this.#refuse(places[name] ?? at, error.message);
  }

  /** A pin that gives two names means one interface now and two tomorrow. */
  #checkNames({ at, values }: Item): void {
    const names = INTERFACE_MEMBERS.filter((name) => values[name] != null);
    if (names.length < 2) return;
    const message = "The pin names its interface more than once, by " +
      `${names.join(" and ")}: keep one`;
    this.#refuse(at, message);
  }

  /** Parses an entry; what has another mistake is no pin, but is read whole. */
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
      this.#take(item, "address", error);
    }
    return addressSkipReason(this.entries, position);
  }

  #refuseName(
    what: string,
    name: string,
    at: number,
    known: Readonly<Record<string, true>>,
  ): void {
    const members = Object.keys(known).join(", ");
    this.#refuse(
      at,
      `${what} has no member ${quote(name)}, it takes ${members}`,
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
    const words = MOST_MISTAKES.toLocaleString("en");
    this.mistakes.push({
      at,
      message: `Reading stops here, at the limit of ${words} mistakes`,
    });
    throw new TooMany();
  }
}
