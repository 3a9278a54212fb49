/**
 * The error of a status other than 0: what was attempted, what the kernel
 * answered, and what can be done.
 *
 * @module
 */

import { NeighborError, type NeighborErrorCode } from "../../types/error.ts";
import type { Answer } from "./message.ts";
import {
  EINVAL,
  ENOPROTOOPT,
  EOPNOTSUPP,
  ERRNO,
  IPV6_IS_DISABLED,
} from "./errno.ts";

/** What a caller was doing when a request failed. */
export interface Attempt {
  /** The message that was sent or the call that was made. */
  readonly operation: string;
  /**
   * The attempt in words, such as `"set neighbor 192.0.2.7 on interface 2"`.
   */
  readonly what: string;
  /** What the caller passed. */
  readonly entry: unknown;
}

/** Creates the error of an answer. */
export function failure(
  { status, text }: Answer,
  { operation, what, entry }: Attempt,
): NeighborError {
  const known = ERRNO[status];
  const code = codeOf(status, text);
  const name = known === undefined ? "" : ` ${known.symbol}`;
  const words = text ?? known?.text ?? "a number this package does not know";
  return new NeighborError(
    code,
    `Cannot ${what}: ${operation} answered ${status}${name}: ${words}` +
      hint(status, code, operation),
    { status, symbol: known?.symbol ?? null, operation, entry },
  );
}

function codeOf(status: number, text: string | null): NeighborErrorCode {
  if (status === EINVAL && text === IPV6_IS_DISABLED) return "NOT_SUPPORTED";
  return ERRNO[status]?.code ?? "OTHER";
}

/** What can be done, if known. */
function hint(
  status: number,
  code: NeighborErrorCode,
  operation: string,
): string {
  // NETLINK_GET_STRICT_CHK came with 4.20, the look-up of one entry with 5.0
  const isOld = operation === "setsockopt" && status === ENOPROTOOPT ||
    operation === "RTM_GETNEIGH" && status === EOPNOTSUPP;
  return isOld ? "; Linux 5.0 or newer is needed" : HINTS[code] ?? "";
}

const HINTS: Partial<Record<NeighborErrorCode, string>> = {
  ACCESS_DENIED: "; run as root or with CAP_NET_ADMIN",
  INTERFACE_NOT_FOUND: "; there is no such interface",
  NOT_FOUND: "; there is no such entry on that interface",
  ALREADY_EXISTS: "; there is an entry for that address already",
  NO_MEMORY: "; the table may be full: see gc_thresh3 of " +
    "net.ipv4.neigh.default and net.ipv6.neigh.default",
};

/** Creates the error of a request whose answer was lost. */
export function unknownOutcome(
  { operation, what, entry }: Attempt,
): NeighborError {
  return new NeighborError(
    "UNKNOWN_OUTCOME",
    `Cannot ${what}: the answer to ${operation} was lost, ` +
      "the outcome is unknown; read the entry back",
    { operation, entry },
  );
}
