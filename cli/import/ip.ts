/**
 * What `ip neigh` of iproute2 and of busybox prints as text, and as JSON
 * (`ip -j neigh`).
 *
 * @module
 */

import { JsonError, JsonReader, KIND_WORDS } from "../pins/json_reader.ts";
import { Lines } from "../pins/lines.ts";
import { quote } from "../../ffi/types/error.ts";
import {
  type Format,
  lineFormat,
  looksLikeAddress,
  wordsOf,
} from "./format.ts";
import { type Item, readRow, refused, type RowState, STATES } from "./item.ts";

/** Words of a row that take no value and say nothing about a pin. */
const BARE = new Set(["router", "extern_learn", "offload", "managed"]);

/** Words that take a value which says nothing about a pin. */
const WITH_VALUE = new Set(["ref", "used", "probes"]);

/** What the words of a row or of a command give, apart from its address. */
export interface IpWords {
  dev?: string;
  lladdr?: string;
  state?: RowState;
  protocol?: string;
}

/** Words that take a value which a pin has. */
const MEMBERS: ReadonlyMap<string, "dev" | "lladdr" | "protocol"> = new Map([
  ["dev", "dev"],
  ["lladdr", "lladdr"],
  ["proto", "protocol"],
  ["protocol", "protocol"],
]);

/** `ip neigh`, with or without `-s`, and `ip neigh show dev IF`. */
export const ip: Format = lineFormat(() => ({ line, text }) => {
  const [address, ...words] = wordsOf(text);
  if (!looksLikeAddress(address!)) {
    return refused(line, `${quote(address!)} is no address`);
  }
  const row: IpWords = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const state = STATES.get(word.toLowerCase());
    const member = MEMBERS.get(word);
    if (member !== undefined) {
      const value = words[++at];
      if (value === undefined || row[member] !== undefined) {
        return refused(line, `${quote(word)} has no value, or stands twice`);
      }
      row[member] = value;
    } else if (word === "proxy") row.state = "proxy";
    else if (state !== undefined && word === word.toUpperCase()) {
      row.state ??= state;
    } else if (WITH_VALUE.has(word)) {
      at++;
      // iproute2 prints no blank between the times of "used" and "probes"
      if (words[at]?.endsWith("probes")) at++;
    } else if (!BARE.has(word)) {
      return refused(line, `${quote(word)} is no word of ip neigh`);
    }
  }
  const { dev, lladdr, state, protocol } = row;
  if (state === undefined) return refused(line, "The row has no state");
  return readRow({
    ...{ line, address: address!, linkLayerAddress: lladdr, state, protocol },
    ...(dev !== undefined && { names: { interfaceAlias: dev } }),
  });
});

/** `ip -j neigh`. */
export const ipJson: Format = {
  read: (text) => readObjects(text, readIpObject),
};

function readIpObject(
  row: Readonly<Record<string, unknown>>,
  line: number,
): Item {
  const { dst, dev, lladdr, state, protocol } = row;
  if (typeof dst !== "string") return refused(line, 'The row has no "dst"');
  if (lladdr !== undefined && typeof lladdr !== "string") {
    return refused(line, 'The member "lladdr" takes text');
  }
  if (dev !== undefined && typeof dev !== "string") {
    return refused(line, 'The member "dev" takes text');
  }
  if (protocol !== undefined && typeof protocol !== "string") {
    return refused(line, 'The member "protocol" takes text');
  }
  const known = readStates(state);
  if (Object.hasOwn(row, "proxy")) {
    const linkLayerAddress = undefined;
    return readRow({ line, address: dst, linkLayerAddress, state: "proxy" });
  }
  if (known === undefined) {
    return refused(line, 'The member "state" is none that ip neigh prints');
  }
  return readRow({
    ...{ line, address: dst, linkLayerAddress: lladdr, state: known, protocol },
    ...(dev !== undefined && { names: { interfaceAlias: dev } }),
  });
}

/** The state of a list of words, of which ip prints one. */
function readStates(state: unknown): RowState | undefined {
  if (!Array.isArray(state)) return undefined;
  const [word] = state;
  return typeof word === "string" && word === word.toUpperCase()
    ? STATES.get(word.toLowerCase())
    : undefined;
}

/** Reads an array of objects, or one object, of JSON. */
export function* readObjects(
  text: string,
  read: (row: Readonly<Record<string, unknown>>, line: number) => Item,
): Generator<Item> {
  // Programs that have no row print nothing, or an empty array
  if (text.trim() === "") return;
  const lines = new Lines(text);
  const json = new JsonReader(text);
  const items: Item[] = [];
  const readItem = () => {
    const kind = json.kind();
    const { line, column } = lines.placeOf(json.at);
    const value = json.value();
    const item = kind === "object"
      ? read(value as Record<string, unknown>, line)
      : refused(line, `A row is an object, not ${KIND_WORDS[kind]}`);
    items.push({ ...item, column });
  };
  try {
    if (json.kind() === "array") json.items(readItem);
    else readItem();
    json.end();
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { line, column } = lines.placeOf(error.at);
    items.push({ ...refused(line, error.message), column });
  }
  yield* items;
}
