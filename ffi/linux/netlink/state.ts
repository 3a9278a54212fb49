/**
 * Converts the states and flags of the kernel between numbers and names. Linux
 * gives each state a bit, whereas Windows numbers them.
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

/** The states that this package writes. */
export const STATE_TO_NUD: Readonly<
  Record<"none" | "probe" | "permanent", number>
> = {
  none: NUD_NONE,
  probe: NUD_PROBE,
  permanent: NUD_PERMANENT,
};

/**
 * The states that are read, the highest bit first. The kernel stores any number
 * an administrator wrote, and tests it bit by bit. So a row with several bits
 * behaves by the highest, and has the name of that one.
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

/** The name of every possible number, for one look-up per row. */
export const STATES: readonly NeighborState[] = Array.from(
  { length: 256 },
  (_, nud) => NUD_TO_STATE.find(([bit]) => (nud & bit) !== 0)?.[1] ?? "none",
);

// Shared, because most rows have none
const NO_FLAGS: readonly NeighborFlag[] = Object.freeze([]);

/** Names `NTF_*` and `NTF_EXT_*`, except the router flag. */
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
