/**
 * Runs a command by the API and returns its answer. Prints nothing.
 *
 * @module
 */

import { NeighborError } from "../ffi/types/error.ts";
import type { Neighbor, NeighborKey } from "../ffi/types/neighbor.ts";
import { describeInterface } from "../ffi/entry_list.ts";
import { openSystemTable } from "../ffi/open.ts";
import { mismatch, unconfirmed } from "../ffi/unconfirmed.ts";
import type { SystemTable } from "../ffi/system_table.ts";
import {
  type Answer,
  callSentence,
  interfaceRows,
  sentence,
  wantedWords,
  type Whole,
} from "./output/answer.ts";
import { entryOf, keyOf, seconds } from "./values.ts";
import type { RunCommand } from "./args.ts";
import { tableOf } from "./neighbor_table.ts";
import { silenced } from "./output/silenced.ts";
import { warningLines } from "./output/warning.ts";
import { ownAddressWarning } from "./own_address.ts";
import { VERBS } from "./usage/verbs.ts";
import {
  ambiguous,
  namesInterface,
  refuseWithoutInterface,
  rowsOf,
} from "./which_interface.ts";

/** The verbs that need the table. */
type TableVerb = Exclude<RunCommand["verb"], "import">;

/** A command of such a verb. */
export type TableCommand = RunCommand & { readonly verb: TableVerb };

/** Runs one verb against this computer's table. */
export async function run(
  given: TableCommand,
): Promise<Answer> {
  const command = await withProtocolNumber(given);
  // Not closed: a watch uses it until the process exits
  const table = openSystemTable();
  if (VERBS[command.verb].interface === "needed" && !namesInterface(command)) {
    throw refuseWithoutInterface(table, command);
  }
  try {
    const answer = await RUN[command.verb](table, command);
    const isQuiet = command.flags.has("quiet") && !("pieces" in answer);
    return isQuiet ? silenced(answer) : answer;
  } catch (error) {
    const { withHint } = await import("./hints.ts");
    throw withHint(error, command, table);
  }
}

/** The command with the number of a protocol that is given by its name. */
async function withProtocolNumber(
  command: TableCommand,
): Promise<TableCommand> {
  const { protocol } = command.values;
  if (protocol === undefined || /^[0-9]+$/.test(protocol)) return command;
  const { protocolNumber } = await import("./protocols.ts");
  const number = await protocolNumber(protocol);
  return { ...command, values: { ...command.values, protocol: `${number}` } };
}

type Run = (
  table: SystemTable,
  command: RunCommand,
) => Answer | Promise<Answer>;

const RUN: Readonly<Record<TableVerb, Run>> = {
  set: (table, command) => write(table, command, "set"),
  add: (table, command) => write(table, command, "create"),
  replace: (table, command) => write(table, command, "replace"),
  delete: remove,
  flush: async (table, command) => {
    return await (await import("./flush.ts")).flush(table, command);
  },
  batch: async (table, command) => {
    return await (await import("./batch.ts")).batch(table, command);
  },
  apply: async (table, command) => {
    return await (await import("./apply/apply.ts")).apply(table, command);
  },
  export: async (table, command) => {
    return await (await import("./export/export.ts")).exportEntries(
      table,
      command,
    );
  },
  watch: async (table, command) => {
    return await (await import("./watch.ts")).watch(table, command);
  },
  stats: async (table, command) => {
    return await (await import("./stats/stats.ts")).stats(table, command);
  },
  async get(table, command) {
    const row = namesInterface(command)
      ? table.get(keyOf(command))
      : onlyRow(table, command);
    if (row === undefined) throw missing(command);
    return { json: row, text: await tableOf([row], command) };
  },
  list: async (table, command) => {
    return (await import("./list.ts")).list(table, command);
  },
  async resolve(table, command) {
    const { source, timeout } = command.values;
    const row = await table.resolve(keyOf(command), {
      ...(source !== undefined && { sourceAddress: source }),
      ...(timeout !== undefined && { timeout: seconds(timeout) }),
    });
    return { json: row, text: await tableOf([row], command) };
  },
  interfaces(table) {
    const interfaces = table.listInterfaces();
    return { json: interfaces, text: () => interfaceRows(interfaces) };
  },
};

async function write(
  table: SystemTable,
  command: RunCommand,
  verb: "set" | "create" | "replace",
): Promise<Whole> {
  const entry = entryOf(command);
  if (command.flags.has("dry-run")) {
    const preview = table.previewAndRead(verb, entry);
    const { named, wanted } = preview;
    const warning = ownAddressWarning(table, named, wanted);
    const words = wantedWords(wanted, entry);
    return withWarning(wouldCall(preview, entry, words), warning);
  }
  const { result, named, wanted, neighbor } = table.writeAndRead(verb, entry);
  if (neighbor === undefined) throw missing(command);
  // The system's success is not a confirmation, so the entry was read back
  const { protocol } = entry;
  const isSame = neighbor.linkLayerAddress === wanted &&
    (protocol == null || neighbor.protocol === protocol);
  if (!isSame) {
    const asked = wantedWords(wanted, entry);
    const what = `${verb} neighbor ${neighbor.address} on ${
      describeInterface(named)
    }`;
    throw unconfirmed(what, mismatch(neighbor, asked), { entry });
  }
  const note = verb === "replace" ? `It was ${result}` : undefined;
  const answer = {
    json: { result, neighbor },
    text: await tableOf([neighbor], command),
    ...(note !== undefined && { note }),
  };
  return withWarning(answer, ownAddressWarning(table, named, wanted));
}

function withWarning(
  { json, ...answer }: Whole & { readonly json: Record<string, unknown> },
  warning: string | undefined,
): Whole {
  if (warning === undefined) return { json, ...answer };
  const warnings = [{ message: warning }];
  return {
    ...answer,
    json: { ...json, warnings },
    complaints: warningLines(warnings),
  };
}

function remove(table: SystemTable, command: RunCommand): Whole {
  const key = keyOf(command);
  if (command.flags.has("dry-run")) {
    return wouldCall(table.previewAndRead("delete", key), key, null);
  }
  const { neighbor } = table.writeAndRead("delete", key);
  return {
    json: { result: "deleted", neighbor: neighbor ?? null },
    text: sentence("Deleted", neighbor, key.address, null),
  };
}

function wouldCall(
  { operation, current, key }: ReturnType<SystemTable["previewAndRead"]>,
  entry: NeighborKey,
  wanted: string | null,
): Whole & { readonly json: Record<string, unknown> } {
  return {
    json: { result: "dry-run", operation, entry, neighbor: current ?? null },
    text: callSentence(operation, current, key, wanted),
  };
}

/** The only row of an address on any interface; refuses several. */
function onlyRow(
  table: SystemTable,
  command: RunCommand,
): Neighbor | undefined {
  const rows = rowsOf(table, command);
  if (rows.length <= 1) return rows[0];
  const address = command.operands[0]!;
  const message = `${rows.length} interfaces have an entry for "${address}"`;
  throw ambiguous(command, rows, message);
}

function missing({ operands, values }: RunCommand): NeighborError {
  const where = values.interface === undefined
    ? " on any interface"
    : ` on ${values.interface}`;
  return new NeighborError(
    "NOT_FOUND",
    `There is no entry for ${operands[0]}${where}`,
  );
}
