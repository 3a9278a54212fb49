/**
 * Parses the options of a watch. Pure.
 *
 * @module
 */

import { invalid, quote } from "../types/error.ts";
import type { WatchOptions } from "../types/watch.ts";
import { describe } from "./describe.ts";
import { attachEntry, checkPlain } from "./entry.ts";
import { type ParsedFilter, parseFilter } from "./filter.ts";

/** Milliseconds between two readings where the system sends no events. */
export const DEFAULT_INTERVAL = 1000;
const LEAST_INTERVAL = 10;
/** `setTimeout` treats a longer delay as 1 ms. */
const MOST_INTERVAL = 0x7fff_ffff;

const MEMBERS: ReadonlySet<string> = new Set<keyof WatchOptions>([
  "signal",
  "filter",
  "interval",
  "initial",
]);

/** Validated options. */
export interface ParsedWatch {
  readonly signal: AbortSignal | undefined;
  readonly filter: ParsedFilter;
  readonly interval: number;
  readonly initial: boolean;
}

/** Validates the options of a watch. */
export function parseWatch(options: WatchOptions): ParsedWatch {
  try {
    return readWatch(options);
  } catch (error) {
    throw attachEntry(error, options);
  }
}

function readWatch(options: WatchOptions): ParsedWatch {
  checkPlain("options", options);
  for (const member of Object.keys(options)) {
    // A member of the filter at this level would be ignored and widen the watch
    if (!MEMBERS.has(member)) {
      throw invalid(`A watch has no option ${quote(member)}`);
    }
  }
  const { signal, filter = {}, interval = DEFAULT_INTERVAL, initial = true } =
    options;
  const parsed = parseFilter(filter);
  if (parsed.isProxyGiven) {
    throw invalid("Proxy entries cannot be watched");
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalid(`The signal takes an AbortSignal, not ${describe(signal)}`);
  }
  if (
    !Number.isInteger(interval) || interval < LEAST_INTERVAL ||
    interval > MOST_INTERVAL
  ) {
    throw invalid(
      `The interval ${show(interval)} is not a whole number of ` +
        `milliseconds from ${LEAST_INTERVAL} to ${MOST_INTERVAL}`,
    );
  }
  if (typeof initial !== "boolean") {
    throw invalid("The option initial takes true or false");
  }
  return { signal, filter: parsed, interval, initial };
}

function show(interval: unknown): string {
  return typeof interval === "number" ? `${interval}` : describe(interval);
}
