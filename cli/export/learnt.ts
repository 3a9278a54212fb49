/**
 * The warnings of an export that takes learnt entries. Pure.
 *
 * @module
 */

import { counted } from "../output/count.ts";
import { type ExportEntry, interfaceText, interfaceWords } from "./entry.ts";

/** The most link-layer addresses that are named. */
const MOST_NAMED = 10;
/** The most addresses that are named of each. */
const MOST_ADDRESSES = 3;

/**
 * Warns that learnt entries become permanent, and names each link-layer address
 * that several addresses of one family have on one interface: so has a router
 * with several addresses, and so has a computer that poisons the table.
 */
export function learntWarnings(entries: readonly ExportEntry[]): string[] {
  const learnt = entries.filter(({ state }) => state !== "permanent").length;
  if (learnt === 0) return [];
  const are = counted(
    learnt,
    "entry was learnt, and becomes",
    "entries were learnt, and become",
  );
  const shared = sharedAddresses(entries);
  const rest = shared.length - MOST_NAMED;
  return [
    `${are} permanent where this is applied, forged or not`,
    ...shared.slice(0, MOST_NAMED).map(describe),
    ...rest > 0
      ? [
        "and " + counted(
          rest,
          "more such link-layer address",
          "more such link-layer addresses",
        ),
      ]
      : [],
  ];
}

/** The entries of each link-layer address that has several, most first. */
function sharedAddresses(
  entries: readonly ExportEntry[],
): readonly ExportEntry[][] {
  const groups = new Map<string, ExportEntry[]>();
  for (const entry of entries) {
    const key = `${interfaceText(entry)}\0${entry.family}\0` +
      entry.linkLayerAddress;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return [...groups.values()].filter((group) => group.length > 1)
    .sort((a, b) => b.length - a.length);
}

function describe(group: readonly ExportEntry[]): string {
  const [first] = group;
  const family = first!.family === "ipv4" ? "IPv4" : "IPv6";
  const names = group.slice(0, MOST_ADDRESSES).map(({ address }) => address);
  const rest = group.length - names.length;
  const more = rest > 0 ? `, and ${rest} more` : "";
  return `${first!.linkLayerAddress} has ${group.length} ${family} addresses ` +
    `on ${interfaceWords(first!)}: ${names.join(", ")}${more}`;
}
