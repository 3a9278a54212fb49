/**
 * The errno values of the kernel: name, English text, and code of this package.
 *
 * @module
 */

import type { NeighborErrorCode } from "../../types/error.ts";

/** One errno. */
export interface Errno {
  readonly symbol: string;
  readonly text: string;
  readonly code: NeighborErrorCode;
}

export const ENOENT = 2;
export const EINTR = 4;
export const EAGAIN = 11;
export const ENODEV = 19;
export const EINVAL = 22;
export const ENOPROTOOPT = 92;
export const EOPNOTSUPP = 95;
export const ENOBUFS = 105;

/** asm-generic/errno.h, the numbers of x86_64 and aarch64 alike. */
export const ERRNO: Readonly<Record<number, Errno>> = {
  1: {
    symbol: "EPERM",
    text: "Operation not permitted",
    code: "ACCESS_DENIED",
  },
  2: {
    symbol: "ENOENT",
    text: "No such file or directory",
    code: "NOT_FOUND",
  },
  4: {
    symbol: "EINTR",
    text: "Interrupted system call",
    code: "OTHER",
  },
  6: {
    symbol: "ENXIO",
    text: "No such device or address",
    code: "INTERFACE_NOT_FOUND",
  },
  9: {
    symbol: "EBADF",
    text: "Bad file descriptor",
    code: "OTHER",
  },
  11: {
    symbol: "EAGAIN",
    text: "Resource temporarily unavailable",
    code: "OTHER",
  },
  12: {
    symbol: "ENOMEM",
    text: "Cannot allocate memory",
    code: "NO_MEMORY",
  },
  13: {
    symbol: "EACCES",
    text: "Permission denied",
    code: "ACCESS_DENIED",
  },
  16: {
    symbol: "EBUSY",
    text: "Device or resource busy",
    code: "OTHER",
  },
  17: {
    symbol: "EEXIST",
    text: "File exists",
    code: "ALREADY_EXISTS",
  },
  19: {
    symbol: "ENODEV",
    text: "No such device",
    code: "INTERFACE_NOT_FOUND",
  },
  22: {
    symbol: "EINVAL",
    text: "Invalid argument",
    code: "INVALID_PARAMETER",
  },
  23: {
    symbol: "ENFILE",
    text: "Too many open files in system",
    code: "OTHER",
  },
  24: {
    symbol: "EMFILE",
    text: "Too many open files",
    code: "OTHER",
  },
  25: {
    symbol: "ENOTTY",
    text: "Inappropriate ioctl for device",
    code: "NOT_SUPPORTED",
  },
  34: {
    symbol: "ERANGE",
    text: "Numerical result out of range",
    code: "INVALID_PARAMETER",
  },
  38: {
    symbol: "ENOSYS",
    text: "Function not implemented",
    code: "NOT_SUPPORTED",
  },
  90: {
    symbol: "EMSGSIZE",
    text: "Message too long",
    code: "OTHER",
  },
  92: {
    symbol: "ENOPROTOOPT",
    text: "Protocol not available",
    code: "NOT_SUPPORTED",
  },
  93: {
    symbol: "EPROTONOSUPPORT",
    text: "Protocol not supported",
    code: "NOT_SUPPORTED",
  },
  95: {
    symbol: "EOPNOTSUPP",
    text: "Operation not supported",
    code: "NOT_SUPPORTED",
  },
  97: {
    symbol: "EAFNOSUPPORT",
    text: "Address family not supported by protocol",
    code: "NOT_SUPPORTED",
  },
  100: {
    symbol: "ENETDOWN",
    text: "Network is down",
    code: "OTHER",
  },
  105: {
    symbol: "ENOBUFS",
    text: "No buffer space available",
    code: "NO_MEMORY",
  },
  113: {
    symbol: "EHOSTUNREACH",
    text: "No route to host",
    code: "UNREACHABLE",
  },
};

/** The text by which the kernel explains one EINVAL that is no bad argument. */
export const IPV6_IS_DISABLED = "IPv6 is disabled on this device";
