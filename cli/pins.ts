/**
 * A pins file: which entries there shall be. What `neighbor list --json` prints
 * is one too, so that a list is a backup. Every mistake is told with its place,
 * and a file with one is not applied at all.
 *
 * @module
 */

import { parseAddress } from "../ffi/address.ts";
import { parseEntry } from "../ffi/entry.ts";
import { NeighborError, quote } from "../ffi/error.ts";
import { parseFilter } from "../ffi/filter.ts";
import type { Neighbor, NeighborEntry } from "../ffi/neighbor.ts";
import { groupOf } from "../ffi/plan.ts";
import {
  type JsonMember,
  JsonText,
  type JsonValue,
  type Place,
  type Problem,
} from "./json_text.ts";
import { refuseFile } from "./refusal.ts";

/** An entry there shall be, and where the file says so. */
export interface Pin {
  readonly entry: NeighborEntry;
  readonly place: Place;
}

/** How many rows of a listing were not made into pins, and why. */
export interface Skipped {
  readonly notPermanent: number;
  readonly noLinkLayerAddress: number;
  readonly multicast: number;
  readonly broadcast: number;
  readonly proxy: number;
}

/** What a file says. */
export interface PinsFile {
  readonly name: string;
  readonly pins: readonly Pin[];
  readonly skipped: Skipped;
  /** What will do, but not for long. */
  readonly warnings: readonly Problem[];
}

const PIN_MEMBERS: Readonly<Record<string, true>> = {
  address: true,
  linkLayerAddress: true,
  interfaceAlias: true,
  interfaceIndex: true,
  interfaceLuid: true,
  comment: true,
};

// A record, so that the compiler misses the member that is missing
const ROW_MEMBERS: Readonly<Record<keyof Neighbor | "comment", true>> = {
  address: true,
  family: true,
  interfaceIndex: true,
  interfaceLuid: true,
  interfaceAlias: true,
  linkLayerAddress: true,
  state: true,
  isRouter: true,
  isUnreachable: true,
  reachabilityTime: true,
  protocol: true,
  flags: true,
  comment: true,
};

const FILE_MEMBERS: Readonly<Record<string, true>> = {
  neighbors: true,
  $schema: true,
  comment: true,
};

/** Reads a pins file; `name` is what it is called in messages. */
export function parsePins(text: string, name: string): PinsFile {
  const reader = new Reader();
  const root = new JsonText(text).parse((problem) => reader.refuse(problem));
  if (root !== undefined) reader.readFile(root);
  const { problems, pins, skipped, warnings } = reader;
  if (problems.length > 0) throw refuseFile(name, problems);
  return { name, pins, skipped, warnings };
}

/** One pass over a file. */
class Reader {
  readonly pins: Pin[] = [];
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly skipped: { -readonly [Reason in keyof Skipped]: number } = {
    notPermanent: 0,
    noLinkLayerAddress: 0,
    multicast: 0,
    broadcast: 0,
    proxy: 0,
  };

  refuse(problem: Problem): void {
    this.problems.push(problem);
  }

  readFile(root: JsonValue): void {
    const items = root.items();
    if (items !== undefined) return this.#readItems(items);
    const members = root.members();
    if (members === undefined) {
      return this.refuse({
        ...root.place,
        message: `The file is ${root.kind}: it takes {"neighbors": […]}, ` +
          "or what neighbor list --json prints",
      });
    }
    const found = this.#named(members, FILE_MEMBERS, "A pins file");
    const neighbors = found.get("neighbors");
    if (neighbors === undefined) {
      return this.refuse({
        ...root.place,
        message: 'The file has no member "neighbors"',
      });
    }
    const list = neighbors.items();
    if (list !== undefined) return this.#readItems(list);
    this.refuse({
      ...neighbors.place,
      message: `The member "neighbors" takes an array, not ${neighbors.kind}`,
    });
  }

