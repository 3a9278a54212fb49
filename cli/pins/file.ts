/**
 * A pins file: which entries there shall be. What `neighbor list --json` prints
 * is one too, so that a list is a backup. Every mistake is told with its place,
 * and a file with one is not applied at all.
 *
 * @module
 */

import { parseEntry } from "../../ffi/parse/entry.ts";
import { NeighborError, quote } from "../../ffi/types/error.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import {
  type JsonMember,
  JsonText,
  type JsonValue,
  type Place,
  type Problem,
} from "./json_text.ts";
import {
  culprit,
  entryOf,
  FILE_MEMBERS,
  type Given,
  PIN_MEMBERS,
  ROW_CHECKS,
  ROW_MEMBERS,
  type SkipReason,
  skipReason,
} from "./rules.ts";
import { refuseFile } from "../output/refusal.ts";

/** An entry there shall be, and where the file says so. */
export interface Pin {
  readonly entry: NeighborEntry;
  readonly place: Place;
}

/** How many rows of a listing were not made into pins, and why. */
export type Skipped = Readonly<Record<SkipReason, number>>;

/** What a file says. */
export interface PinsFile {
  readonly name: string;
  readonly pins: readonly Pin[];
  readonly skipped: Skipped;
  /** What will do, but not for long. */
  readonly warnings: readonly Problem[];
}

/** Reads a pins file; `name` is what it is called in messages. */
export function parsePins(text: string, name: string): PinsFile {
  const reader = new Reader();
  const { problems, pins, skipped, warnings } = reader;
  const root = new JsonText(text).parse((problem) => problems.push(problem));
  if (root !== undefined) reader.readFile(root);
  if (problems.length > 0) throw refuseFile(name, problems);
  return { name, pins, skipped, warnings };
}

/** The members of an object by name. */
type Members = ReadonlyMap<string, JsonValue>;

/** One pass over a file. */
class Reader {
  readonly pins: Pin[] = [];
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly skipped: Record<SkipReason, number> = {
    notPermanent: 0,
    noLinkLayerAddress: 0,
    multicast: 0,
    broadcast: 0,
    proxy: 0,
  };

  readFile(root: JsonValue): void {
    const items = root.items();
    if (items !== undefined) return items.forEach((one) => this.#readItem(one));
    const members = root.members();
    if (members === undefined) {
      return this.#refuse(
        root,
        `The file is ${root.kind}: it takes {"neighbors": […]}, or what ` +
          "neighbor list --json prints",
      );
    }
    const neighbors = this.#named(members, FILE_MEMBERS, "A pins file")
      .get("neighbors");
    if (neighbors === undefined) {
      // Perhaps it is misspelt, and that was told
      if (this.problems.length > 0) return;
      return this.#refuse(root, 'The file has no member "neighbors"');
    }
    const list = neighbors.items();
    if (list !== undefined) return list.forEach((one) => this.#readItem(one));
    const message = `The member "neighbors" takes an array, ` +
      `not ${neighbors.kind}`;
    this.#refuse(neighbors, message);
  }

  #readItem(item: JsonValue): void {
    const members = item.members();
    if (members === undefined) {
      return this.#refuse(item, `A pin is an object, not ${item.kind}`);
    }
    const before = this.problems.length;
    // Only what was listed says in which state it was
    const isRow = members.some(({ name }) => name.value === "state");
    const found = isRow
      ? this.#named(members, ROW_MEMBERS, "A row")
      : this.#named(members, PIN_MEMBERS, "A pin");
    const given = Object.fromEntries(
      found.entries().map(([name, { value }]) => [name, value]),
    );
    if (isRow) this.#checkRow(item, found, given);
    else this.#checkNames(item, given);
    if (this.problems.length > before) return;
    const reason = isRow ? skipReason(given) : undefined;
    if (reason !== undefined) this.skipped[reason]++;
    else this.#readEntry(item, found, entryOf(given));
  }

  /** The members by name: each known, none twice. */
  #named(
    members: readonly JsonMember[],
    known: Readonly<Record<string, true>>,
    what: string,
  ): Members {
    const found = new Map<string, JsonValue>();
    for (const { name, value } of members) {
      const text = String(name.value);
      if (!Object.hasOwn(known, text)) {
        const members = Object.keys(known).join(", ");
        this.#refuse(
          name,
          `${what} has no member ${quote(text)}, it takes ${members}`,
        );
      } else if (found.has(text)) {
        this.#refuse(name, `The member ${quote(text)} stands twice`);
      } else found.set(text, value);
    }
    return found;
  }

  /** One that is skipped is to be a row all the same. */
  #checkRow(item: JsonValue, found: Members, given: Given): void {
    for (const [name, check] of ROW_CHECKS) {
      try {
        check(given);
      } catch (error) {
        return this.#take(found.get(name) ?? item, error);
      }
    }
  }

  /** A pin that gives two names means one interface now and two tomorrow. */
  #checkNames(item: JsonValue, given: Given): void {
    const names = ["interfaceLuid", "interfaceIndex", "interfaceAlias"]
      .filter((name) => given[name] != null);
    if (names.length < 2) return;
    const message = "The pin names its interface more than once, by " +
      `${names.join(" and ")}: keep one`;
    this.#refuse(item, message);
  }

  #readEntry(item: JsonValue, found: Members, entry: NeighborEntry): void {
    try {
      parseEntry(entry);
    } catch (error) {
      return this.#take(found.get(culprit(entry)) ?? item, error);
    }
    this.pins.push({ entry, place: item.place });
    const isIndex = entry.interfaceIndex != null ||
      /%[0-9]+$/.test(entry.address);
    if (!isIndex) return;
    const { place } = found.get("interfaceIndex") ?? item;
    this.warnings.push({
      ...place,
      message: "An interface index does not outlive a reboot or a re-enabled " +
        "adapter: name the interface by interfaceAlias or interfaceLuid",
    });
  }

  /** Takes what a check threw for a mistake of the file. */
  #take(at: JsonValue, error: unknown): void {
    if (!(error instanceof NeighborError)) throw error;
    this.#refuse(at, error.message);
  }

  #refuse({ place }: JsonValue, message: string): void {
    this.problems.push({ ...place, message });
  }
}
