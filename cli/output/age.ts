/**
 * Formats how long ago a neighbor was last confirmed, or failed.
 *
 * @module
 */

import type { Neighbor, NeighborState } from "../../ffi/types/neighbor.ts";

/** The states whose `reachabilityTime` is such a time on Linux. */
const TIMED: ReadonlySet<NeighborState> = new Set(
  ["reachable", "stale", "delay", "probe", "failed"] as const,
);

const UNITS = [["d", 86_400], ["h", 3600], ["m", 60], ["s", 1]] as const;

/**
 * The age of a row in its two largest units, `2h5m`; `null` for none. Microsoft
 * describes `ReachabilityTime` as how long a neighbor counts as reachable, so a
 * row of Windows has no age.
 */
export function ageOf(
  { state, reachabilityTime, interfaceLuid }: Neighbor,
): string | null {
  if (interfaceLuid !== null || reachabilityTime === null) return null;
  if (!TIMED.has(state)) return null;
  const seconds = Math.floor(reachabilityTime / 1000);
  const at = UNITS.findIndex(([, length]) => seconds >= length);
  if (at < 0) return "0s";
  const [unit, length] = UNITS[at]!;
  const first = `${Math.floor(seconds / length)}${unit}`;
  const next = UNITS[at + 1];
  const rest = next && Math.floor(seconds % length / next[1]);
  return rest ? `${first}${rest}${next[0]}` : first;
}
