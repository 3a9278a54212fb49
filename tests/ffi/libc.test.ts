import { assert, assertEquals, assertThrows } from "@std/assert";
import { LIBC_PATHS, loadLibc } from "../../ffi/linux/netlink/libc.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import {
  type FakeLoading,
  type Loading,
  missing,
  refuse,
  withLoading,
} from "../helpers/fake_loading.ts";

const PATHS = LIBC_PATHS[Deno.build.arch];
const [DEBIAN, , FEDORA] = PATHS as [string, string, string];
const PROGRAM = "";

const LIBRARY = { symbols: { __errno_location: () => 0n }, close() {} };

/** A system whose C library is at these paths, and in the program itself. */
function at(...paths: readonly string[]): FakeLoading["dlopen"] {
  return (path) => paths.includes(path) ? LIBRARY : missing(path);
}

/** The same, where Deno allows only these. */
function allowing(
  allowed: readonly string[],
  dlopen: FakeLoading["dlopen"],
): FakeLoading["dlopen"] {
  return (path, symbols) =>
    allowed.includes(path) ? dlopen(path, symbols) : refuse(path);
}

function load(fake: FakeLoading): Loading {
  return withLoading(fake, () => loadLibc().unload());
}

function refused(fake: FakeLoading): { error: NeighborError } & Loading {
  let error: NeighborError | undefined;
  const loading = withLoading(fake, () => {
    error = assertThrows(() => loadLibc(), NeighborError);
  });
  assert(error !== undefined);
  return { error, ...loading };
}

Deno.test("loadLibc() uses the library of the process under a full grant, and opens no file", () => {
  const nixos = at(PROGRAM);
  assertEquals(load({ state: "granted", dlopen: nixos }).tried, [PROGRAM]);
});

Deno.test("loadLibc() tries the paths where the program itself cannot be loaded", () => {
  // musl does not take the empty name, nor does Deno under a broker
  const { tried } = load({ state: "granted", dlopen: at(FEDORA) });
  assertEquals(tried, [PROGRAM, ...PATHS.slice(0, 3)]);
});

Deno.test("loadLibc() tries only paths under a partial grant", () => {
  const fake = { state: "granted", partial: true } as const;
  const dlopen = at(PROGRAM, FEDORA);
  assertEquals(load({ ...fake, dlopen }).tried, PATHS.slice(0, 3));
});

Deno.test("loadLibc() loads the path that is granted, and tries no other before", () => {
  const fake = { state: "prompt", granted: [FEDORA] } as const;
  for (const terminal of [{}, { terminal: "no" }] as const) {
    const { tried, asked } = load({ ...fake, ...terminal, dlopen: at(FEDORA) });
    assertEquals([tried, asked], [[FEDORA], 0]);
  }
});

Deno.test("loadLibc() tries the paths that a broker may allow, whatever the flags say", () => {
  for (const state of ["prompt", "denied"] as const) {
    const dlopen = allowing([FEDORA], at(FEDORA));
    const { tried, asked } = load({ state, dlopen });
    assertEquals([tried, asked], [PATHS.slice(0, 3), 0]);
  }
});

Deno.test("loadLibc() prompts the user once, and tries nothing after a denial", () => {
  const dlopen = at(PROGRAM);
  const yes = load({ state: "prompt", terminal: "yes", dlopen });
  assertEquals([yes.tried, yes.asked], [[PROGRAM], 1]);
  const no = refused({ state: "prompt", terminal: "no", dlopen: refuse });
  assertEquals([no.tried, no.asked], [[], 1]);
  assertEquals(no.error.code, "PERMISSION_REQUIRED");
  assertEquals(no.error.message.includes("--deny-ffi"), false);
});

Deno.test("loadLibc() names every path to grant, and the systems that have none of them", () => {
  const { error } = refused({ state: "prompt", dlopen: refuse });
  assertEquals(
    [error.code, error.message],
    [
      "PERMISSION_REQUIRED",
      "Deno may not load the C library: run with --allow-ffi, " +
      "or with --allow-ffi=PATH, PATH being the one of these that exists: " +
      `${PATHS.join(", ")}; where the C library is at none of them ` +
      "(NixOS, Guix), only --allow-ffi without a path will do",
    ],
  );
  assert(error.cause instanceof Deno.errors.NotCapable);
});

Deno.test("loadLibc() does not suggest a path that does not exist", () => {
  const { error } = refused({
    state: "prompt",
    granted: [DEBIAN],
    dlopen: allowing([DEBIAN], at()),
  });
  assertEquals(error.code, "PERMISSION_REQUIRED");
  assert(error.message.includes(`(${DEBIAN}: no such file)`));
  const advised = PATHS.filter((path) => path !== DEBIAN).join(", ");
  assert(error.message.includes(`exists: ${advised};`));
});

Deno.test("loadLibc() names --deny-ffi or the broker where it refuses", () => {
  for (
    const flags of [{ state: "granted", partial: true }, {
      state: "denied",
    }] as const
  ) {
    const { error } = refused({ ...flags, dlopen: refuse });
    assert(error.message.includes("and without --deny-ffi"));
  }
  const broker = refused({ state: "granted", dlopen: refuse });
  assert(
    broker.error.message.includes("the permission broker has to allow PATH"),
  );
});

Deno.test("loadLibc() is NOT_SUPPORTED where all may be loaded and none can", () => {
  const { error } = refused({ state: "granted", dlopen: at() });
  assertEquals([error.code, error.operation], ["NOT_SUPPORTED", "dlopen"]);
});

Deno.test("loadLibc() loads the functions of watches with the first watch, and unloads both", () => {
  const opened: string[][] = [];
  let closed = 0;
  withLoading({
    state: "granted",
    dlopen(_, symbols) {
      const names = Object.keys(symbols);
      opened.push(names);
      const functions = names.map((name) => [name, () => 0n] as const);
      return {
        symbols: Object.fromEntries(functions),
        close: () => closed++,
      };
    },
  }, () => {
    const libc = loadLibc();
    assertEquals(opened.length, 1);
    assertEquals(opened[0]!.includes("poll"), false);
    libc.eventfd(0, 0);
    libc.eventfd_write(0, 1n);
    assertEquals(opened.length, 2);
    libc.unload();
    assertEquals(closed, 2);
    loadLibc().unload();
    assertEquals([opened.length, closed], [3, 3]);
  });
});
