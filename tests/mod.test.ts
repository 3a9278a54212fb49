import { assert, assertEquals } from "@std/assert";
import * as mod from "../mod.ts";
import { pretend, runScript, urlOf } from "./helpers/child.ts";

// Types leave no trace at run time: that they are exported is checked here
import type {
  AddressFamily as _AddressFamily,
  AppliedEntry as _AppliedEntry,
  ApplyOptions as _ApplyOptions,
  ApplyOutcome as _ApplyOutcome,
  ApplyReport as _ApplyReport,
  ChangeResult as _ChangeResult,
  EntryMember as _EntryMember,
  FlushFilter as _FlushFilter,
  InterfaceKey as _InterfaceKey,
  InterfaceNames as _InterfaceNames,
  InterfaceType as _InterfaceType,
  Neighbor as _Neighbor,
  NeighborChange as _NeighborChange,
  NeighborEntry as _NeighborEntry,
  NeighborErrorCode as _NeighborErrorCode,
  NeighborEvent as _NeighborEvent,
  NeighborFilter as _NeighborFilter,
  NeighborFlag as _NeighborFlag,
  NeighborKey as _NeighborKey,
  NeighborPlan as _NeighborPlan,
  NeighborRow as _NeighborRow,
  NeighborState as _NeighborState,
  NeighborTable as _NeighborTable,
  NeighborWatch as _NeighborWatch,
  NetworkInterface as _NetworkInterface,
  PlannedEntry as _PlannedEntry,
  PlanOptions as _PlanOptions,
  ReplaceResult as _ReplaceResult,
  ResolveOptions as _ResolveOptions,
  RollbackOutcome as _RollbackOutcome,
  WatchOptions as _WatchOptions,
  WritePreview as _WritePreview,
  ZonedAddress as _ZonedAddress,
} from "../mod.ts";

/** Asks no system. */
const PURE = ["planNeighbors"] as const;
const CLASSES = ["NeighborApplyError", "NeighborError"] as const;

const FUNCTIONS = [
  "applyNeighbors",
  "changeNeighbors",
  "createNeighbor",
  "deleteNeighbor",
  "flushNeighbors",
  "getNeighbor",
  "guardNeighbors",
  "listInterfaces",
  "listNeighbors",
  "openNeighborTable",
  "pinNeighbor",
  "readNeighbors",
  "replaceNeighbor",
  "resolveNeighbor",
  "setNeighbor",
  "watchNeighbors",
] as const;

const MOD = urlOf("mod.ts");

Deno.test("mod.ts exports the documented names and no other", () => {
  const names = [...CLASSES, ...PURE, ...FUNCTIONS];
  assertEquals(Object.keys(mod).sort(), names.sort());
  for (const name of names) assertEquals(typeof mod[name], "function");
});

for (const os of [Deno.build.os, "windows", "linux", "darwin", "freebsd"]) {
  Deno.test(`mod.ts loads nothing at import on ${os}, without permission`, async () => {
    const { code, stdout, stderr } = await runScript(`${pretend(os)}
      let opened = 0;
      Deno.dlopen = () => { opened++; throw new Error("dlopen"); };
      const mod = await import("${MOD}");
      console.log(Object.keys(mod).length, opened, Deno.build.os);
    `);
    assertEquals([code, stderr], [0, ""]);
    assertEquals(stdout, `${Object.keys(mod).length} 0 ${os}\n`);
  });
}

Deno.test("every function throws UNSUPPORTED_PLATFORM on an unknown system", async () => {
  const { code, stdout, stderr } = await runScript(`${pretend("aix")}
    const mod = await import("${MOD}");
    const entry = {
      address: "192.0.2.7",
      linkLayerAddress: "02-fc-00-00-00-05",
      interfaceIndex: 12,
    };
    for (const name of ${JSON.stringify(FUNCTIONS)}) {
      try {
        const given = /^(apply|change|guard)/.test(name) ? [entry] : entry;
        await mod[name](...(name.startsWith("list") ? [] : [given]));
        console.log(name, "went through");
      } catch (error) {
        const { code, status, operation } = error;
        const isOurs = error instanceof mod.NeighborError;
        const isNamed = error.message.includes("aix");
        console.log(name, isOurs, code, status, operation, isNamed);
      }
    }
  `);
  assertEquals([code, stderr], [0, ""]);
  const answer = "true UNSUPPORTED_PLATFORM null null true";
  assertEquals(stdout, FUNCTIONS.map((name) => `${name} ${answer}\n`).join(""));
});

Deno.test("setNeighbor() asks for --allow-ffi only after the entry is checked", async () => {
  // The backend of Windows, on whatever this is: nothing is loaded before
  const { code, stdout, stderr } = await runScript(`${pretend("windows")}
    const { setNeighbor, openNeighborTable } = await import("${MOD}");
    const good = {
      address: "192.0.2.7",
      linkLayerAddress: "02-fc-00-00-00-05",
      interfaceIndex: 12,
    };
    const tries = [undefined, { ...good, address: "127.0.0.1" }, good];
    for (const entry of tries) {
      try {
        setNeighbor(entry);
      } catch (error) {
        console.log(error.name, error.code, error.status, error.message);
      }
    }
    const table = openNeighborTable();
    table.close();
    table.close();
    try {
      table.set(good);
    } catch (error) {
      console.log(error.name, error.code, error.status, error.message);
    }
  `);
  assertEquals([code, stderr], [0, ""]);
  const lines = stdout.split("\n");
  assertEquals(
    lines[0],
    "NeighborError INVALID_PARAMETER null " +
      "No entry given: it is an object, not undefined",
  );
  assert(lines[1]?.includes("INVALID_PARAMETER null The address"));
  assert(lines[2]?.startsWith("NeighborError PERMISSION_REQUIRED null "));
  assert(lines[2]?.includes("iphlpapi.dll"));
  assert(lines[2]?.includes("--allow-ffi"));
  assertEquals(
    lines[3],
    "NeighborError CLOSED null This neighbor table is closed",
  );
});

Deno.test("without Deno, as in Node and Bun, mod.ts imports and says what it needs", async () => {
  const { code, stdout, stderr } = await runScript(`
    delete globalThis.Deno;
    const mod = await import("${MOD}");
    console.log(mod.planNeighbors([], []).create.length);
    const entry = {
      address: "192.0.2.7",
      linkLayerAddress: "02-fc-00-00-00-05",
      interfaceIndex: 12,
    };
    for (const name of ${JSON.stringify(FUNCTIONS)}) {
      try {
        const given = /^(apply|change|guard)/.test(name) ? [entry] : entry;
        await mod[name](...(name.startsWith("list") ? [] : [given]));
        console.log(name, "went through");
      } catch (error) {
        console.log(name, error.code, error.message);
      }
    }
  `);
  assertEquals([code, stderr], [0, ""]);
  const answer = "UNSUPPORTED_PLATFORM This package needs Deno: " +
    "no other runtime has Deno.dlopen";
  assertEquals(
    stdout,
    "0\n" + FUNCTIONS.map((name) => `${name} ${answer}\n`).join(""),
  );
});

Deno.test("without Deno, as in Node and Bun, cli.ts says that it needs Deno", async () => {
  const { code, stderr } = await runScript(`
    delete globalThis.Deno;
    await import("${urlOf("cli.ts")}");
  `);
  assertEquals(code, 1);
  assert(stderr.includes("neighbor needs Deno to run"), stderr);
});
