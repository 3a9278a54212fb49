/**
 * The states and flags of the kernel's table, as numbers and as words. Windows
 * counts its states and Linux gives each a bit, so each has a table of its own.
 *
 * @module
 */

import type { NeighborFlag, NeighborState } from "../../types/neighbor.ts";
import {
  NTF_EXT_EXT_VALIDATED,
  NTF_EXT_LEARNED,
  NTF_EXT_MANAGED,
  NTF_OFFLOADED,
  NTF_PROXY,
  NUD_DELAY,
  NUD_FAILED,
  NUD_INCOMPLETE,
  NUD_NOARP,
  NUD_NONE,
  NUD_PERMANENT,
  NUD_PROBE,
  NUD_REACHABLE,
  NUD_STALE,
} from "./layout.ts";

/** What is sent: one bit each, chosen by this package. */
export const STATE_TO_NUD: Readonly<
  Record<"none" | "probe" | "permanent", number>
> = {
  none: NUD_NONE,
  probe: NUD_PROBE,
  permanent: NUD_PERMANENT,
};

/**
 * What is read, the highest bit first. The kernel keeps any number that an
 * administrator gave it and then tests bit by bit, so a row of several bits
 * acts by its highest, and has that name here.
 */
export const NUD_TO_STATE: readonly (readonly [number, NeighborState])[] = [
  [NUD_PERMANENT, "permanent"],
  [NUD_NOARP, "noarp"],
  [NUD_FAILED, "failed"],
  [NUD_PROBE, "probe"],
  [NUD_DELAY, "delay"],
  [NUD_STALE, "stale"],
  [NUD_REACHABLE, "reachable"],
  [NUD_INCOMPLETE, "incomplete"],
];

/** Every number a state can be, looked up once per row. */
export const STATES: readonly NeighborState[] = Array.from(
  { length: 256 },
  (_, nud) => NUD_TO_STATE.find(([bit]) => (nud & bit) !== 0)?.[1] ?? "none",
);

// Shared: most rows have none
const NO_FLAGS: readonly NeighborFlag[] = Object.freeze([]);

/** `NTF_*` and `NTF_EXT_*`; the router flag is a member of its own. */
export function decodeFlags(
  flags: number,
  extended: number,
): readonly NeighborFlag[] {
  const known = flags & (NTF_PROXY | NTF_EXT_LEARNED | NTF_OFFLOADED);
  if (known === 0 && extended === 0) return NO_FLAGS;
  const names: NeighborFlag[] = [];
  if (known & NTF_PROXY) names.push("proxy");
  if (known & NTF_EXT_LEARNED) names.push("extern_learn");
  if (known & NTF_OFFLOADED) names.push("offload");
  if (extended & NTF_EXT_MANAGED) names.push("managed");
  if (extended & NTF_EXT_EXT_VALIDATED) names.push("extern_valid");
  return names;
}
