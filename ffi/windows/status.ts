/**
 * What the IP Helper API answers, in names and in English. The text of the
 * system itself is localised, so it is asked only for codes not listed here.
 *
 * @module
 */

import type { NeighborErrorCode } from "../types/error.ts";

/** Everything this package knows about one Win32 code. */
export interface Win32Status {
  readonly symbol: string;
  /** The name on the driver page of the same call; not something observed. */
  readonly ntstatus: string;
  readonly text: string;
  readonly code: NeighborErrorCode;
}

export const NO_ERROR = 0;
export const ERROR_FILE_NOT_FOUND = 2;
export const ERROR_NOT_SUPPORTED = 50;
export const ERROR_INVALID_PARAMETER = 87;
export const ERROR_NOT_FOUND = 1168;

/** winerror.h and ntstatus.h. */
export const WIN32_STATUS: Readonly<Record<number, Win32Status>> = {
  2: {
    symbol: "ERROR_FILE_NOT_FOUND",
    ntstatus: "STATUS_OBJECT_NAME_NOT_FOUND",
    text: "The system cannot find the file specified",
    code: "INTERFACE_NOT_FOUND",
  },
  5: {
    symbol: "ERROR_ACCESS_DENIED",
    ntstatus: "STATUS_ACCESS_DENIED",
    text: "Access is denied",
    code: "ACCESS_DENIED",
  },
  8: {
    symbol: "ERROR_NOT_ENOUGH_MEMORY",
    ntstatus: "STATUS_NO_MEMORY",
    text: "Not enough memory resources are available to process this command",
    code: "NO_MEMORY",
  },
  50: {
    symbol: "ERROR_NOT_SUPPORTED",
    ntstatus: "STATUS_NOT_SUPPORTED",
    text: "The request is not supported",
    code: "NOT_SUPPORTED",
  },
  67: {
    symbol: "ERROR_BAD_NET_NAME",
    ntstatus: "STATUS_BAD_NETWORK_NAME",
    text: "The network name cannot be found",
    code: "UNREACHABLE",
  },
  87: {
    symbol: "ERROR_INVALID_PARAMETER",
    ntstatus: "STATUS_INVALID_PARAMETER",
    text: "The parameter is incorrect",
    code: "INVALID_PARAMETER",
  },
  1168: {
    symbol: "ERROR_NOT_FOUND",
    ntstatus: "STATUS_NOT_FOUND",
    text: "Element not found",
    code: "NOT_FOUND",
  },
  1231: {
    symbol: "ERROR_NETWORK_UNREACHABLE",
    ntstatus: "STATUS_NETWORK_UNREACHABLE",
    text: "The network location cannot be reached",
    code: "UNREACHABLE",
  },
  5010: {
    symbol: "ERROR_OBJECT_ALREADY_EXISTS",
    ntstatus: "STATUS_DUPLICATE_OBJECTID",
    text: "The object already exists",
    code: "ALREADY_EXISTS",
  },
};
