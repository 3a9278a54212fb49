/**
 * A pin, a guard and a resolve keep the backend of their table. Once the table
 * is closed its file descriptor may be that of another file, and its library
 * may be unloaded: a closed backend makes no call.
 */

import { assertEquals, assertRejects } from "@std/assert";
import type { SystemBackend } from "../../ffi/backend.ts";
import { EntryList, REPLACE } from "../../ffi/entry_list.ts";
import { LinuxBackend } from "../../ffi/linux/backend.ts";
import { parseEntry } from "../../ffi/parse/entry.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { WindowsBackend } from "../../ffi/windows/backend.ts";
import { FakeKernel } from "../helpers/fake_kernel.ts";
import { withLoading } from "../helpers/fake_loading.ts";

const NAMED = { luid: 0n, index: 100, alias: null };
const RESOLVE = { source: null, timeout: 100, signal: undefined };
const VISITOR = { begin() {}, row() {} };
const SCAN = {
  family: "ipv4",
  on: null,
  proxy: false,
  mayRepeat: false,
  given: undefined,
} as const;

/** A backend that is open, and what is kept of it. */
interface Opened {
  readonly backend: SystemBackend;
  readonly entries: EntryList;
  readonly row: Neighbor;
}

/** Opens it, and binds an entry while it is open. */
function open(backend: SystemBackend): Opened {
  const entries = new EntryList();
  parseEntry(entries, {
    address: "192.0.2.7",
    linkLayerAddress: "02:fc:00:00:00:05",
    interfaceIndex: NAMED.index,
  });
  entries.bound[0] = backend.target(NAMED, undefined, true);
  const row: Neighbor = {
    address: "192.0.2.7",
    family: "ipv4",
    interfaceIndex: NAMED.index,
    interfaceLuid: null,
    interfaceAlias: null,
    linkLayerAddress: "02:fc:00:00:00:05",
    state: "permanent",
    isRouter: false,
    isUnreachable: false,
    reachabilityTime: null,
  };
  return { backend, entries, row };
}

/**
 * Every method that calls over what was opened before; a watch opens its own.
 * A write keeps its error in the list.
 */
const CALLS: Readonly<Record<string, (of: Opened) => unknown>> = {
  bind({ backend }) {
    const [found] = backend.bind([NAMED], undefined);
    if (found instanceof NeighborError) throw found;
  },
  refresh: ({ backend, entries }) => backend.refresh(entries.on(0)),
  target: ({ backend }) =>
    backend.target({ luid: 0n, index: 0, alias: "veth" }, undefined, true),
  read: ({ backend, entries }) => backend.read(entries, 0),
  scan: ({ backend }) => backend.scan(SCAN, VISITOR),
  write({ backend, entries }) {
    entries.verbs[0] = REPLACE;
    backend.write(entries, 0, 1);
    for (const error of entries.errors.values()) throw error;
  },
  restore: ({ backend, entries, row }) => backend.restore(row, entries.on(0)),
  interfaces: ({ backend }) => backend.interfaces(),
  resolve: ({ backend, entries }) => backend.resolve(entries, 0, RESOLVE),
};

/** The calls of a system's library, counted. */
let calls = 0;

function counted<Functions extends object>(functions: Functions): Functions {
  return new Proxy(functions, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof found !== "function") return found;
      return (...words: unknown[]) => {
        calls++;
        return found.apply(target, words);
      };
    },
  });
}

function openLinux(): Opened {
  const { libc } = new FakeKernel();
  return open(new LinuxBackend(() => counted(libc)));
}

function openWindows(): Opened {
  let opened: Opened | undefined;
  withLoading({
    state: "granted",
    partial: true,
    dlopen: (_, symbols) => ({
      symbols: counted(
        Object.fromEntries(Object.keys(symbols).map((name) => [name, () => 0])),
      ),
      close: () => void calls++,
    }),
  }, () => opened = open(new WindowsBackend()));
  return opened!;
}

const SYSTEMS = [["Linux", openLinux], ["Windows", openWindows]] as const;

for (const [system, openOne] of SYSTEMS) {
  for (const [name, call] of Object.entries(CALLS)) {
    Deno.test(`a closed backend of ${system} refuses ${name}`, async () => {
      const opened = openOne();
      opened.backend.close();
      const before = calls;
      const error = await assertRejects(
        async () => await call(opened),
        NeighborError,
        "closed",
      );
      assertEquals([error.code, error.status], ["CLOSED", null]);
      assertEquals(calls, before);
    });
  }

  Deno.test(`a backend of ${system} is closed once`, () => {
    const { backend } = openOne();
    backend.close();
    const before = calls;
    backend.close();
    assertEquals(calls, before);
  });
}
