/**
 * Programs that must not compile, each with the diagnostic it must get.
 *
 * @module
 */

import type { Program } from "./compiler.ts";

/** A program with one mistake. */
export interface RefusedProgram extends Program {
  /** The compiler's number for the mistake. */
  readonly code: number;
  /** A part of what the compiler says. */
  readonly message: string;
}

/** Fills in what most of the programs have in common. */
function setting(entry: string): string {
  return `import { setNeighbor } from "@ipnet/neighbor";\n` +
    `setNeighbor(${entry});\n`;
}

export const REFUSED: readonly RefusedProgram[] = [
  {
    name: "a number for a LUID",
    source: setting(
      `{ address: "192.0.2.7", linkLayerAddress: "02", interfaceLuid: 6 }`,
    ),
    code: 2322,
    message: "Type 'number' is not assignable to type 'string | bigint",
  },
  {
    name: "a bigint for an index",
    source: setting(
      `{ address: "192.0.2.7", linkLayerAddress: "02", interfaceIndex: 12n }`,
    ),
    code: 2322,
    message: "Type 'bigint' is not assignable to type 'number'",
  },
  {
    name: "an entry without an interface",
    source: setting(`{ address: "192.0.2.7", linkLayerAddress: "02" }`),
    code: 2345,
    message: "Property 'interfaceAlias' is missing",
  },
  {
    name: "an interface that is null under every name",
    source: setting(
      `{ address: "192.0.2.7", linkLayerAddress: "02", interfaceAlias: null }`,
    ),
    code: 2345,
    message: "Type 'null' is not assignable to type 'string'",
  },
  {
    name: "a misspelt name of an interface",
    source: setting(
      `{ address: "192.0.2.7", linkLayerAddress: "02", interfaceName: "eth0" }`,
    ),
    code: 2561,
    message: "'interfaceName' does not exist in type",
  },
  {
    name: "an entry without a link-layer address",
    source: setting(`{ address: "192.0.2.7", interfaceIndex: 12 }`),
    code: 2345,
    message: "not assignable to parameter of type 'NeighborEntry'",
  },
  {
    name: "a link-layer address as a list of numbers",
    source: setting(
      `{ address: "192.0.2.7", linkLayerAddress: [2, 252], interfaceIndex: 1 }`,
    ),
    code: 2322,
    message: "Type 'number[]' is not assignable to type 'string | Uint8Array",
  },
  {
    name: "a number for an address",
    source: setting(
      `{ address: 3221225991, linkLayerAddress: "02", interfaceIndex: 12 }`,
    ),
    code: 2322,
    message: "Type 'number' is not assignable to type 'string'",
  },
  {
    name: "text for an index",
    source: setting(
      `{ address: "192.0.2.7", linkLayerAddress: "02", interfaceIndex: "12" }`,
    ),
    code: 2322,
    message: "Type 'string' is not assignable to type 'number'",
  },
  {
    name: "a row given back whose link-layer address may be null",
    source: `import { getNeighbor, setNeighbor } from "@ipnet/neighbor";
const row = getNeighbor({ address: "fe80::1%eth0" });
if (row !== undefined) setNeighbor(row);
`,
    code: 2379,
    message:
      "linkLayerAddress: null; }' is not assignable to type 'NeighborEntry'",
  },
  {
    name: "a row that may not be there",
    source: `import { getNeighbor } from "@ipnet/neighbor";
console.log(getNeighbor({ address: "fe80::1%eth0" }).state);
`,
    code: 2532,
    message: "Object is possibly 'undefined'",
  },
  {
    name: "a LUID of a row taken for a bigint",
    source: `import { listNeighbors } from "@ipnet/neighbor";
export const luids: bigint[] = listNeighbors().map((row) => row.interfaceLuid);
`,
    code: 2322,
    message: "Type 'string | null' is not assignable to type 'bigint'",
  },
  {
    name: "a member of a row written to",
    source: `import { listNeighbors } from "@ipnet/neighbor";
for (const row of listNeighbors()) row.state = "permanent";
`,
    code: 2540,
    message: "Cannot assign to 'state' because it is a read-only property",
  },
  {
    name: "the first row of a table that may be empty",
    source: `import { listNeighbors } from "@ipnet/neighbor";
console.log(listNeighbors()[0].address);
`,
    code: 2532,
    message: "Object is possibly 'undefined'",
  },
  {
    name: "a misspelt state",
    source: `import { listNeighbors } from "@ipnet/neighbor";
listNeighbors({ state: "permanant" });
`,
    code: 2820,
    message: `Did you mean '"permanent"'?`,
  },
  {
    name: "a misspelt state in a list",
    source: `import { listNeighbors } from "@ipnet/neighbor";
listNeighbors({ state: ["stale", "REACHABLE"] });
`,
    code: 2820,
    message: `Did you mean '"reachable"'?`,
  },
  {
    name: "an unknown family",
    source: `import { listNeighbors } from "@ipnet/neighbor";
listNeighbors({ family: "inet6" });
`,
    code: 2322,
    message: `Type '"inet6"' is not assignable to type 'AddressFamily`,
  },
  {
    name: "a misspelt member of a filter",
    source: `import { listNeighbors } from "@ipnet/neighbor";
listNeighbors({ states: "stale" });
`,
    code: 2561,
    message: "Did you mean to write 'state'?",
  },
  {
    name: "the name of a protocol in a filter",
    source: `import { listNeighbors } from "@ipnet/neighbor";
listNeighbors({ protocol: "zebra" });
`,
    code: 2322,
    message: "Type 'string' is not assignable to type 'number'",
  },
  {
    name: "octets for the link-layer address of a filter",
    source: `import { listNeighbors } from "@ipnet/neighbor";
listNeighbors({ linkLayerAddress: Uint8Array.of(2, 0xfc) });
`,
    code: 2322,
    message: "is not assignable to type 'string'",
  },
  {
    name: "an undefined member of a filter",
    source: `import { listNeighbors } from "@ipnet/neighbor";
listNeighbors({ subnet: undefined });
`,
    code: 2379,
    message: "with 'exactOptionalPropertyTypes: true'",
  },
  {
    name: "a state compared with what is none",
    source: `import { listNeighbors } from "@ipnet/neighbor";
console.log(listNeighbors().filter((row) => row.state === "dynamic"));
`,
    code: 2367,
    message: `'NeighborState' and '"dynamic"' have no overlap`,
  },
  {
    name: "an error compared with an unknown code",
    source: `import { NeighborError } from "@ipnet/neighbor";
export function isMissing(error: unknown): boolean {
  return error instanceof NeighborError && error.code === "ENOENT";
}
`,
    code: 2367,
    message: `'NeighborErrorCode' and '"ENOENT"' have no overlap`,
  },
  {
    name: "an error whose code is written to",
    source: `import { NeighborError } from "@ipnet/neighbor";
new NeighborError("OTHER", "").code = "NOT_FOUND";
`,
    code: 2540,
    message: "Cannot assign to 'code' because it is a read-only property",
  },
  {
    name: "the answer of a write that answers nothing",
    source: `import { createNeighbor } from "@ipnet/neighbor";
const entry = { linkLayerAddress: "02", interfaceIndex: 1 };
if (createNeighbor({ address: "192.0.2.7", ...entry })) console.log("done");
`,
    code: 1345,
    message: "An expression of type 'void' cannot be tested for truthiness",
  },
  {
    name: "a delete without the key's interface previewed",
    source: `import { openNeighborTable } from "@ipnet/neighbor";
using table = openNeighborTable();
table.preview("delete", { address: "192.0.2.7" });
`,
    code: 2769,
    message: "Property 'interfaceAlias' is missing",
  },
  {
    name: "a set previewed with a key alone",
    source: `import { openNeighborTable } from "@ipnet/neighbor";
using table = openNeighborTable();
table.preview("set", { address: "192.0.2.7", interfaceIndex: 12 });
`,
    code: 2769,
    message: "not assignable to parameter of type 'NeighborEntry'",
  },
  {
    name: "a record of all states that forgets some",
    source: `import type { NeighborState } from "@ipnet/neighbor";
export const known: Record<NeighborState, boolean> = { permanent: true };
`,
    code: 2740,
    message: "unreachable, incomplete, probe, delay",
  },
  {
    name: "a pin without an interface",
    source: `import { pinNeighbor } from "@ipnet/neighbor";
using _pin = pinNeighbor({ address: "192.0.2.7", linkLayerAddress: "02" });
`,
    code: 2345,
    message: "Property 'interfaceAlias' is missing",
  },
  {
    name: "what a guard found without asking what happened",
    source: `import { guardNeighbors } from "@ipnet/neighbor";
await guardNeighbors([], { report: (event) => console.log(event.found) });
`,
    code: 2339,
    message: "Property 'found' does not exist on type 'GuardEvent'",
  },
  {
    name: "a plan that is written to",
    source: `import { planNeighbors } from "@ipnet/neighbor";
planNeighbors([], []).create.push({ address: "::1%a", linkLayerAddress: "02" });
`,
    code: 2339,
    message: "Property 'push' does not exist on type 'readonly",
  },
];
