/**
 * The C library: its functions by their own names, each parameter followed by
 * its C declaration, and the paths where it may be. It is loaded when first
 * needed, and needs only `--allow-ffi`, for every path or for its own.
 *
 * @module
 */

import {
  askForAll,
  canAsk,
  howToGrant,
  isFullyGranted,
  isGranted,
  isRefusal,
} from "../../permission.ts";
import { NeighborError } from "../../types/error.ts";

/**
 * The functions of glibc and musl. Native addresses are `u64`, not `pointer`:
 * under a scoped grant Deno does not allow memory to be read through a pointer
 * object, but it passes numbers. Results of type `ssize_t` are `i32`, because a
 * bigint would be allocated between the call and the reading of errno.
 */
const LIBC = {
  // https://www.man7.org/linux/man-pages/man2/socket.2.html
  socket: {
    parameters: [
      "i32", // int domain
      "i32", // int type
      "i32", // int protocol
    ],
    result: "i32",
  },
  // https://www.man7.org/linux/man-pages/man2/setsockopt.2.html
  setsockopt: {
    parameters: [
      "i32", // int sockfd
      "i32", // int level
      "i32", // int optname
      "buffer", // const void *optval
      "u32", // socklen_t optlen
    ],
    result: "i32",
  },
  // https://www.man7.org/linux/man-pages/man2/ioctl.2.html
  // Variadic in C. x86_64 and aarch64 pass variadic integers and pointers like
  // other parameters
  ioctl: {
    parameters: [
      "i32", // int fd
      "u64", // unsigned long op: a bigint, a number would be slow
      "buffer", // struct ifreq *
    ],
    result: "i32",
  },
  // https://www.man7.org/linux/man-pages/man2/send.2.html
  send: {
    parameters: [
      "i32", // int sockfd
      "buffer", // const void *buf
      "usize", // size_t len: a bigint, a number would be slow
      "i32", // int flags
    ],
    result: "i32", // ssize_t
  },
  // https://www.man7.org/linux/man-pages/man2/recv.2.html
  recv: {
    parameters: [
      "i32", // int sockfd
      "buffer", // void *buf
      "usize", // size_t len: a bigint, a number would be slow
      "i32", // int flags
    ],
    result: "i32", // ssize_t
  },
  // https://www.man7.org/linux/man-pages/man2/close.2.html
  close: {
    parameters: ["i32"], // int fd
    result: "i32",
  },
  // The function behind the macro errno, in glibc and in musl
  __errno_location: {
    parameters: [], // void
    result: "u64", // int *
  },
  // https://www.man7.org/linux/man-pages/man3/memcpy.3.html
  memcpy: {
    parameters: [
      "buffer", // void *dest
      "u64", // const void *src
      "usize", // size_t n
    ],
    result: "void", // void *, the same as dest
  },
} as const satisfies Deno.ForeignLibraryInterface;

/**
 * The functions that only a watch calls. They are loaded by the first watch,
 * because Deno compiles each function with a `buffer`, which takes time.
 */
const WATCH = {
  // https://www.man7.org/linux/man-pages/man2/bind.2.html
  bind: {
    parameters: [
      "i32", // int sockfd
      "buffer", // const struct sockaddr *addr
      "u32", // socklen_t addrlen
    ],
    result: "i32",
  },
  // https://www.man7.org/linux/man-pages/man2/poll.2.html
  poll: {
    parameters: [
      "buffer", // struct pollfd *fds, filled in: not to be used until it returns
      "usize", // nfds_t nfds
      "i32", // int timeout
    ],
    result: "i32",
    nonblocking: true, // on another thread, whose errno cannot be read
  },
  // https://www.man7.org/linux/man-pages/man2/eventfd.2.html
  eventfd: {
    parameters: [
      "u32", // unsigned int initval
      "i32", // int flags
    ],
    result: "i32",
  },
  // https://www.man7.org/linux/man-pages/man3/eventfd_read.3.html
  eventfd_read: {
    parameters: [
      "i32", // int fd
      "buffer", // eventfd_t *value
    ],
    result: "i32",
  },
  eventfd_write: {
    parameters: [
      "i32", // int fd
      "u64", // eventfd_t value
    ],
    result: "i32",
  },
} as const satisfies Deno.ForeignLibraryInterface;

type Symbols =
  & Deno.DynamicLibrary<typeof LIBC>["symbols"]
  & Deno.DynamicLibrary<typeof WATCH>["symbols"];

/** The functions a socket needs. Tests pass a simulated kernel instead. */
export interface Libc extends
  Pick<
    Symbols,
    | "socket"
    | "setsockopt"
    | "bind"
    | "ioctl"
    | "send"
    | "recv"
    | "poll"
    | "eventfd"
    | "eventfd_read"
    | "eventfd_write"
    | "close"
  > {
  /** The errno of the last call; any other call may overwrite it. */
  errno(): number;
  /** Ends one use; the last unloads the library. */
  unload(): void;
}

/**
 * The paths of the C library, exactly as they are to be granted: Deno compares
 * grants as text. Those of musl and of aarch64 were taken from such systems,
 * but never run there.
 */
export const LIBC_PATHS: Readonly<
  Record<typeof Deno.build.arch, readonly string[]>
