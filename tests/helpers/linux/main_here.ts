/**
 * Runs the command inside the process of a test: a new process costs seconds on
 * an emulated processor.
 *
 * @module
 */

import { main } from "../../../cli.ts";
import type { Ran } from "./command.ts";

/** `neighbor` with these arguments; what it prints is kept. */
export async function mainHere(...words: readonly string[]): Promise<Ran> {
  const kept = [keep(Deno.stdout), keep(Deno.stderr)] as const;
  try {
    const code = await main(words);
    const [stdout, stderr] = [kept[0].text(), kept[1].text()];
    return { code, stdout, stderr };
  } finally {
    for (const one of kept) one.restore();
  }
}

type Stream = Pick<typeof Deno.stdout, "write" | "writeSync">;

/** Keeps what is written to a stream. */
function keep(stream: Stream): { text(): string; restore(): void } {
  const { write, writeSync } = stream;
  const decoder = new TextDecoder();
  let text = "";
  stream.writeSync = (bytes) => {
    text += decoder.decode(bytes, { stream: true });
    return bytes.length;
  };
  stream.write = (bytes) => Promise.resolve(stream.writeSync(bytes));
  return {
    text: () => text,
    restore() {
      Object.assign(stream, { write, writeSync });
    },
  };
}
