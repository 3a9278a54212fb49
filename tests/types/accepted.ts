/**
 * Programs that must compile, under the same options.
 *
 * @module
 */

import type { Program } from "./compiler.ts";

export const ACCEPTED: readonly Program[] = [
  {
    name: "an entry by alias, index and either form of LUID",
    source: `import { setNeighbor } from "@ipnet/neighbor";
const entry = { address: "192.0.2.7", linkLayerAddress: "02-fc-00-00-00-05" };
setNeighbor({ ...entry, interfaceAlias: "Ethernet" });
setNeighbor({ ...entry, interfaceIndex: 12 });
setNeighbor({ ...entry, interfaceLuid: 0x6008000000000n });
setNeighbor({ ...entry, interfaceLuid: "0x0006008000000000" });
`,
  },
  {
    name: "an interface under several names, some of them null",
    source: `import { createNeighbor } from "@ipnet/neighbor";
createNeighbor({
  address: "192.0.2.7",
  linkLayerAddress: new Uint8Array(6),
  interfaceAlias: "Ethernet",
  interfaceIndex: 12,
  interfaceLuid: null,
});
`,
  },
  {
    name: "an address whose zone names the interface",
    source: `import { deleteNeighbor, getNeighbor } from "@ipnet/neighbor";
deleteNeighbor({ address: "fe80::1%Ethernet" });
export const name = "eth0";
console.log(getNeighbor({ address: \`fe80::1%\${name}\` }));
`,
  },
  {
    name: "a row given back once its link-layer address is known",
    source: `import { listNeighbors, setNeighbor } from "@ipnet/neighbor";
for (const row of listNeighbors()) {
  if (row.linkLayerAddress !== null) setNeighbor(row);
}
`,
  },
  {
    name: "rows one by one",
    source: `import { type Neighbor, readNeighbors } from "@ipnet/neighbor";
for (const { address } of readNeighbors({ state: "stale" })) {
  console.log(address);
  break;
}
export const rows: Neighbor[] = [...readNeighbors()];
`,
  },
  {
    name: "a row as a key",
    source: `import { deleteNeighbor, listNeighbors } from "@ipnet/neighbor";
listNeighbors({ state: "failed" }).forEach(deleteNeighbor);
`,
  },
  {
    name: "a readonly entry with its bytes",
    source: `import { type NeighborEntry, setNeighbor } from "@ipnet/neighbor";
const entry = {
  address: "2001:db8::7",
  linkLayerAddress: Uint8Array.of(2, 0xfc, 0, 0, 0, 5),
  interfaceIndex: 12,
} as const satisfies NeighborEntry;
setNeighbor(entry);
`,
  },
  {
    name: "every member of a filter",
    source:
      `import { listNeighbors, type NeighborFilter } from "@ipnet/neighbor";
const filter: NeighborFilter = {
  family: "ipv6",
  state: ["stale", "reachable"] as const,
  subnet: "2001:db8::/32",
  linkLayerAddress: "02:fc:",
  protocol: 42,
  proxy: false,
  interfaceAlias: "Ethernet",
};
listNeighbors({ subnet: ["2001:db8::/32", "192.0.2.7"] as const });
console.table(listNeighbors(filter));
listNeighbors({});
listNeighbors();
`,
  },
  {
    name: "a row that may not be there, asked with care",
    source: `import { getNeighbor } from "@ipnet/neighbor";
const row = getNeighbor({ address: "192.0.2.1", interfaceIndex: 12 });
export const text: string = row?.linkLayerAddress ?? "not known";
`,
  },
  {
    name: "a table of one's own that closes itself",
    source:
      `import { type NeighborTable, openNeighborTable } from "@ipnet/neighbor";
using table: NeighborTable = openNeighborTable();
const entry = { address: "192.0.2.7", interfaceIndex: 12 };
console.log(table.preview("delete", entry).current);
console.log(table.preview("set", { ...entry, linkLayerAddress: "02" }));
`,
  },
  {
    name: "an error told apart by its code",
    source: `import { NeighborError } from "@ipnet/neighbor";
export function exitCode(error: unknown): number {
  if (!(error instanceof NeighborError)) throw error;
  switch (error.code) {
    case "NOT_FOUND":
      return 3;
    default:
      return error.status ?? 1;
  }
}
`,
  },
  {
    name: "an error made by a test of one's own",
    source:
      `import { NeighborError, type NeighborErrorCode } from "@ipnet/neighbor";
const code: NeighborErrorCode = "ACCESS_DENIED";
const cause = new Error("why");
export const error = new NeighborError(code, "No", { status: 5, cause });
`,
  },
  {
    name: "a row built by a test of one's own",
    source: `import type { Neighbor } from "@ipnet/neighbor";
export const row: Neighbor = {
  address: "192.0.2.7",
  family: "ipv4",
  interfaceAlias: null,
  interfaceIndex: 12,
  interfaceLuid: null,
  isRouter: false,
  isUnreachable: false,
  linkLayerAddress: null,
  reachabilityTime: null,
  state: "incomplete",
};
`,
  },
  {
    name: "an interface of the list as a key",
    source: `import { listInterfaces, listNeighbors } from "@ipnet/neighbor";
for (const { interfaceIndex, isUp } of listInterfaces()) {
  if (isUp) console.table(listNeighbors({ interfaceIndex }));
}
`,
  },
  {
    name: "a backup that is applied",
    source: `import { applyNeighbors, listNeighbors } from "@ipnet/neighbor";
const backup = listNeighbors({ state: "permanent" })
  .filter((row) => row.linkLayerAddress !== null);
const { entries } = await applyNeighbors(backup, { prune: true });
console.log(entries[0]?.outcome satisfies string | undefined);
`,
  },
  {
    name: "a guard that tells what it finds",
    source: `import { guardNeighbors } from "@ipnet/neighbor";
const entry = { address: "fe80::1%eth0", linkLayerAddress: "02" } as const;
const { repairs } = await guardNeighbors([entry], {
  signal: AbortSignal.timeout(1000),
  report(event) {
    if (event.type === "repaired") console.log(event.found?.state);
    else if (event.type === "waiting") console.log(event.entries.length);
    else if ("error" in event) console.log(event.error.code);
  },
});
console.log(repairs + 1);
`,
  },
  {
    name: "a pin for a block",
    source: `import { pinNeighbor } from "@ipnet/neighbor";
using pin = pinNeighbor({
  address: "192.0.2.7",
  linkLayerAddress: new Uint8Array(6),
  interfaceIndex: 12,
});
console.log(pin.result === "unchanged", pin.previous?.linkLayerAddress);
`,
  },
];
