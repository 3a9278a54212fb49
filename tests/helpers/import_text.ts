/**
 * Runs `neighbor import` on a text and returns what it prints.
 *
 * @module
 */

import { parseCommand, type RunCommand } from "../../cli/args.ts";
import { importFile } from "../../cli/import/import.ts";
import { Refusal } from "../../cli/output/refusal.ts";

/** What it prints: `out` and `err` for people, `json` and `report` for machines. */
export interface Imported {
  readonly out: string[];
  readonly err: string[];
  readonly json: unknown[];
  readonly report: unknown[];
  /** The message of the error that ended it, in which the file is FILE. */
  readonly thrown: string | undefined;
  /** The lines before the message of a refusal. */
  readonly before: readonly string[];
  readonly details: Readonly<Record<string, unknown>>;
}

/** A pin as it is printed. */
export interface PrintedPin {
  readonly address: string;
  readonly linkLayerAddress: string;
  readonly interfaceAlias?: string;
  readonly interfaceIndex?: number;
  readonly protocol?: number;
  readonly comment?: string;
}

/** The pins of what was printed for people. */
export function pinsOf({ out }: Imported): PrintedPin[] {
  return JSON.parse(out.join("\n")).neighbors;
}

/** Runs it on a file of that text, or of those bytes. */
export async function importText(
  text: string | Uint8Array,
  words: readonly string[] = [],
): Promise<Imported> {
  const path = await Deno.makeTempFile();
  const out: string[] = [];
  const err: string[] = [];
  const json: unknown[] = [];
  const report: unknown[] = [];
  const clean = (line: string) => line.replaceAll(path, "FILE");
  const printed = { out, err, json, report };
  try {
    const bytes = typeof text === "string"
      ? new TextEncoder().encode(text)
      : text;
    await Deno.writeFile(path, bytes);
    const command = parseCommand(["import", path, ...words]) as RunCommand;
    const { lines } = await importFile(command);
    for (;;) {
      const { value, done } = await lines.next();
      if (done) break;
      if (value.complaint !== undefined) err.push(clean(value.complaint));
      if (value.text !== undefined) out.push(value.text);
      if (value.json !== undefined) json.push(value.json);
      if (value.complaintJson === undefined) continue;
      report.push(JSON.parse(clean(JSON.stringify(value.complaintJson))));
    }
    return { ...printed, thrown: undefined, before: [], details: {} };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isRefusal = error instanceof Refusal;
    return {
      ...printed,
      thrown: clean(error.message),
      before: isRefusal ? error.before.map(clean) : [],
      details: isRefusal
        ? JSON.parse(clean(JSON.stringify(error.details)))
        : {},
    };
  } finally {
    await Deno.remove(path);
  }
}
