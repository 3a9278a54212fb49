/**
 * Gives the interface of a pin or a row the name that it has on this computer.
 *
 * @module
 */

import { quote } from "../../ffi/types/error.ts";
import { InterfaceMap, namesOfZone } from "../interface_map.ts";
import type { Edit, Item } from "./item.ts";
import { INTERFACE_MEMBERS, nameOf } from "./rules.ts";

/** What the values of `--map` do to the items of a file. */
export interface Renames {
  readonly edit: Edit;
  /** Refuses an OLD that the file does not have, or a NEW that it has. */
  check(file: string): void;
}

/** The renames of the values of `--map`. */
export function renamesOf(words: readonly string[]): Renames {
  const map = new InterfaceMap(words);
  return {
    edit: (item) => renameInterface(map, item),
    check: (file) => map.check(file),
  };
}

/**
 * Renames the interface of an item, by its members and by the zone of its
 * address. Returns the mistake where one of the two is mapped and the other is
 * not.
 */
function renameInterface(
  map: InterfaceMap,
  { at, values, places }: Item,
): string | undefined {
  const before = nameOf(values);
  const named = before === undefined ? undefined : map.renamed(values);
  const { address } = values;
  const percent = typeof address === "string" ? address.indexOf("%") : -1;
  const zone = percent < 0 ? "" : (address as string).slice(percent + 1);
  const zoned = percent < 0 ? undefined : map.renamed(namesOfZone(zone));
  if (named === undefined && zoned === undefined) return undefined;
  const isOne = before === undefined || percent < 0 ||
    named !== undefined && zoned !== undefined &&
      JSON.stringify(named) === JSON.stringify(zoned);
  if (!isOne) {
    return `Of the interface and the zone of ${quote(String(address))} one ` +
      "is mapped by --map and the other is not, or to another interface";
  }
  const nameAt = before === undefined ? places.address : places[before];
  for (const name of INTERFACE_MEMBERS) delete values[name];
  Object.assign(values, named ?? zoned);
  places[nameOf(values)!] = nameAt ?? at;
  if (percent >= 0) values.address = (address as string).slice(0, percent);
  return undefined;
}