> = {
  x86_64: [
    "/lib/x86_64-linux-gnu/libc.so.6",
    "/usr/lib/x86_64-linux-gnu/libc.so.6",
    "/lib64/libc.so.6",
    "/usr/lib64/libc.so.6",
    "/usr/lib/libc.so.6",
    "/lib/libc.so.6",
    "/lib/ld-musl-x86_64.so.1",
    "/lib/libc.musl-x86_64.so.1",
    "/usr/lib/libc.so",
  ],
  aarch64: [
    "/lib/aarch64-linux-gnu/libc.so.6",
    "/usr/lib/aarch64-linux-gnu/libc.so.6",
    "/lib64/libc.so.6",
    "/usr/lib64/libc.so.6",
    "/usr/lib/libc.so.6",
    "/lib/libc.so.6",
    "/lib/ld-musl-aarch64.so.1",
    "/lib/libc.musl-aarch64.so.1",
    "/usr/lib/libc.so",
  ],
};

/**
 * Names the program itself, and so the C library that the process has loaded
 * already, wherever it is. On NixOS and Guix it is at none of the paths.
 * Elsewhere a path may be that of another C library, and two must not be in one
 * process. Deno passes this name on only under a full grant. Under a scoped
 * grant, or a permission broker, it refuses the empty path, whereas it would
 * search for "libc.so.6" in the current folder.
 */
const PROGRAM = "";

let shared: { readonly libc: Libc; users: number } | undefined;

/**
 * Loads the C library, or throws `PERMISSION_REQUIRED`. All users share one,
 * because loading creates new function objects and V8 optimises a call only
 * while its function stays the same.
 */
export function loadLibc(): Libc {
  shared ??= { libc: load(), users: 0 };
  shared.users++;
  return shared.libc;
}

function load(): Libc {
  const library = open(LIBC);
  let watching: Deno.DynamicLibrary<typeof WATCH> | undefined;
  const watch = () => (watching ??= open(WATCH)).symbols;
  const { memcpy, __errno_location, ...functions } = library.symbols;
  // Thread-local, and an isolate stays on its thread: one call is enough
  const location = __errno_location();
  const value = new Int32Array(1);
  return {
    ...functions,
    get bind() {
      return watch().bind;
    },
    get poll() {
      return watch().poll;
    },
    get eventfd() {
      return watch().eventfd;
    },
    get eventfd_read() {
      return watch().eventfd_read;
    },
    get eventfd_write() {
      return watch().eventfd_write;
    },
    errno(): number {
      memcpy(value, location, 4n);
      return value[0]!;
    },
    unload(): void {
      if (shared === undefined || --shared.users > 0) return;
      shared = undefined;
      library.close();
      watching?.close();
    },
  };
}

function open<Functions extends Deno.ForeignLibraryInterface>(
  functions: Functions,
): Deno.DynamicLibrary<Functions> {
  const failed = new Map<string, unknown>();
  let refusal: unknown;
  for (const path of candidates()) {
    try {
      return Deno.dlopen(path, functions);
    } catch (error) {
      if (isRefusal(error)) refusal ??= error;
      else failed.set(path, error);
    }
  }
  const others = LIBC_PATHS[Deno.build.arch].filter((path) =>
    !failed.has(path)
  );
  const cause = refusal ?? [...failed.values()].at(-1);
  const reason = failed.size === 0 ? "" : ` (${textOf([...failed.values()])})`;
  if (others.length === 0) {
    throw new NeighborError(
      "NOT_SUPPORTED",
      `Cannot load the C library from any path this package knows${reason}`,
      { operation: "dlopen", cause },
    );
  }
  throw new NeighborError(
    "PERMISSION_REQUIRED",
    `Deno may not load the C library${reason}: ${advice(others)}`,
    { cause },
  );
}

/** The paths to try, the best first. */
function* candidates(): Generator<string> {
  const paths = LIBC_PATHS[Deno.build.arch];
  const granted = paths.filter(isGranted);
  if (isFullyGranted()) yield PROGRAM;
  yield* granted;
  const others = paths.filter((path) => !granted.includes(path));
  if (others.length === 0) return;
  if (!canAsk()) {
    // There is no prompt, but a broker may allow what no flag grants
    yield* others;
    return;
  }
  askForAll();
  if (isFullyGranted()) yield PROGRAM;
  yield* others.filter(isGranted);
}

function textOf(errors: readonly unknown[]): string {
  return errors.map((error) =>
    error instanceof Error
      ? error.message.replace(/^(Could not open library: )+/, "")
      : String(error)
  ).join("; ");
}

/** Names the path to grant if the file can be found, else all candidates. */
function advice(paths: readonly string[]): string {
  const existing = paths.find(isKnownToExist);
  if (existing !== undefined) return howToGrant(existing);
  return howToGrant("PATH") +
    `, PATH being the one of these that exists: ${
      paths.join(", ")
    }; where the C library is at none of them (NixOS, Guix), ` +
    "only --allow-ffi without a path will do";
}

/**
 * Whether the file exists. Looks only with `--allow-read`, so never prompts.
 */
function isKnownToExist(path: string): boolean {
  const read = { name: "read", path } as const;
  if (Deno.permissions.querySync(read).state !== "granted") return false;
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
