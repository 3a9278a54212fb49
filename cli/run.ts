/**
 * Command → API → answer. Nothing is printed here.
 *
 * @module
 */

import { describeKey, parseEntry, parseKey } from "../ffi/parse/entry.ts";
import { NeighborError, withNote } from "../ffi/types/error.ts";
import { formatLinkLayerAddress } from "../ffi/parse/link_layer_address.ts";
import type {
  Neighbor,
  NeighborEntry,
  NeighborKey,
} from "../ffi/types/neighbor.ts";
import { openNeighborTable } from "../ffi/open.ts";
import type { NeighborTable } from "../ffi/types/table.ts";
import {
  type Answer,
  interfaceRows,
  neighborRows,
  sentence,
  type Whole,
} from "./output/answer.ts";
import { batch } from "./batch.ts";
import { ownAddressWarning } from "./own_address.ts";
import { entryOf, filterOf, keyOf } from "./values.ts";
import { type RunCommand, UsageError } from "./args.ts";
import { silenced } from "./output/silenced.ts";
import { VERBS } from "./usage.ts";
import {
  ambiguous,
  namesInterface,
  refuseWithoutInterface,
  rowsOf,
} from "./which_interface.ts";

/** Runs one verb against this computer's table. */
export async function run(command: RunCommand): Promise<Answer> {
  // Not closed: the command ends with its answer, which may take its time
  const table = openNeighborTable();
  if (VERBS[command.verb].interface === "needed" && !namesInterface(command)) {
    throw refuseWithoutInterface(table, command);
  }
  const answer = await RUN[command.verb](table, command);
  return command.flags.has("quiet") ? silenced(answer) : answer;
}

type Run = (
  table: NeighborTable,
  command: RunCommand,
) => Answer | Promise<Answer>;

const RUN: Readonly<Record<RunCommand["verb"], Run>> = {
  set: (table, command) => write(table, command, "set"),
  add: (table, command) => write(table, command, "create"),
  replace: (table, command) => write(table, command, "replace"),
  delete: remove,
  flush,
  batch: (table, command) => ({ lines: batch(table, command), kind: "finite" }),
  apply: async (table, command) => {
    return await (await import("./apply/apply.ts")).apply(table, command);
  },
  watch: async (table, command) => {
    return (await import("./watch.ts")).watch(table, command);
  },
  get(table, command) {
    const row = namesInterface(command)
      ? existing(table, keyOf(command), command)
      : onlyRow(table, command);
    return { json: row, text: neighborRows([row]) };
  },
  list(table, command) {
    const rows = table.list(filterOf(command));
    return { json: rows, text: neighborRows(rows) };
  },
  async resolve(table, command) {
    const { source } = command.values;
    const row = await table.resolve(
      keyOf(command),
      source === undefined ? {} : { sourceAddress: source },
    );
    return { json: row, text: neighborRows([row]) };
  },
  interfaces(table) {
    const interfaces = table.listInterfaces();
    return { json: interfaces, text: interfaceRows(interfaces) };
  },
};

function write(
  table: NeighborTable,
  command: RunCommand,
  verb: "set" | "create" | "replace",
): Whole {
  const entry = entryOf(command);
  const parsed = parseEntry(entry);
  const wanted = formatLinkLayerAddress(parsed.linkLayerAddress);
  if (command.flags.has("dry-run")) {
    const { operation, current } = table.preview(verb, entry);
    const answer = wouldCall(operation, entry, current, wanted);
    return withWarning(answer, ownAddressWarning(table, parsed));
  }
  const result = doing(verb, () => writers[verb](table, entry));
  // What a write makes of the entry is the system's to say
  const neighbor = existing(table, entry, command);
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
  const note = verb === "replace" ? `It was ${result}` : undefined;
  const answer = {
    json: { result, neighbor },
    text: neighborRows([neighbor]),
    ...(note !== undefined && { note }),
  };
  return withWarning(answer, ownAddressWarning(table, parsed));
}

function withWarning(
  { json, ...answer }: Whole & { readonly json: Record<string, unknown> },
  warning: string | undefined,
): Whole {
  if (warning === undefined) return { json, ...answer };
  return { ...answer, json: { ...json, warnings: [warning] }, warning };
}

/** Who wants to pin what is not there is told how. */
function doing<T>(verb: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const isMissing = verb === "set" && error instanceof NeighborError &&
      error.code === "NOT_FOUND";
    throw isMissing ? withNote(error, "add or replace would create it") : error;
  }
}

const writers = {
  set(table: NeighborTable, entry: NeighborEntry): string {
    table.set(entry);
    return "changed";
  },
  create(table: NeighborTable, entry: NeighborEntry): string {
    table.create(entry);
    return "created";
  },
  replace: (table: NeighborTable, entry: NeighborEntry): string =>
    table.replace(entry),
};

function remove(table: NeighborTable, command: RunCommand): Whole {
  const key = keyOf(command);
  if (command.flags.has("dry-run")) {
    const { operation, current } = table.preview("delete", key);
    return wouldCall(operation, key, current, null);
  }
  // Read first: afterwards nobody can say what was there
  const neighbor = table.get(key);
  table.delete(key);
  return {
    json: { result: "deleted", neighbor: neighbor ?? null },
    text: sentence("Deleted", neighbor, key.address, null),
  };
}

function flush(table: NeighborTable, command: RunCommand): Whole {
  const filter = filterOf(command);
  const { flags } = command;
  const isAll = flags.has("all");
  const isFilter = Object.keys(filter).length > 0;
  if (isFilter === isAll) {
    throw new UsageError(
      isAll
        ? "flush takes a filter or --all, not both"
        : "flush needs a filter, or --all for every entry",
    );
  }
  const given = {
    ...filter,
    ...(flags.has("permanent") && { permanent: true }),
  };
  const isDry = flags.has("dry-run");
  const neighbors = isDry ? table.previewFlush(given) : table.flush(given);
  const result = isDry ? "dry-run" : "flushed";
  return {
    json: { result, neighbors },
    text: neighborRows(neighbors),
    note: `${isDry ? "Would remove" : "Removed"} ${neighbors.length}` +
      (flags.has("permanent")
        ? ""
        : "; permanent entries only go with --permanent"),
  };
}

function wouldCall(
  operation: string | null,
  entry: NeighborKey,
  current: Neighbor | undefined,
  wanted: string | null,
): Whole & { readonly json: Record<string, unknown> } {
  const doing = operation === null
    ? "Nothing to do:"
    : `Would call ${operation}:`;
  return {
    json: { result: "dry-run", operation, entry, neighbor: current ?? null },
    text: sentence(doing, current, describeKey(parseKey(entry)), wanted),
  };
}

/** The one row there is for an address, on whatever interface. */
function onlyRow(table: NeighborTable, command: RunCommand): Neighbor {
  const rows = rowsOf(table, command);
  const [row] = rows;
  const address = command.operands[0]!;
  if (row === undefined) {
    throw new NeighborError(
      "NOT_FOUND",
      `There is no entry for ${address} on any interface`,
    );
  }
  if (rows.length === 1) return row;
  const message = `${rows.length} interfaces have an entry for "${address}"`;
  throw ambiguous(command, rows, message);
}

function existing(
  table: NeighborTable,
  key: NeighborKey,
  { values }: RunCommand,
): Neighbor {
  const row = table.get(key);
  if (row !== undefined) return row;
  const where = values.interface === undefined ? "" : ` on ${values.interface}`;
  throw new NeighborError(
    "NOT_FOUND",
    `There is no entry for ${key.address}${where}`,
    { entry: key },
  );
}
