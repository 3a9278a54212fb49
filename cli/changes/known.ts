/**
 * Reads the file of `watch --changes --known`: the rows that an earlier
 * `neighbor list --json` printed.
 *
 * @module
 */

import { parseRow } from "../../ffi/parse/row.ts";
import { invalid, NeighborError, quote } from "../../ffi/types/error.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { refuseFile } from "../output/refusal.ts";
import { JsonError, JsonReader, KIND_WORDS } from "../pins/json_reader.ts";
import { Lines, type Problem } from "../pins/lines.ts";

/** The most mistakes that are collected; reading stops there. */
const MOST_MISTAKES = 1000;

/** Parses the rows; `name` is the name of the file in messages. */
export function parseKnown(text: string, name: string): Neighbor[] {
  const lines = new Lines(text);
  const problems: Problem[] = [];
  const rows: Neighbor[] = [];
  const refuse = (at: number, message: string) => {
    problems.push({ ...lines.placeOf(at), message });
  };
  const json = new JsonReader(text);
  try {
    const kind = json.kind();
    if (kind !== "array") {
      throw new JsonError(
        `The file is ${KIND_WORDS[kind]}: it takes what neighbor list --json ` +
          "prints",
        json.at,
      );
    }
    json.items(() => {
      json.kind();
      const { at } = json;
      try {
        rows.push(readRow(json.value()));
      } catch (error) {
        if (!(error instanceof NeighborError)) throw error;
        refuse(at, error.message);
        if (problems.length >= MOST_MISTAKES) {
          throw new JsonError(
            `Reading stops here, at the limit of ${MOST_MISTAKES} mistakes`,
            at,
          );
        }
      }
    });
    json.end();
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    refuse(error.at, error.message);
  }
  if (problems.length > 0) throw refuseFile(name, problems, "", "");
  return rows;
}

function readRow(value: unknown): Neighbor {
  const row = parseRow(value as Neighbor);
  const { interfaceAlias } = row;
  if (interfaceAlias === null || typeof interfaceAlias === "string") return row;
  throw invalid(
    `The row's interfaceAlias takes text or null, not ${
      quote(String(interfaceAlias))
    }`,
  );
}
