/**
 * Processor time, which other programs on the computer do not lengthen much.
 *
 * @module
 */

import process from "node:process";

/** The milliseconds of processor time that a function takes. */
export function cpuMilliseconds(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
