/**
 * The comment of a pin, as it is printed beside the pin's entry.
 *
 * @module
 */

import { cut } from "../../ffi/types/error.ts";

/** A longer comment is cut in lines for people; JSON has all of it. */
const LONGEST = 80;

/** `# ` and the comment of an entry; nothing where it has none. */
export function commentWords(entry: unknown): string[] {
  const { comment } = Object(entry) as { comment?: unknown };
  if (comment === undefined || comment === null || comment === "") return [];
  const text = typeof comment === "string" ? comment : JSON.stringify(comment);
  return [`# ${cut(text, LONGEST)}`];
}

/** A message about an entry, followed by the entry's comment. */
export function withComment(message: string, entry: unknown): string {
  return [message, ...commentWords(entry)].join(" ");
}
