/**
 * A Deno that loads libraries and answers about permissions as a test says,
 * whatever this one may do.
 *
 * @module
 */

/** The behaviour of the fake Deno. */
export interface FakeLoading {
  /** The state that `Deno.permissions` returns without a path. */
  readonly state: Deno.PermissionState;
  /** Whether that state is partial, as with `--deny-ffi=PATH`. */
  readonly partial?: boolean;
  /** The granted paths; a state of `"granted"` means all. */
  readonly granted?: readonly string[];
  /** The user's answer to a prompt, if there is a terminal. */
  readonly terminal?: "yes" | "no";
  /** The `Deno.dlopen` of the fake; throws refusals and failures. */
  readonly dlopen: (
    path: string,
    symbols: Deno.ForeignLibraryInterface,
  ) => unknown;
}

/** The paths loaded or tried, and the number of prompts. */
export interface Loading {
  readonly tried: string[];
  asked: number;
}

/** The error of a path that Deno does not allow. */
export function refuse(path: string): never {
  throw new Deno.errors.NotCapable(`Requires ffi access to "${path}"`);
}

/** The error of an allowed path that does not exist. */
export function missing(path: string): never {
  throw new Error(`Could not open library: ${path}: no such file`);
}

/** Runs `body` under the fake Deno. */
export function withLoading(
  fake: FakeLoading,
  body: (loading: Loading) => void,
): Loading {
  const loading: Loading = { tried: [], asked: 0 };
  let { state } = fake;
  const status = (descriptor: Deno.PermissionDescriptor) => {
    const path = descriptor.name === "ffi" ? descriptor.path : undefined;
    const isGranted = descriptor.name === "ffi" && path !== undefined &&
      fake.granted?.includes(String(path));
    const answer = descriptor.name !== "ffi"
      ? "prompt"
      : isGranted
      ? "granted"
      : state;
    const partial = path === undefined && fake.partial === true;
    return { state: answer, partial } as Deno.PermissionStatus;
  };
  const { dlopen, permissions } = Deno;
  const { querySync, requestSync } = permissions;
  const { stdin, stderr } = Deno;
  const terminals = [stdin.isTerminal, stderr.isTerminal] as const;
  try {
    Deno.dlopen = ((path: string, symbols: Deno.ForeignLibraryInterface) => {
      // As Windows normalizes it
      loading.tried.push(path.split("\0")[0]!);
      return fake.dlopen(path, symbols);
    }) as unknown as typeof dlopen;
    permissions.querySync = status;
    permissions.requestSync = (descriptor) => {
      loading.asked++;
      state = fake.terminal === "yes" ? "granted" : "denied";
      return status(descriptor);
    };
    stdin.isTerminal = stderr.isTerminal = () => fake.terminal !== undefined;
    body(loading);
  } finally {
    Deno.dlopen = dlopen;
    Object.assign(permissions, { querySync, requestSync });
    [stdin.isTerminal, stderr.isTerminal] = terminals;
  }
  return loading;
}
