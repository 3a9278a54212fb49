/**
 * A pins file: the desired entries. What `neighbor list --json` prints is one
 * too, so a list is a backup. One pass finds every mistake that the text alone
 * tells; only broken syntax hides what stands behind it.
 *
 * @module
 */

import { parseInterface } from "../../ffi/parse/entry.ts";
import {
  type EntryMember,
  NeighborError,
  quote,
} from "../../ffi/types/error.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import { JsonError, JsonReader, KIND_WORDS } from "./json_reader.ts";
import { Lines, type Place, type Problem } from "./lines.ts";
import {
  type Check,
  entryOf,
  FILE_MEMBERS,
  INTERFACE_MEMBERS,
  PIN_CHECKS,
  PIN_MEMBERS,
  ROW_CHECKS,
  ROW_MEMBERS,
  type SkipReason,
  skipReason,
} from "./rules.ts";

/** A desired entry, and the offsets in the text of what it is made of. */
export interface Pin {
  readonly entry: NeighborEntry;
  /** It was listed, not written by hand: what cannot be restored is skipped. */
  readonly isRow: boolean;
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
  readonly pins: readonly Pin[];
  readonly skipped: Skipped;
  /** What is accepted, but does not last. */
  readonly warnings: readonly Problem[];
  /** What is wrong, in the order of the file; the pins are the others. */
  readonly problems: readonly Problem[];
  /** Where a pin stands, or one member of it. */
  placeOf(pin: Pin, member?: EntryMember): Place;
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
    pins: reader.pins,
    skipped: reader.skipped,
    warnings: reader.warnings.map(problemOf),
    problems: reader.mistakes.sort((a, b) => a.at - b.at).map(problemOf),
    placeOf: (pin, member) => lines.placeOf(offsetOf(pin, member)),
  };
}

function offsetOf(pin: Pin, member: EntryMember | undefined): number {
  switch (member) {
    case undefined:
      return pin.at;
    case "address":
    case "linkLayerAddress":
      return pin[`${member}At`];
    default:
      return pin.interfaceAt;
  }
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

/** Thrown where so many mistakes were found that reading on is of no use. */
class TooMany extends Error {}

/** One pass over a text. */
class Reader {
  readonly #json: JsonReader;
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
    this.#check(item, isRow ? ROW_CHECKS : PIN_CHECKS);
    if (!isRow) this.#checkNames(item);
    // A row with a mistake may be one to skip: its interface is not missed
    if (isRow && this.mistakes.length > before) return;
    const reason = isRow ? skipReason(values) : undefined;
    if (reason !== undefined) this.skipped[reason]++;
    else this.#readEntry(item, isRow, before);
  }

  #check({ at, values, places }: Item, checks: readonly Check[]): void {
    for (const [name, check] of checks) {
      try {
        check(values);
      } catch (error) {
        if (!(error instanceof NeighborError)) throw error;
        this.#refuse(places[name] ?? at, error.message);
      }
    }
  }

  /** A pin that gives two names means one interface now and two tomorrow. */
  #checkNames({ at, values }: Item): void {
    const names = INTERFACE_MEMBERS.filter((name) => values[name] != null);
    if (names.length < 2) return;
    const message = "The pin names its interface more than once, by " +
      `${names.join(" and ")}: keep one`;
    this.#refuse(at, message);
  }

  #readEntry(item: Item, isRow: boolean, before: number): void {
    const { at, places, values: { address } } = item;
    const entry = entryOf(item.values);
    const name = INTERFACE_MEMBERS.find((one) => item.values[one] != null);
    const isZoned = typeof address === "string" && address.includes("%");
    const isGood = this.mistakes.length === before;
    if (
      !isZoned && (name === undefined || isGood && !parseInterface(entry))
    ) {
      return this.#refuse(
        at,
        "No interface given: name it by interfaceAlias, interfaceLuid or " +
          "interfaceIndex",
      );
    }
    if (!isGood) return;
    const interfaceAt = places[name ?? "address"] ?? at;
    this.pins.push({
      entry,
      isRow,
      at,
      addressAt: places.address ?? at,
      linkLayerAddressAt: places.linkLayerAddress ?? at,
      interfaceAt,
    });
    if (name !== "interfaceIndex" && !/%[0-9]+$/.test(entry.address)) return;
    this.warnings.push({
      at: name === "interfaceIndex" ? interfaceAt : at,
      message: "An interface index does not outlive a reboot or a re-enabled " +
        "adapter: name the interface by interfaceAlias or interfaceLuid",
    });
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
