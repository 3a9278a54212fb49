/**
 * The C library: its functions by their own names, each parameter followed by
 * its C declaration, and where it is found. Loaded lazily, with nothing but
 * `--allow-ffi`, whole or for one path.
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
 * glibc and musl. Handles to native memory are `u64`, not `pointer`: under a
 * scoped grant Deno refuses everything that makes bytes of a pointer object,
 * but lets a number through. Results of `ssize_t` are `i32`, for a bigint would
 * be an allocation between the call and the reading of errno.
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
  // Variadic in C; with whole numbers and pointers alone, x86_64 and aarch64
  // pass the rest as they pass any parameter
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
  // What errno stands for in errno.h, in glibc and in musl
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
 * What only a watch calls, loaded by the first: each `buffer` costs a compile,
 * which the other commands need not pay.
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
      "buffer", // struct pollfd *fds, filled in: left alone until then
      "usize", // nfds_t nfds
      "i32", // int timeout
    ],
    result: "i32",
    nonblocking: true, // on a thread of its own, whose errno nobody can read
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

/** What a socket is made of: the seam that tests put a kernel of their own in. */
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
  /** The errno of the call just made; to be read before anything else is done. */
  errno(): number;
  /** Unloads the library, once nobody else uses it. */
  unload(): void;
}

/**
 * Where the C library is, by the letter: Deno compares grants as text. The
 * paths of musl and of aarch64 are taken from those systems, not run there.
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
 * The program itself, and with it the C library that is in the process already,
 * wherever the system keeps it: NixOS and Guix have it at none of the paths, and
 * elsewhere a path may name another one, which must not be in a process twice.
 * Deno hands this name to the system only under a full grant. Under any other,
 * and under a permission broker, it refuses an empty path, where it would look
 * for "libc.so.6" in the current folder.
 */
const PROGRAM = "";

let shared: { readonly libc: Libc; users: number } | undefined;

/**
 * Loads the C library, or throws `PERMISSION_REQUIRED`. All that use it at a
 * time share one: each loading makes functions of its own, and the compiler
 * calls at full speed only where it has always seen the same.
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
  // Thread-local, and an isolate never changes its thread: asked for once
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

/** What to load it from, the best first. */
function* candidates(): Generator<string> {
  const paths = LIBC_PATHS[Deno.build.arch];
  const granted = paths.filter(isGranted);
  if (isFullyGranted()) yield PROGRAM;
  yield* granted;
  const others = paths.filter((path) => !granted.includes(path));
  if (others.length === 0) return;
  if (!canAsk()) {
    // Deno asks nobody, but may have a broker that allows what no flag grants
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

/** Names the path to grant where it can be looked up, else all there can be. */
function advice(paths: readonly string[]): string {
  const existing = paths.find(isKnownToExist);
  if (existing !== undefined) return howToGrant(existing);
  return howToGrant("PATH") +
    `, PATH being the one of these that exists: ${
      paths.join(", ")
    }; where the C library is at none of them (NixOS, Guix), ` +
    "only --allow-ffi without a path will do";
}

/** Only with `--allow-read`: nobody is asked for the sake of a message. */
function isKnownToExist(path: string): boolean {
  const read = { name: "read", path } as const;
  if (Deno.permissions.querySync(read).state !== "granted") return false;
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
