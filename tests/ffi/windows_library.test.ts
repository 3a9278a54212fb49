import { assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import { WindowsLibrary } from "../../ffi/windows/library.ts";

/** What stands in for Deno.dlopen: which paths were asked for, what they give. */
interface Loader {
  readonly loaded: string[];
  readonly systemFolder?: string;
  readonly missing?: readonly string[];
  readonly granted?: (path: string | URL | undefined) => boolean;
}

/** Runs `body` on a computer that has no Windows, but answers as one would. */
function onWindows(loader: Loader, body: () => void): void {
  const { dlopen } = Deno;
  const { querySync, requestSync } = Deno.permissions;
  const state = (descriptor: Deno.PermissionDescriptor) => {
    const path = descriptor.name === "ffi" ? descriptor.path : undefined;
    const isGranted = loader.granted?.(path) ?? true;
    return { state: isGranted ? "granted" : "denied" } as Deno.PermissionStatus;
  };
  const open = (path: string, symbols: Record<string, unknown>) => {
    loader.loaded.push(path);
    const functions: Record<string, unknown> = {};
    for (const name of Object.keys(symbols)) {
      functions[name] = loader.missing?.includes(name) ? null : () => 0;
    }
    functions["GetSystemDirectoryW"] = (text: Uint16Array) => {
      const folder = loader.systemFolder ?? "C:\\Windows\\system32";
      for (let i = 0; i < folder.length; i++) text[i] = folder.charCodeAt(i);
      return folder.length;
    };
    return { symbols: functions, close: () => {} };
  };
  try {
    Deno.dlopen = open as unknown as typeof dlopen;
    Deno.permissions.querySync = state;
    Deno.permissions.requestSync = state;
    body();
  } finally {
    Deno.dlopen = dlopen;
    Deno.permissions.querySync = querySync;
    Deno.permissions.requestSync = requestSync;
  }
}

Deno.test("WindowsLibrary loads from the system folder that Windows names", () => {
  const loaded: string[] = [];
  onWindows({ loaded, systemFolder: "D:\\WINNT\\system32" }, () => {
    new WindowsLibrary().close();
  });
  assertEquals(loaded, ["kernel32.dll", "D:\\WINNT\\system32\\iphlpapi.dll"]);
});

Deno.test("WindowsLibrary asks no bare name under a scoped grant", () => {
  for (const drive of ["C", "E"]) {
    const loaded: string[] = [];
    const only = `${drive}:\\Windows\\System32\\iphlpapi.dll`;
    onWindows({ loaded, granted: (path) => path === only }, () => {
      new WindowsLibrary().close();
    });
    assertEquals(loaded, [only]);
  }
});

Deno.test("WindowsLibrary loads nothing without permission, and names it", () => {
  const loaded: string[] = [];
  onWindows({ loaded, granted: () => false }, () => {
    const error = assertThrows(
      () => new WindowsLibrary(),
      NeighborError,
      "--allow-ffi",
    );
    assertEquals([error.code, error.status], ["PERMISSION_REQUIRED", null]);
  });
  assertEquals(loaded, []);
});

Deno.test("WindowsLibrary.call() names an export that is missing, the others work", () => {
  onWindows({ loaded: [], missing: ["CreateIpNetEntry2"] }, () => {
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
