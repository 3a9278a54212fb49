/**
 * Looks up the interfaces that entries name, each once per operation. After
 * that an entry is addressed by the key of its interface, never by the name
 * again: the name may come to mean another interface.
 *
 * @module
 */

import type { Backend } from "./backend.ts";
import type { BoundInterface } from "./bound_interface.ts";
import {
  DELETE,
  describeInterface,
  type EntryList,
  type ParsedInterface,
} from "./entry_list.ts";
import type { ParsedFilter } from "./parse/filter.ts";
import { invalid, NeighborError, withEntry } from "./types/error.ts";

/**
 * Looks up every interface of a list that is not bound yet, and keeps the
 * errors of those that cannot be bound.
 */
export function bindAll(backend: Backend, entries: EntryList): void {
  const { interfaces, bound, unbound } = entries;
  const open = interfaces.flatMap((_, number) =>
    bound[number] === undefined && !unbound.has(number) ? [number] : []
  );
  if (open.length === 0) return;
  const found = backend.bind(
    open.map((number) => interfaces[number]!),
    undefined,
  );
  open.forEach((number, i) => {
    const one = found[i]!;
    if (one instanceof NeighborError) unbound.set(number, one);
    else bound[number] = one;
  });
}

/** Looks up the interface of the only entry of a list. */
export function bindOne(backend: Backend, entries: EntryList): void {
  bindAll(backend, entries);
  const error = bindingError(entries, 0);
  if (error !== undefined) throw error;
}

/** Looks up one interface. */
export function bindInterface(
  backend: Backend,
  named: ParsedInterface,
  given: unknown,
): BoundInterface {
  const [found] = backend.bind([named], given);
  if (found instanceof NeighborError) throw found;
  return found!;
}

/** The interface of a filter; `null` for every interface. */
export function bindFilter(
  backend: Backend,
  filter: ParsedFilter,
): BoundInterface | null {
  checkFilter(backend, filter);
  const { interface: named, given } = filter;
  return named && bindInterface(backend, named, given);
}

/** Refuses a filter by what no row of the system can have. */
export function checkFilter(
  { hasProtocols, hasProxies }: Backend,
  { protocol, proxy, given }: ParsedFilter,
): void {
  const what = protocol !== null && !hasProtocols
    ? `There is no entry with the protocol ${protocol}: only Linux keeps one`
    : proxy && !hasProxies
    ? "There are no proxy entries: only Linux has them"
    : undefined;
  if (what === undefined) return;
  throw new NeighborError("NOT_SUPPORTED", what, { entry: given });
}

/**
 * Why an entry has no interface: the interface does not exist, or the zone of
 * its address means another one.
 */
export function bindingError(
  entries: EntryList,
  position: number,
): NeighborError | undefined {
  // Most lists have neither
  if (entries.unbound.size === 0 && entries.zones.size === 0) return undefined;
  const given = entries.given[position];
  const zone = entries.zones.get(position);
  const number = entries.interfaceOf[position]!;
  if (entries.unbound.size > 0) {
    const error = entries.unbound.get(number) ??
      entries.unbound.get(zone ?? number);
    if (error !== undefined) return withEntry(error, given);
  }
  if (zone === undefined) return undefined;
  if (entries.bound[zone]!.key === entries.bound[number]!.key) return undefined;
  return invalid(
    `The zone of the address means ${
      describeInterface(entries.interfaces[zone]!)
    }, the entry ${describeInterface(entries.named(position))}`,
    given,
  );
}

/** Refuses an entry that cannot be bound, or breaks a rule of its interface. */
export function checkEntry(
  backend: Backend,
  entries: EntryList,
  position: number,
): void {
  const error = bindingError(entries, position) ??
    ruleError(backend, entries, position);
  if (error !== undefined) entries.fail(position, error);
}

/**
 * The error for a link-layer address of another length than its interface takes;
 * `own` is 0 where it takes none.
 */
export function lengthError(
  entries: EntryList,
  position: number,
  own: number,
): NeighborError {
  const length = entries.linkLayerLengths[position]!;
  const octets = length === 1 ? "1 octet" : `${length} octets`;
  return new NeighborError(
    "INVALID_PARAMETER",
    `The link-layer address "${entries.linkLayerAddress(position)}" has ` +
      `${octets}, ${describeInterface(entries.named(position))} takes ` +
      `${own || "none"}`,
    { entry: entries.given[position], member: "linkLayerAddress" },
  );
}

/** The error of an entry with a protocol, where the system has none. */
export function protocolError(
  { hasProtocols }: Backend,
  entries: EntryList,
  position: number,
): NeighborError | undefined {
  if (hasProtocols || entries.protocols[position] === 0) return undefined;
  return new NeighborError(
    "NOT_SUPPORTED",
    `Cannot write ${entries.describe(position)} with the protocol ` +
      `${entries.protocols[position]}: only Linux keeps one`,
    { entry: entries.given[position], member: "protocol" },
  );
}

/** The rule of its interface that an entry breaks. */
export function ruleError(
  backend: Backend,
  entries: EntryList,
  position: number,
): NeighborError | undefined {
  if (entries.verbs[position] === DELETE) return undefined;
  const error = protocolError(backend, entries, position);
  if (error !== undefined) return error;
  try {
    backend.check(entries, position);
  } catch (error) {
    if (error instanceof NeighborError) return error;
    throw error;
  }
}
