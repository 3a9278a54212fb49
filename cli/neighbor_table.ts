/**
 * Makes the table of rows for people, with the names of protocols.
 *
 * @module
 */

import type { Neighbor } from "../ffi/types/neighbor.ts";
import type { RunCommand } from "./args.ts";
import { neighborRows, type Whole } from "./output/answer.ts";

/** The table of rows, with the names of protocols where a row has one. */
export async function tableOf(
  rows: readonly Neighbor[],
  { flags }: RunCommand,
): Promise<Whole["text"]> {
  const needsNames = !flags.has("json") && !flags.has("quiet") &&
    rows.some(({ protocol }) => protocol != null);
  if (!needsNames) return () => neighborRows(rows);
  const { protocolNames } = await import("./protocols.ts");
  const names = await protocolNames();
  return () => neighborRows(rows, names);
}
