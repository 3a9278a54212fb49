/**
 * `ip` as the witness: whether a report says of each entry what the kernel's
 * table says. Rows are known by the index of their device, because a name may
 * mean another device by the time the report is there.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { AppliedEntry } from "../../../mod.ts";
import { ip } from "./network.ts";

/** A row as `ip` prints it. */
export interface WitnessRow {
  readonly lladdr: string | null;
  /** `PERMANENT`, `NOARP`, or `LEARNT` for every other state. */
  readonly state: "PERMANENT" | "NOARP" | "LEARNT";
  /** `router`, `managed`, `extern_learn` and their like, sorted. */
  readonly flags: readonly string[];
  readonly protocol: string | null;
}

/** The tables of all devices at one time. */
export interface Snapshot {
  /** The index by name and by alternative name. */
  readonly devices: ReadonlyMap<string, number>;
  /** By index and address. */
  readonly rows: ReadonlyMap<string, WitnessRow>;
}

interface IpRow {
  readonly dst: string;
  readonly dev: string;
  readonly lladdr?: string;
  readonly state?: readonly string[];
  readonly protocol?: string;
}

const FLAGS = ["router", "managed", "extern_learn", "offload", "extern_valid"];

/** The current tables by `ip`; only for tables that do not change meanwhile. */
export function snapshot(): Snapshot {
  const devices = new Map<string, number>();
  const names = new Map<string, number>();
  for (const link of JSON.parse(ip("-d -j link show"))) {
    names.set(link.ifname, link.ifindex);
    for (const name of [link.ifname, ...link.altnames ?? []]) {
      devices.set(name, link.ifindex);
    }
  }
  const rows = new Map<string, WitnessRow>();
  // A dump may lose rows where the hash table, which is shared with other
  // namespaces, changes meanwhile
  for (let size = -1; size < rows.size;) {
    size = rows.size;
    for (const row of JSON.parse(ip("-d -j neigh show nud all"))) {
      if (isOfKernel(row)) continue;
      rows.set(`${names.get(row.dev)} ${row.dst}`, witnessed(row));
    }
  }
  return { devices, rows };
}

/** Whether the kernel creates and removes a row itself. */
function isOfKernel(row: IpRow): boolean {
  if (row.lladdr === undefined) return !("managed" in row);
  // Groups, and what is sent to the loopback device
  return /^(33:33|01:00:5e|00:00:00:00:00:00)/.test(row.lladdr) &&
    row.state?.[0] === "NOARP";
}

function witnessed(row: IpRow): WitnessRow {
  const state = row.state?.[0] ?? "NONE";
  return {
    lladdr: row.lladdr ?? null,
    state: state === "PERMANENT" || state === "NOARP" ? state : "LEARNT",
    flags: FLAGS.filter((flag) => flag in row),
    protocol: row.protocol ?? null,
  };
}

/** A row in words, without its age. */
export function inWords(row: WitnessRow | undefined): string {
  if (row === undefined) return "nothing";
  const { lladdr, state, flags, protocol } = row;
  const proto = protocol === null ? [] : [`proto ${protocol}`];
  return [lladdr ?? "-", state, ...flags, ...proto].join(" ");
}

/** The rows of a device in words, by address. */
export function rowsOf(
  { rows }: Snapshot,
  index: number,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [key, row] of rows) {
    const [of, address] = key.split(" ");
    if (Number(of) === index) found[address!] = inWords(row);
  }
  return found;
}

/** The index of the device of a name. */
export function indexOf({ devices }: Snapshot, name: string): number {
  const index = devices.get(name);
  assert(index !== undefined, `There is no ${name}`);
  return index;
}

/** The differences between the report and `ip`, in words. */
export function disagreements(
  entries: readonly AppliedEntry[],
  before: Snapshot,
  after: Snapshot,
): string[] {
  const found: string[] = [];
  const said = new Set<string>();
  const isThere = new Set(after.devices.values());
  for (const one of entries) {
    const key = keyOf(one.entry, before);
    const [index] = key.split(" ");
    said.add(key);
    const then = before.rows.get(key);
    const now = after.rows.get(key);
    const isGone = !isThere.has(Number(index));
    const complaint = isGone ? ofGone(one) : check(one, then, now);
    if (complaint === null) continue;
    found.push(
      `${key} is told as ${one.outcome}, ${complaint}: it was ` +
        `${inWords(then)}, it is ${inWords(now)}`,
    );
  }
  // Rows that the report does not name must be unchanged, on every device
  for (const key of new Set([...before.rows.keys(), ...after.rows.keys()])) {
    const [index] = key.split(" ");
    if (said.has(key) || !isThere.has(Number(index))) continue;
    const [then, now] = [before, after].map(({ rows }) =>
      inWords(rows.get(key))
    );
    if (then !== now) found.push(`${key}, untold: it was ${then}, is ${now}`);
  }
  return found;
}

/** By the former meaning of the names. */
function keyOf(entry: AppliedEntry["entry"], { devices }: Snapshot): string {
  const [address, zone] = entry.address.split("%");
  const name = entry.interfaceAlias ?? zone;
  const index = entry.interfaceIndex ?? devices.get(name ?? "") ?? "none";
  return `${index} ${address}`;
}

/** A removed device has no rows, and none is restored on it. */
function ofGone({ outcome, previous }: AppliedEntry): string | null {
  if (/^(created|changed|unchanged)$/.test(outcome)) return "on no device";
  const isBack = outcome === "restored" && previous !== null;
  return isBack ? "on no device" : null;
}

function check(
  { entry, outcome, previous }: AppliedEntry,
  then: WitnessRow | undefined,
  now: WitnessRow | undefined,
): string | null {
  const isAsWanted = now?.state === "PERMANENT" &&
    now.lladdr === entry.linkLayerAddress;
  const isAsBefore = inWords(now) === inWords(then);
  switch (outcome) {
    case "created":
      if (then !== undefined) return "but there was a row";
      return isAsWanted ? null : "but it is not as desired";
    case "changed":
      if (then === undefined && previous === null) return "but nothing was";
      if (isAsWanted && isAsBefore) return "but it was so";
      return isAsWanted ? null : "but it is not as desired";
    case "unchanged":
      if (!isAsWanted) return "but it is not as desired";
      return isAsBefore ? null : "but it has changed";
    case "removed":
      return now?.state === "PERMANENT" ? "but it is there" : null;
    case "restored":
    case "refused":
    case "untouched":
      return isAsBefore ? null : "but it is not as before";
    case "forgotten":
      return now === undefined ? null : "but it is there";
    case "foreign":
      if (isAsBefore) return "but it is as before";
      return isAsWanted ? "but it is as we wrote it" : null;
    case "lost":
      return isAsBefore ? "but it is as before" : null;
  }
}

/** Asserts that the report agrees with `ip`, for every entry and device. */
export function assertAgrees(
  { entries }: { readonly entries: readonly AppliedEntry[] },
  before: Snapshot,
  after: Snapshot = snapshot(),
): void {
  const found = disagreements(entries, before, after);
  assertEquals(
    found.slice(0, 5),
    [],
    `The report and ip disagree on ${found.length} of ${entries.length}`,
  );
}

/** Asserts that the tables of all present devices are unchanged. */
export function assertAsBefore(
  before: Snapshot,
  after: Snapshot = snapshot(),
): void {
  const found = disagreements([], before, after);
  assertEquals(found.slice(0, 5), [], `${found.length} rows are not as before`);
}

/** The number of entries by outcome. */
export function outcomes(
  { entries }: { readonly entries: readonly AppliedEntry[] },
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of entries) {
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}
