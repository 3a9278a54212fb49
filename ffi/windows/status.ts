/**
 * The status codes of the IP Helper API, with names and English text. The
 * system's own text is localised, so it is used only for codes that are not
 * listed here.
 *
 * @module
 */

import type { NeighborErrorCode } from "../types/error.ts";
import type { IphlpapiName } from "./iphlpapi.ts";

/** One Win32 code. */
export interface Win32Status {
  readonly symbol: string;
  readonly text: string;
  /** The code of this package, unless more is known of the call. */
  readonly code: NeighborErrorCode;
}

export const NO_ERROR = 0;
export const ERROR_FILE_NOT_FOUND = 2;
export const ERROR_GEN_FAILURE = 31;
export const ERROR_NOT_SUPPORTED = 50;
export const ERROR_INVALID_PARAMETER = 87;
export const ERROR_NOT_FOUND = 1168;

/** winerror.h. */
export const WIN32_STATUS: Readonly<Record<number, Win32Status>> = {
  2: {
    symbol: "ERROR_FILE_NOT_FOUND",
    text: "The system cannot find the file specified",
    code: "OTHER",
  },
  5: {
    symbol: "ERROR_ACCESS_DENIED",
    text: "Access is denied",
    code: "ACCESS_DENIED",
  },
  8: {
    symbol: "ERROR_NOT_ENOUGH_MEMORY",
    text: "Not enough memory resources are available to process this command",
    code: "NO_MEMORY",
  },
  31: {
    symbol: "ERROR_GEN_FAILURE",
    text: "A device attached to the system is not functioning",
    code: "OTHER",
  },
  50: {
    symbol: "ERROR_NOT_SUPPORTED",
    text: "The request is not supported",
    code: "NOT_SUPPORTED",
  },
  67: {
    symbol: "ERROR_BAD_NET_NAME",
    text: "The network name cannot be found",
    code: "UNREACHABLE",
  },
  87: {
    symbol: "ERROR_INVALID_PARAMETER",
    text: "The parameter is incorrect",
    code: "INVALID_PARAMETER",
  },
  1168: {
    symbol: "ERROR_NOT_FOUND",
    text: "Element not found",
    code: "NOT_FOUND",
  },
  1231: {
    symbol: "ERROR_NETWORK_UNREACHABLE",
    text: "The network location cannot be reached",
    code: "UNREACHABLE",
  },
  1232: {
    symbol: "ERROR_HOST_UNREACHABLE",
    text: "The network location cannot be reached",
    code: "UNREACHABLE",
  },
  1460: {
    symbol: "ERROR_TIMEOUT",
    text: "This operation returned because the timeout period expired",
    code: "TIMEOUT",
  },
  5010: {
    symbol: "ERROR_OBJECT_ALREADY_EXISTS",
    text: "The object already exists",
    code: "ALREADY_EXISTS",
  },
};

const INVALID_PARAMETER = { 87: "STATUS_INVALID_PARAMETER" } as const;
const NOT_SUPPORTED = { 50: "STATUS_NOT_SUPPORTED" } as const;
const NOT_FOUND = { 1168: "STATUS_NOT_FOUND" } as const;
const OF_A_ROW = { ...INVALID_PARAMETER, ...NOT_SUPPORTED, ...NOT_FOUND };

/**
 * The return values that the driver (kernel-mode) page of each call lists. A
 * status that the page does not list has no name here, because the pages do not
 * say how the two sets of codes correspond in general.
 *
 * https://learn.microsoft.com/windows-hardware/drivers/ddi/netioapi/
 */
export const DRIVER_STATUS: Readonly<
  Partial<Record<IphlpapiName, Readonly<Record<number, string>>>>
> = {
  SetIpNetEntry2: OF_A_ROW,
  // The page of the kernel-mode call lists the Win32 name too
  CreateIpNetEntry2: { ...OF_A_ROW, 5010: "ERROR_OBJECT_ALREADY_EXISTS" },
  DeleteIpNetEntry2: OF_A_ROW,
  GetIpNetEntry2: OF_A_ROW,
  ResolveIpNetEntry2: { ...OF_A_ROW, 67: "STATUS_BAD_NETWORK_NAME" },
  GetIpNetTable2: { ...OF_A_ROW, 8: "STATUS_NOT_ENOUGH_MEMORY" },
  FlushIpNetTable2: { ...INVALID_PARAMETER, ...NOT_SUPPORTED },
};
