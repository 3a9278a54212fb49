/**
 * Adds to an error what the person who typed the command may do next.
 *
 * @module
 */

import { parseAddress } from "../ffi/parse/address.ts";
import { parseLinkLayerAddress } from "../ffi/parse/link_layer_address.ts";
import { parseSubnet } from "../ffi/parse/subnet.ts";
import { NeighborError, withNote } from "../ffi/types/error.ts";
import type { NeighborTable } from "../ffi/types/table.ts";
import type { RunCommand } from "./args.ts";
import { nearest } from "./nearest.ts";
import { type Verb, VERBS } from "./usage/verbs.ts";
import { interfaceWord } from "./values.ts";

/** The error of a command, with a hint where there is one. */
export function withHint(
  error: unknown,
  command: RunCommand,
  table: NeighborTable,
): unknown {
  if (!(error instanceof NeighborError)) return error;
  const hint = hintOf(error, command, table);
  return hint === undefined ? error : withNote(error, hint);
}

function hintOf(
  { code, status }: NeighborError,
  { verb, operands, values }: RunCommand,
  table: NeighborTable,
): string | undefined {
  if (code === "NOT_FOUND" && verb === "set") {
    return "add or replace would create it";
  }
  if (code === "ALREADY_EXISTS" && verb === "add") {
    return "set or replace would change it";
  }
  const takesBoth = (VERBS[verb].operands as readonly string[])[1] ===
    "LINK-LAYER-ADDRESS";
  if (
    code === "INVALID_PARAMETER" && status === null && takesBoth &&
    areSwapped(operands)
  ) {
    return `the operands are swapped: ${verb} ${operands[1]} ${operands[0]}`;
  }
  if (code === "INVALID_PARAMETER" && status === null) {
    const hint = operandHint(verb, operands);
    if (hint !== undefined) return hint;
    if (/(^|,)static(,|$)/i.test(values.state ?? "")) {
      return "a static entry has the state permanent";
    }
  }
  if (code === "INTERFACE_NOT_FOUND" && values.interface !== undefined) {
    return interfaceHint(values.interface, table);
  }
}

/** What else the only operand is. */
function operandHint(
  verb: Verb,
  [word, ...others]: readonly string[],
): string | undefined {
  if (word === undefined || others.length > 0) return undefined;
  if (FINDING.includes(verb) && isMacAddress(word)) {
    return `${word} is a link-layer address, ` +
      "which list --link-layer-address finds";
  }
  if (!word.includes("/") || !isParsed(() => parseSubnet(word))) {
    return undefined;
  }
  if (verb === "delete") return "flush removes the entries of a subnet";
  if (verb === "get") return "list shows the entries of a subnet";
}

/** The verbs whose operand is the address of an entry that exists. */
const FINDING: readonly Verb[] = ["get", "list", "watch", "flush"];

function isMacAddress(word: string): boolean {
  return isParsed(() => parseLinkLayerAddress(word)) &&
    parseLinkLayerAddress(word).length === 6;
}

/** Whether a link-layer address stands first and an IP address second. */
function areSwapped([first, second]: readonly string[]): boolean {
  if (first === undefined || second === undefined) return false;
  return isParsed(() => parseLinkLayerAddress(first)) &&
    isParsed(() => parseAddress(second.split("%")[0]!));
}

function isParsed(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch (error) {
    if (error instanceof NeighborError) return false;
    throw error;
  }
}

function interfaceHint(typed: string, table: NeighborTable): string {
  const all = "neighbor interfaces lists them";
  try {
    const names = table.listInterfaces()
      .flatMap((one) => [one.interfaceAlias, ...one.altNames]);
    const near = nearest(typed, names);
    if (near !== undefined) {
      return `did you mean ${interfaceWord(near)}? ${all}`;
    }
  } catch (error) {
    // The error itself counts, not that the hint could not be made
    if (!(error instanceof NeighborError)) throw error;
  }
  return all;
}
