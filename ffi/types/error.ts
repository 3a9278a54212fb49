/**
 * The one error class of this package and the codes callers branch on.
 *
 * @module
 */

/**
 * What went wrong, in words that mean the same on every system.
 *
 * - `INVALID_PARAMETER`: an argument broke a rule, before or at the system call
 * - `NOT_FOUND`: no such neighbor entry
 * - `INTERFACE_NOT_FOUND`: no such network interface
 * - `ALREADY_EXISTS`: create found an entry there
 * - `ACCESS_DENIED`: the system wants an administrator (Windows) or CAP_NET_ADMIN (Linux)
 * - `NOT_SUPPORTED`: the system lacks the call, the option or the address family
 * - `UNREACHABLE`: the neighbor did not answer
 * - `NO_MEMORY`: the system is out of memory or of table space
 * - `UNSUPPORTED_PLATFORM`: there is no backend for this operating system
 * - `PERMISSION_REQUIRED`: Deno was not allowed to load the system library (`--allow-ffi`)
 * - `ABORTED`: a signal ended it early
 * - `CLOSED`: the table was closed
 * - `TIMEOUT`: there was no answer within the timeout
 * - `UNCONFIRMED`: the system answered success, but the table does not show it
 * - `UNKNOWN_OUTCOME`: the system's answer was lost; read the entry to find out
 * - `OTHER`: a status that has no code here; `status` and the message say which
 */
export type NeighborErrorCode =
  | "INVALID_PARAMETER"
  | "NOT_FOUND"
  | "INTERFACE_NOT_FOUND"
  | "ALREADY_EXISTS"
  | "ACCESS_DENIED"
  | "NOT_SUPPORTED"
  | "UNREACHABLE"
  | "NO_MEMORY"
  | "UNSUPPORTED_PLATFORM"
  | "PERMISSION_REQUIRED"
  | "ABORTED"
  | "CLOSED"
  | "TIMEOUT"
  | "UNCONFIRMED"
  | "UNKNOWN_OUTCOME"
  | "OTHER";

/**
 * The part of an entry that breaks a rule. `"interface"` stands for the three
 * members that name it and for the zone of the address.
 *
 * @example Where to point in a form
 * ```ts
 * import { NeighborError, setNeighbor } from "@ipnet/neighbor";
 *
 * try {
 *   setNeighbor({ address: "192.0.2.700", linkLayerAddress: "", interfaceIndex: 2 });
 * } catch (error) {
 *   if (error instanceof NeighborError) console.log(error.member);
 * }
 * ```
 */
export type EntryMember =
  | "address"
  | "linkLayerAddress"
  | "interface"
  | "protocol";

/**
 * The parts of a {@linkcode NeighborError} apart from its code and message.
 */
export interface NeighborErrorOptions extends ErrorOptions {
  /** The number the system answered; absent when refused before any call. */
  readonly status?: number;
  /**
   * The system's name for `status`, such as `"ERROR_NOT_FOUND"` or `"ENOENT"`.
   */
  readonly symbol?: string | null;
  /**
   * Windows: what the driver page of the call names `status`, such as
   * `"STATUS_NOT_FOUND"`; `null` where that page does not list it.
   */
  readonly ntstatus?: string | null;
  /** The call that answered, such as `"SetIpNetEntry2"`. */
  readonly operation?: string;
  /** What the caller asked about. */
  readonly entry?: unknown;
  /** Which part of the entry breaks a rule. */
  readonly member?: EntryMember | null;
}

/** Known to every copy of this package: a program may have loaded several. */
const BRAND = Symbol.for("@ipnet/neighbor/NeighborError");

/**
 * Thrown by every function of this package. A program may have loaded several
 * copies of the package: `instanceof` knows the errors of each.
 *
 * @example Tell a missing entry from a refusal
 * ```ts no-eval
 * import { deleteNeighbor, NeighborError } from "@ipnet/neighbor";
 *
 * try {
 *   deleteNeighbor({ address: "192.0.2.7", interfaceAlias: "Ethernet" });
 * } catch (error) {
 *   if (!(error instanceof NeighborError) || error.code !== "NOT_FOUND") throw error;
 *   console.log("It was not there");
 * }
 * ```
 */
export class NeighborError extends Error {
  /** Always `"NeighborError"`. */
  override readonly name = "NeighborError";
  /** What went wrong, the same on every system. */
  readonly code: NeighborErrorCode;
  /** The number the system answered, or `null` when refused before any call. */
  readonly status: number | null;
  /** The system's name for `status`, or `null`. */
  readonly symbol: string | null;
  /**
   * Windows: the name of `status` on the driver page of the call, such as
   * `"STATUS_NOT_FOUND"`; `null` where that page does not list it. It is taken
   * from the page: a user-mode call never returns it.
   */
  readonly ntstatus: string | null;
  /** The call that answered, or `null` when refused before any call. */
  readonly operation: string | null;
  /** What the caller asked about, as given. */
  readonly entry: unknown;
  /** Which part of the entry breaks a rule; `null` where it is not one part. */
  readonly member: EntryMember | null;

  static {
    // On the prototype: no error is printed with it
    Object.defineProperty(this.prototype, BRAND, { value: true });
  }

  /** Whether a value is one, of this copy of the package or of another. */
  static is(value: unknown): value is NeighborError {
    return typeof value === "object" && value !== null && BRAND in value;
  }

  /** As {@linkcode NeighborError.is}; of a class made from this one, exactly. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === NeighborError
      ? NeighborError.is(value)
      : Function.prototype[Symbol.hasInstance].call(this, value);
  }

  /** Constructs an error from its code, its message and what is known of the call. */
  constructor(
    code: NeighborErrorCode,
    message: string,
    options: NeighborErrorOptions = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.status = options.status ?? null;
    this.symbol = options.symbol ?? null;
    this.ntstatus = options.ntstatus ?? null;
    this.operation = options.operation ?? null;
    this.entry = options.entry;
    this.member = options.member ?? null;
  }
}

/**
 * A copy of the error with a note after its message; the error is its cause.
 */
export function withNote(error: NeighborError, note: string): NeighborError {
  return new NeighborError(error.code, `${error.message}; ${note}`, {
    ...partsOf(error),
    cause: error,
  });
}

/** A copy of the error that names an entry, and a member of it if given. */
export function withEntry(
  error: NeighborError,
  entry: unknown,
  member: EntryMember | null = error.member,
): NeighborError {
  const parts = { ...partsOf(error), entry, member };
  return new NeighborError(error.code, error.message, parts);
}

/** The parts of an error apart from its code and message. */
export function partsOf(error: NeighborError): NeighborErrorOptions {
  const { status, symbol, ntstatus, operation, entry, member } = error;
  return {
    ...(status !== null && { status }),
    ...(operation !== null && { operation }),
    symbol,
    ntstatus,
    entry,
    member,
  };
}

/** Whether the entry is missing, alone or with its interface. */
export function isGone({ code }: NeighborError): boolean {
  return code === "NOT_FOUND" || code === "INTERFACE_NOT_FOUND";
}

/** Creates the error for input that is refused before any system call. */
export function invalid(message: string, entry?: unknown): NeighborError {
  return new NeighborError("INVALID_PARAMETER", message, { entry });
}

/** Creates the error for a call after the table was closed. */
export function closed(): NeighborError {
  return new NeighborError("CLOSED", "This neighbor table is closed");
}

/** Puts text between quotation marks, cut to `most` characters. */
export function quote(text: string, most = 80): string {
  return `"${cut(text, most)}"`;
}

/** A text of at most so many characters; a cut one ends with an ellipsis. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  // Half of a surrogate pair would be another character
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