  #readItems(items: readonly JsonValue[]): void {
    for (const item of items) this.#readItem(item);
  }

  #readItem(item: JsonValue): void {
    const members = item.members();
    if (members === undefined) {
      return this.refuse({
        ...item.place,
        message: `A pin is an object, not ${item.kind}`,
      });
    }
    const before = this.problems.length;
    // Only what was listed says in which state it was
    const isRow = members.some(({ name }) => name.value === "state");
    const found = isRow
      ? this.#named(members, ROW_MEMBERS, "A row")
      : this.#named(members, PIN_MEMBERS, "A pin");
    if (this.problems.length > before) return;
    const given = Object.fromEntries(
      [...found].map(([name, { value }]) => [name, value]),
    );
    if (isRow && this.#isSkipped(item, found, given)) return;
    const names = isRow ? lastingName(given) : this.#oneName(item, given);
    if (names === undefined) return;
    const { address, linkLayerAddress } = given;
    this.#readEntry(item, found, { address, linkLayerAddress, ...names });
  }

  /** The members by name: each known, none twice. */
  #named(
    members: readonly JsonMember[],
    known: Readonly<Record<string, true>>,
    what: string,
  ): Map<string, JsonValue> {
    const found = new Map<string, JsonValue>();
    for (const { name, value } of members) {
      const text = String(name.value);
      if (!Object.hasOwn(known, text)) {
        const message = `${what} has no member ${quote(text)}`;
        this.refuse({ ...name.place, message });
      } else if (found.has(text)) {
        const message = `The member ${quote(text)} stands twice`;
        this.refuse({ ...name.place, message });
      } else found.set(text, value);
    }
    return found;
  }

  /** Whether a row is none to pin; one that is no row at all is refused. */
  #isSkipped(
    item: JsonValue,
    found: ReadonlyMap<string, JsonValue>,
    given: Given,
  ): boolean {
    const isRow = this.#check(found.get("state") ?? item, () => {
      parseFilter({ state: given.state as Neighbor["state"] });
    }) && this.#check(found.get("address") ?? item, () => {
      const { family } = parseAddress(String(given.address));
      if (given.family === undefined || given.family === family) return;
      throw new NeighborError("INVALID_PARAMETER", `It is of ${family}`);
    });
    const reason = isRow && skipReason(given);
    if (reason) this.skipped[reason]++;
    return !isRow || reason !== undefined;
  }

  /** A pin that gives two names means one interface now and two tomorrow. */
  #oneName(item: JsonValue, given: Given): Given | undefined {
    const names = ["interfaceLuid", "interfaceIndex", "interfaceAlias"]
      .filter((name) => given[name] != null);
    if (names.length > 1) {
      this.refuse({
        ...item.place,
        message: `The pin names its interface twice, by ` +
          `${names.join(" and ")}: keep one`,
      });
      return undefined;
    }
    const [name] = names;
    return name === undefined ? {} : { [name]: given[name] };
  }

  #readEntry(
    item: JsonValue,
    found: ReadonlyMap<string, JsonValue>,
    given: Given,
  ): void {
    const entry = given as unknown as NeighborEntry;
    try {
      parseEntry(entry);
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      const at = found.get(culprit(given)) ?? item;
      return this.refuse({ ...at.place, message: error.message });
    }
    const { place } = item;
    this.pins.push({ entry, place });
    const isIndex = given.interfaceIndex !== undefined ||
      /%[0-9]+$/.test(entry.address);
    if (!isIndex) return;
    this.warnings.push({
      ...(found.get("interfaceIndex") ?? item).place,
      message: "An interface index does not outlive a reboot or a re-enabled " +
        "adapter: name the interface by interfaceAlias or interfaceLuid",
    });
  }

  #check(at: JsonValue, check: () => void): boolean {
    try {
      check();
      return true;
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      this.refuse({ ...at.place, message: error.message });
      return false;
    }
  }
}

/** The members of an item, of whatever type. */
type Given = Readonly<Record<string, unknown>>;

/** Of a row's three names the one that lives longest. */
function lastingName(row: Given): Given {
  if (row.interfaceLuid != null) return { interfaceLuid: row.interfaceLuid };
  if (row.interfaceAlias != null) return { interfaceAlias: row.interfaceAlias };
  return { interfaceIndex: row.interfaceIndex };
}

function skipReason(row: Given): keyof Skipped | undefined {
  if (Array.isArray(row.flags) && row.flags.includes("proxy")) return "proxy";
  if (row.state !== "permanent") return "notPermanent";
  if (row.linkLayerAddress == null) return "noLinkLayerAddress";
  return groupOf({
    address: String(row.address),
    linkLayerAddress: String(row.linkLayerAddress),
  } as Neighbor) ?? undefined;
}

/** Which member an entry is refused for: the one without which it is not. */
function culprit(given: Given): string {
  const good = {
    address: "192.0.2.1",
    linkLayerAddress: "02:00:00:00:00:01",
    interfaceIndex: 1,
  };
  const { address, linkLayerAddress } = given;
  const isGood = (changed: Given) => {
    try {
      parseEntry({ ...good, ...changed } as unknown as NeighborEntry);
      return true;
    } catch {
      return false;
    }
  };
  if (!isGood({ address })) return "address";
  if (!isGood({ linkLayerAddress })) return "linkLayerAddress";
  return Object.keys(given).find((name) => name.startsWith("interface")) ?? "";
}
