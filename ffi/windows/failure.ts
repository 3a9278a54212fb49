/**
 * Where a status other than 0 goes: straight into one error that says what was
 * asked, what the system answered and what can be done.
 *
 * @module
 */

import { NeighborError, type NeighborErrorCode } from "../types/error.ts";
import type { IphlpapiName } from "./iphlpapi.ts";
import type { WindowsLibrary } from "./library.ts";
import { WIN32_STATUS } from "./status.ts";

/** What a caller was doing when a call failed. */
export interface Attempt {
  readonly operation: IphlpapiName;
  /** The attempt in words, such as `"set neighbor 192.0.2.7 on interface 12"`. */
  readonly what: string;
  /** What the caller gave. */
  readonly entry: unknown;
}

/** Makes the error; `code` where the caller knows better than the table. */
export function failure(
  library: WindowsLibrary,
  status: number,
  { operation, what, entry }: Attempt,
  code?: NeighborErrorCode,
): NeighborError {
  const known = WIN32_STATUS[status];
  const text = known?.text ?? library.formatMessage(status) ??
    "a code this package does not know";
  const name = known === undefined ? "" : ` ${known.symbol}`;
  const resolved = code ?? known?.code ?? "OTHER";
  return new NeighborError(
    resolved,
    `Cannot ${what}: ${operation} answered ${status}${name}: ${text}` +
      (HINTS[resolved] ?? ""),
    {
      status,
      symbol: known?.symbol ?? null,
      ntstatus: known?.ntstatus ?? null,
      operation,
      entry,
    },
  );
}

const HINTS: Partial<Record<NeighborErrorCode, string>> = {
  ACCESS_DENIED: "; run elevated, as an administrator",
  INTERFACE_NOT_FOUND: "; there is no such interface",
  NOT_FOUND: "; there is no such entry on that interface",
  ALREADY_EXISTS: "; there is an entry for that address already",
  NOT_SUPPORTED: "; this computer may lack that address family",
};
