/**
 * Command → API → answer. Nothing is printed here.
 *
 * @module
 */

import { NeighborError } from "../ffi/error.ts";
import type {
  InterfaceNames,
  Neighbor,
  NeighborEntry,
  NeighborFilter,
  NeighborKey,
  NeighborState,
  NeighborTable,
} from "../ffi/neighbor.ts";
import { openNeighborTable } from "../ffi/open.ts";
import { formatLinkLayerAddress } from "../ffi/link_layer_address.ts";
import { parseEntry } from "../ffi/entry.ts";
import type { RunCommand } from "./parse.ts";
import {
  type Answer,
  interfaceRows,
  neighborRows,
  sentence,
} from "./answer.ts";

/** Runs one verb against this computer's table. */
export function run(command: RunCommand): Answer {
  using table = openNeighborTable();
  switch (command.verb) {
    case "list": {
      const rows = table.list(filterOf(command));
      return { json: rows, text: neighborRows(rows) };
    }
    case "interfaces": {
      const interfaces = table.listInterfaces();
      return { json: interfaces, text: interfaceRows(interfaces) };
    }
    case "get": {
      const row = existing(table, keyOf(command));
      return { json: row, text: neighborRows([row]) };
    }
    case "delete":
      return remove(table, command);
    case "set":
    case "add":
      return write(table, command);
  }
}

const API_VERB = { set: "set", add: "create" } as const;
const RESULT = { set: "changed", add: "created" } as const;

function write(table: NeighborTable, command: RunCommand): Answer {
  const verb = command.verb === "add" ? "add" : "set";
  const entry: NeighborEntry = {
    ...keyOf(command),
    linkLayerAddress: command.operands[1]!,
  };
  const wanted = formatLinkLayerAddress(parseEntry(entry).linkLayerAddress);
  if (command.dryRun) {
    const { operation, current } = table.preview(API_VERB[verb], entry);
    return {
      json: { result: "dry-run", operation, entry, neighbor: current ?? null },
      text: sentence("Would call", operation, current, entry.address, wanted),
    };
  }
  table[API_VERB[verb]](entry);
  // What a write makes of the entry is the system's to say
  const neighbor = existing(table, entry);
  if (neighbor.linkLayerAddress !== wanted) {
    throw new NeighborError(
      "OTHER",
      `The system answered success, yet ${neighbor.address} now has ` +
        `${
          neighbor.linkLayerAddress ?? "no link-layer address"
        }, not ${wanted}`,
      { entry },
    );
  }
  return {
    json: { result: RESULT[verb], neighbor },
    text: neighborRows([neighbor]),
  };
}

function remove(table: NeighborTable, command: RunCommand): Answer {
  const key = keyOf(command);
  if (command.dryRun) {
    const { operation, current } = table.preview("delete", key);
    return {
      json: {
        result: "dry-run",
        operation,
        entry: key,
        neighbor: current ?? null,
      },
      text: sentence("Would call", operation, current, key.address, null),
    };
  }
  // Read first: afterwards nobody can say what was there
  const neighbor = table.get(key);
  table.delete(key);
  return {
    json: { result: "deleted", neighbor: neighbor ?? null },
    text: sentence("Deleted", "", neighbor, key.address, null),
  };
}

function existing(table: NeighborTable, key: NeighborKey): Neighbor {
  const row = table.get(key);
  if (row !== undefined) return row;
  throw new NeighborError(
    "NOT_FOUND",
    `There is no entry for ${key.address} on that interface`,
    { entry: key },
  );
}

function keyOf(command: RunCommand): NeighborKey {
  // Checked by the parser: the interface is in the option or in the zone
  return {
    address: command.operands[0]!,
    ...interfaceOf(command.values.interface),
  } as NeighborKey;
}

function filterOf({ values }: RunCommand): NeighborFilter {
  return {
    ...interfaceOf(values.interface),
    ...(values.family !== undefined &&
      { family: values.family as "ipv4" | "ipv6" }),
    ...(values.state !== undefined &&
      { state: values.state.split(",") as NeighborState[] }),
    ...(values.subnet !== undefined && { subnet: values.subnet }),
  };
}

/** An index where it is decimal, a LUID where it is 0x…, else an alias. */
function interfaceOf(word: string | undefined): InterfaceNames {
  if (word === undefined) return {};
  if (/^[0-9]+$/.test(word)) return { interfaceIndex: Number(word) };
  if (/^0x/i.test(word)) return { interfaceLuid: word };
  const prefix = "alias:";
  return {
    interfaceAlias: word.startsWith(prefix) ? word.slice(prefix.length) : word,
  };
}
