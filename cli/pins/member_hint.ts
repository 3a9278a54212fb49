/**
 * Finds the member that a misspelt or foreign one was meant to be. Pure.
 *
 * @module
 */

import { nearest } from "../nearest.ts";

/** What other programs call the members. */
const FOREIGN: Readonly<Record<string, string>> = {
  dev: "interfaceAlias",
  device: "interfaceAlias",
  dst: "address",
  hwaddr: "linkLayerAddress",
  ifindex: "interfaceIndex",
  ifname: "interfaceAlias",
  interface: "interfaceAlias",
  ip: "address",
  ipaddress: "address",
  lladdr: "linkLayerAddress",
  mac: "linkLayerAddress",
  macaddress: "linkLayerAddress",
  proto: "protocol",
};

/** A hint costs 50 µs, and a file may have a million names: the first get one. */
const MOST_HINTS = 64;

/** The hints of one file. */
export class MemberHints {
  readonly #hints = new Map<string, string>();

  /** A phrase that names the member, or nothing where none is near. */
  of(name: string, known: ReadonlySet<string>): string {
    const hint = this.#hints.get(name);
    if (hint !== undefined) return hint;
    if (this.#hints.size === MOST_HINTS) return "";
    const made = memberHint(name, known);
    this.#hints.set(name, made);
    return made;
  }
}

/** The same, of one name. */
export function memberHint(
  name: string,
  known: ReadonlySet<string>,
): string {
  // A name may be as long as the file
  if (name.length > 40) return "";
  const plain = name.toLowerCase().replaceAll(/[_-]/g, "");
  const foreign = Object.hasOwn(FOREIGN, plain) ? FOREIGN[plain] : undefined;
  const meant = foreign ?? nearestMember(plain, [...known]);
  if (meant === undefined || !known.has(meant)) return "";
  return ` (did you mean ${JSON.stringify(meant)}?)`;
}

function nearestMember(
  plain: string,
  members: readonly string[],
): string | undefined {
  const near = nearest(plain, members.map((member) => member.toLowerCase()));
  return members.find((member) => member.toLowerCase() === near);
}
