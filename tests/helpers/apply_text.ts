/**
 * Runs `neighbor apply` over a table in memory and returns the lines it prints.
 *
 * @module
 */

import { apply } from "../../cli/apply/apply.ts";
import { parseCommand, type RunCommand } from "../../cli/args.ts";
import { Refusal } from "../../cli/output/refusal.ts";
import type { FakeTable } from "./fake_table.ts";

/** The exit code and the output: `out` and `err` for people, `json` for machines. */
export interface Applied {
  readonly code: number | undefined;
  readonly out: string[];
  readonly err: string[];
  readonly json: unknown[];
  readonly thrown: unknown;
  /** The lines before the message of a refusal. */
  readonly before: string[];
}

/**
 * Runs it on a file of that text; `stopAt` is called with each line and
 * interrupts where it answers true.
 */
export async function applyText(
  table: FakeTable,
  text: string,
  words: readonly string[] = [],
  stopAt: (text: string, json: unknown) => boolean = () => false,
): Promise<Applied> {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(path, text);
    const command = parseCommand(["apply", path, ...words]) as RunCommand;
    const ended = await collect(table, command, stopAt);
    const clean = (line: string) => line.replaceAll(path, "FILE");
    return {
      ...ended,
      out: ended.out.map(clean),
      err: ended.err.map(clean),
      before: ended.thrown instanceof Refusal
        ? ended.thrown.before.map(clean)
        : [],
      thrown: ended.thrown instanceof Error
        ? Object.assign(ended.thrown, {
          message: clean(ended.thrown.message),
          ...(ended.thrown instanceof Refusal &&
            { ending: clean(ended.thrown.ending) }),
        })
        : ended.thrown,
    };
  } finally {
    await Deno.remove(path);
  }
}

async function collect(
  table: FakeTable,
  command: RunCommand,
  stopAt: (text: string, json: unknown) => boolean,
): Promise<Omit<Applied, "before">> {
  const out: string[] = [];
  const err: string[] = [];
  const json: unknown[] = [];
  let code: number | undefined;
  let thrown: unknown;
  try {
    const { lines, stop } = await apply(table, command);
    for (;;) {
      const { value, done } = await lines.next();
      if (done) {
        code = value;
        break;
      }
      if (value.json !== undefined) json.push(value.json);
      if (value.complaint !== undefined) err.push(value.complaint);
      if (value.text !== undefined) out.push(value.text);
      if (stopAt(value.text ?? "", value.json)) stop?.();
    }
  } catch (error) {
    thrown = error;
  }
  return { code, out, err, json, thrown };
}
