/**
 * What `ip -j neigh` of iproute2 prints: JSON.
 *
 * @module
 */

import { JsonError, JsonReader, KIND_WORDS } from "../pins/json_reader.ts";
import { Lines } from "../pins/lines.ts";
import type { Format } from "./format.ts";
import { type Item, readRow, refused, type RowState, STATES } from "./item.ts";

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
  // With -br there is none
  const known = state === undefined ? "unknown" : readStates(state);
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
