/**
 * Validates the options of resolving. Pure.
 *
 * @module
 */

import { matchSubnets } from "@std/net/unstable-ip";
import type { ResolveRequest } from "../backend.ts";
import type { EntryList } from "../entry_list.ts";
import type { ResolveOptions } from "../types/change.ts";
import { invalid, quote } from "../types/error.ts";
import { formatAddress, parseAddress } from "./address.ts";
import { describe } from "./describe.ts";
import { attachEntry } from "./entry.ts";
import { checkOptions } from "./options.ts";

/**
 * Milliseconds: ARP and neighbor discovery give up after about three seconds.
 */
const DEFAULT_TIMEOUT = 5000;
/** `setTimeout` treats a longer delay as 1 ms. */
const MOST_TIMEOUT = 0x7fff_ffff;

/** Validates the options, for the first entry of the list. */
export function parseResolve(
  options: ResolveOptions,
  entries: EntryList,
): ResolveRequest {
  try {
    const { signal, sourceAddress, timeout = DEFAULT_TIMEOUT } = checkOptions(
      options,
      OPTIONS,
    );
    if (!Number.isInteger(timeout) || timeout < 1 || timeout > MOST_TIMEOUT) {
      throw invalid(
        `The timeout ${describe(timeout)} is not a whole number of ` +
          `milliseconds from 1 to ${MOST_TIMEOUT}`,
      );
    }
    return { source: readSource(sourceAddress, entries), timeout, signal };
  } catch (error) {
    throw attachEntry(error, entries.given[0]);
  }
}

const OPTIONS = {
  signal: "signal",
  sourceAddress: "any",
  timeout: "any",
} as const;

/** By the number of octets of an address. */
const MULTICAST: Readonly<Record<number, string>> = {
  4: "224.0.0.0/4",
  16: "ff00::/8",
};

function readSource(text: unknown, entries: EntryList): Uint8Array | null {
  if (text === undefined) return null;
  if (typeof text !== "string") {
    throw invalid(`The sourceAddress takes text, not ${describe(text)}`);
  }
  const { bytes, zone } = parseAddress(text);
  if (zone === null && bytes.length === entries.addressLengths[0]) {
    if (!matchSubnets(formatAddress(bytes), [MULTICAST[bytes.length]!])) {
      return bytes;
    }
    throw invalid(
      `The sourceAddress ${quote(text)} is a multicast address: ` +
        "no interface sends from one",
    );
  }
  const family = entries.isIpv4(0) ? "ipv4" : "ipv6";
  throw invalid(
    `The sourceAddress ${quote(text)} is no ${family} address without a zone`,
  );
}
