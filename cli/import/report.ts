/**
 * What `neighbor import` tells of the lines that it does not take.
 *
 * @module
 */

import { quote } from "../../ffi/types/error.ts";
import { counted, entryCount } from "../output/count.ts";
import { inFile } from "../pins/lines.ts";
import { type Reading, SKIP_REASONS, type SkipReason } from "./item.ts";

/** The most lines that are told one by one; `--json` has all. */
const MOST_LINES = 20;

/** A line for each skipped line that is about something, then the counts. */
export function* skippedLines(
  file: string,
  { entries, skipped }: Reading,
): Generator<string> {
  const told = skipped.filter(({ reason }) => reason !== "heading");
  for (const one of told.slice(0, MOST_LINES)) {
    const about = one.what === undefined ? "" : `${one.what}: `;
    const why = SKIP_REASONS[one.reason];
    yield `${inFile(file, one)}skipped: ${about}${why}`;
  }
  const rest = told.length - MOST_LINES;
  if (rest > 0) yield `${file}: and ${counted(rest, "more line")} skipped`;
  const counts = new Map<SkipReason, number>();
  for (const { reason } of skipped) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  if (counts.size === 0) return;
  const words = [...counts].map(([reason, count]) =>
    `${count} ${WORDS[reason]}`
  );
  yield `${file}: ${entryCount(entries.length)} taken, ` +
    `${counted(skipped.length, "line")} skipped: ${words.join(", ")}`;
}

/** Each reason in a word or two. */
const WORDS: Readonly<Record<SkipReason, string>> = {
  noAddress: "without an IP address",
  incomplete: "incomplete",
  multicast: "multicast",
  broadcast: "broadcast",
  own: "of that computer itself",
  proxy: "proxy",
  hostName: "with a host name",
  notWritable: "of an address that cannot be written",
  repeated: "repeated",
  otherCommand: "other command",
  otherSection: "other section",
  heading: "heading",
};

/** The warnings about the entries that are taken. */
export function notes({ entries }: Reading, isSurplus: boolean): string[] {
  const all: string[] = [];
  if (entries.length === 0) all.push("no entry was taken");
  const learnt = entries.filter(({ isLearnt }) => isLearnt === true).length;
  const unknown = entries.filter(({ isLearnt }) => isLearnt === undefined);
  if (learnt > 0) {
    all.push(
      `${
        counted(learnt, "entry was", "entries were")
      } learnt from the network, right or forged: ` +
        "a pin keeps what was learnt",
    );
  }
  if (unknown.length > 0) {
    const words = entryCount(unknown.length);
    all.push(`of ${words} it is not known whether learnt from the network`);
  }
  const unnumbered = entries.flatMap(({ unknownProtocol }) =>
    unknownProtocol ?? []
  );
  if (unnumbered.length > 0) {
    const [one] = unnumbered;
    const [have, are] = unnumbered.length === 1
      ? ["has", "is"]
      : ["have", "are"];
    all.push(
      `${entryCount(unnumbered.length)} ${have} a protocol ` +
        `whose number is not known (${quote(one!)}), and ${are} taken ` +
        "without it: apply --protocol gives one",
    );
  }
  const indexed = entries.filter(({ names }) =>
    names.interfaceIndex !== undefined
  );
  if (indexed.length > 0) {
    const indexes = new Set(
      indexed.map(({ names }) => names.interfaceIndex!),
    );
    const some = [...indexes].slice(0, 5).join(", ");
    all.push(
      `interfaces are named by index (${some}), which is another one on ` +
        "another computer: --map INDEX=NAME gives them names",
    );
  }
  if (isSurplus) {
    all.push("--interface was not needed: every line names its interface");
  }
  return all;
}
