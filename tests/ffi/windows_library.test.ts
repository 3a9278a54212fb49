import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import { WindowsLibrary } from "../../ffi/windows/library.ts";
import {
  type FakeLoading,
  type Loading,
  missing,
  refuse,
  withLoading,
} from "../helpers/fake_loading.ts";

const SYSTEM = "C:\\Windows\\System32";
const IPHLPAPI = `${SYSTEM}\\iphlpapi.dll`;

/** A fake Windows with this system folder, without the exports in `missing`. */
function windows(
  systemFolder = "C:\\Windows\\system32",
  missing: readonly string[] = [],
): FakeLoading["dlopen"] {
  return (_, symbols) => {
    const functions: Record<string, unknown> = {};
    for (const name of Object.keys(symbols)) {
      functions[name] = missing.includes(name) ? null : () => 0;
    }
    functions["GetSystemDirectoryW"] = (text: Uint16Array) => {
      for (let i = 0; i < systemFolder.length; i++) {
        text[i] = systemFolder.charCodeAt(i);
      }
      return systemFolder.length;
    };
    return { symbols: functions, close: () => {} };
  };
}

function load(fake: FakeLoading): Loading {
  return withLoading(fake, () => new WindowsLibrary().close());
}

function refused(fake: FakeLoading): { error: NeighborError } & Loading {
  let error: NeighborError | undefined;
  const loading = withLoading(fake, () => {
    error = assertThrows(() => new WindowsLibrary(), NeighborError);
  });
  assert(error !== undefined);
  assertEquals(
    [error.code, error.status],
    ["PERMISSION_REQUIRED", null],
  );
  return { error, ...loading };
}

Deno.test("WindowsLibrary loads from the system folder that Windows names", () => {
  const dlopen = windows("D:\\WINNT\\system32");
  const { tried } = load({ state: "granted", dlopen });
  assertEquals(tried, ["kernel32.dll", "D:\\WINNT\\system32\\iphlpapi.dll"]);
});

Deno.test("WindowsLibrary loads kernel32.dll by a name that only Windows reduces to the bare name", () => {
  let name = "";
  load({
    state: "granted",
    dlopen: (path, symbols) => {
      name ||= path;
      return windows()(path, symbols);
    },
  });
  const [bare, rest, ...others] = name.split("\0");
  assertEquals([bare, others], ["kernel32.dll", []]);
  // In front of which Deno puts the current folder, unless the grant is full
  assertMatch(rest!, /^\\\.\.\\[0-9a-f-]{36}$/);
});

Deno.test("WindowsLibrary uses the usual path where a broker refuses kernel32.dll", () => {
  for (const otherwise of [refuse, missing]) {
    const { tried } = load({
      state: "granted",
      dlopen: (path, symbols) =>
        path === IPHLPAPI ? windows()(path, symbols) : otherwise(path),
    });
    assertEquals(tried, ["kernel32.dll", IPHLPAPI]);
  }
});

Deno.test("WindowsLibrary loads no bare name under a partial grant", () => {
  const fake = { state: "granted", partial: true } as const;
  const { tried, asked } = load({ ...fake, dlopen: windows() });
  assertEquals([tried, asked], [[IPHLPAPI], 0]);
  // Another drive would be as granted, and is no better
  const { error, ...loading } = refused({ ...fake, dlopen: missing });
  assertEquals(loading.tried, [IPHLPAPI]);
  assertStringIncludes(error.message, "where Windows is in another folder");
  assertStringIncludes(error.message, "and without --deny-ffi");
});

Deno.test("WindowsLibrary loads no bare name under a scoped grant", () => {
  for (const drive of ["C", "E"]) {
    const only = `${drive}:\\Windows\\System32\\iphlpapi.dll`;
    for (const terminal of [{}, { terminal: "yes" }] as const) {
      const { tried, asked } = load({
        state: "prompt",
        granted: [only],
        ...terminal,
        dlopen: windows(),
      });
      assertEquals([tried, asked], [[only], 0]);
    }
  }
});

Deno.test("WindowsLibrary tries the path that a broker may allow, whatever the flags say", () => {
  for (const state of ["prompt", "denied"] as const) {
    const { tried, asked } = load({ state, dlopen: windows() });
    assertEquals([tried, asked], [[IPHLPAPI], 0]);
  }
});

Deno.test("WindowsLibrary prompts the user once", () => {
  const yes = load({ state: "prompt", terminal: "yes", dlopen: windows() });
  assertEquals(yes.tried, [
    "kernel32.dll",
    "C:\\Windows\\system32\\iphlpapi.dll",
  ]);
  assertEquals(yes.asked, 1);
  const no = refused({ state: "prompt", terminal: "no", dlopen: refuse });
  assertEquals([no.tried, no.asked], [[], 1]);
});

Deno.test("WindowsLibrary names all three paths where none is granted", () => {
  const { error, tried } = refused({ state: "prompt", dlopen: refuse });
  assertEquals(tried, [IPHLPAPI]);
  assertEquals(
    error.message,
    `Deno may not load ${IPHLPAPI}: run with --allow-ffi, or with ` +
      `--allow-ffi=${IPHLPAPI},${SYSTEM}\\ntdll.dll,${SYSTEM}\\kernel32.dll`,
  );
});

Deno.test("WindowsLibrary.call() names an export that is missing, the others work", () => {
  const dlopen = windows(undefined, ["CreateIpNetEntry2"]);
  withLoading({ state: "granted", dlopen }, () => {
    const library = new WindowsLibrary();
    const row = new Uint8Array(88);
    assertEquals(library.call("SetIpNetEntry2")(row), 0);
    const error = assertThrows(
      () => library.call("CreateIpNetEntry2"),
      NeighborError,
      "has no CreateIpNetEntry2",
    );
    assertEquals(
      [error.code, error.operation],
      ["NOT_SUPPORTED", "CreateIpNetEntry2"],
    );
    library.close();
  });
});
