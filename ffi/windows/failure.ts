/**
 * The error of a status other than 0: what was attempted, what the system
 * answered, and what can be done.
 *
 * @module
 */

import { NeighborError, type NeighborErrorCode } from "../types/error.ts";
import type { IphlpapiName } from "./iphlpapi.ts";
import type { WindowsLibrary } from "./library.ts";
import {
  DRIVER_STATUS,
  ERROR_FILE_NOT_FOUND,
  ERROR_GEN_FAILURE,
  ERROR_NOT_FOUND,
  WIN32_STATUS,
} from "./status.ts";

/** What a caller was doing when a call failed. */
export interface Attempt {
  readonly operation: IphlpapiName;
  /**
   * The attempt in words, such as `"set neighbor 192.0.2.7 on interface 12"`.
   */
  readonly what: string;
  /** What the caller passed. */
  readonly entry: unknown;
  /** ResolveIpNetEntry2 was given a source address. */
  readonly hasSource?: boolean;
  /** Whether an interface was named. `true` by default; a flush may name none. */
  readonly isNamed?: boolean;
}

/**
 * Creates the error.
 *
 * @param code Given where the caller has found that there is no such interface;
 * it replaces the code of the status. Without it the interface exists, or none
 * was named.
 */
export function failure(
  library: WindowsLibrary,
  status: number,
  attempt: Attempt,
  code?: NeighborErrorCode,
): NeighborError {
  const { operation, what, entry } = attempt;
  const known = WIN32_STATUS[status];
  const text = known?.text ?? library.formatMessage(status) ??
    "a code this package does not know";
  const name = known === undefined ? "" : ` ${known.symbol}`;
  const isUnbound = code === undefined &&
    isAboutInterface(operation, status);
  const resolved = code ??
    (isUnbound ? "NOT_SUPPORTED" : codeOf(attempt, status));
  const hint = isUnbound ? unbound(attempt) : HINTS[resolved] ?? "";
  return new NeighborError(
    resolved,
    `Cannot ${what}: ${operation} answered ${status}${name}: ${text}${hint}`,
    {
      status,
      symbol: known?.symbol ?? null,
      ntstatus: DRIVER_STATUS[operation]?.[status] ?? null,
      operation,
      entry,
    },
  );
}

/**
 * Whether the pages document this status for a missing interface and it cannot
 * mean a missing entry: Create and Resolve need no entry, Flush names none.
 */
function isAboutInterface(operation: IphlpapiName, status: number): boolean {
  return operation === "GetIpNetEntry2"
    ? status === ERROR_FILE_NOT_FOUND
    : status === ERROR_NOT_FOUND &&
      (operation === "CreateIpNetEntry2" ||
        operation === "ResolveIpNetEntry2" ||
        operation === "FlushIpNetTable2");
}

/**
 * The hint for a call that needs no entry and found nothing. Where an interface
 * was named, it exists, and the system looks only among interfaces of that
 * address family. The code is
 * `NOT_SUPPORTED`, as on Linux where IPv6 is disabled on a device. The status
 * does not tell the causes apart.
 */
function unbound({ hasSource = false, isNamed = true }: Attempt): string {
  if (!isNamed) return HINTS.NOT_SUPPORTED!;
  return "; the interface exists, but it lacks that address family or is not " +
    `ready${hasSource ? ", or does not have the source address" : ""}`;
}

function codeOf({ operation }: Attempt, status: number): NeighborErrorCode {
  // For SendARP, which does the same, it is documented as "no reply"
  if (operation === "ResolveIpNetEntry2" && status === ERROR_GEN_FAILURE) {
    return "UNREACHABLE";
  }
  // It names neither an entry nor an interface that could be missing
  if (operation === "GetIfTable2" && status === ERROR_NOT_FOUND) return "OTHER";
  return WIN32_STATUS[status]?.code ?? "OTHER";
}

const HINTS: Partial<Record<NeighborErrorCode, string>> = {
  ACCESS_DENIED: "; run elevated, as an administrator",
  INTERFACE_NOT_FOUND: "; there is no such interface",
  NOT_FOUND: "; there is no such entry on that interface",
  ALREADY_EXISTS: "; there is an entry for that address already",
  NOT_SUPPORTED: "; this computer may lack that address family",
};
