/**
 * The foreign formats, and which of them a text has.
 *
 * @module
 */

import { UsageError } from "../args.ts";
import { OPTIONS } from "../usage/options.ts";
import { arp, arpBsd, arpWindows, proc } from "./arp.ts";
import { csv } from "./csv.ts";
import { ethers } from "./ethers.ts";
import { looksLikePins } from "../pins/format_hint.ts";
import { readChoice } from "../values.ts";
import type { Format } from "./format.ts";
import { ipJson } from "./ip_json.ts";
import { ip } from "./ip_text.ts";
import { ipBatch } from "./ip_batch.ts";
import { ndp } from "./ndp.ts";
import { netsh } from "./netsh.ts";
import { networkd } from "./networkd.ts";
import { powershell } from "./powershell.ts";

/** The value of `--from` that means a format. */
export type FormatName = (typeof OPTIONS.from.choices)[number];

const FORMATS: Readonly<Record<FormatName, Format>> = {
  ip,
  "ip-json": ipJson,
  "ip-batch": ipBatch,
  arp,
  "arp-bsd": arpBsd,
  "arp-windows": arpWindows,
  ndp,
  proc,
  ethers,
  netsh,
  powershell,
  csv,
  networkd,
};

/** The format that `--from` names. */
export function formatOf(word: string): Format {
  return FORMATS[readChoice("from", word)!];
}

/** How many lines a format takes, and the first that it does not. */
interface Count {
  readonly name: FormatName;
  readonly taken: number;
  readonly all: number;
  readonly mistake?: { readonly line: number; readonly message: string };
}

/** The most formats that an error names. */
const MOST_FORMATS = 3;

/**
 * The one format that takes every line of a text; `name` is that of the file.
 *
 * @throws {UsageError} Where none or several do.
 */
export function detectFormat(text: string, name: string): Format {
  const [only, ...others] = OPTIONS.from.choices
    .filter((one) => takesAll(FORMATS[one], text));
  if (only !== undefined && others.length === 0) return FORMATS[only];
  if (only !== undefined) {
    const names = [only, ...others].join(" and ");
    throw new UsageError(
      `${name}: ${names} take every line: say which it is by --from`,
    );
  }
  if (looksLikePins(text)) {
    throw new UsageError(
      `${name}: it is a pins file already, which apply takes; ` +
        "apply takes --map too",
    );
  }
  const counts = OPTIONS.from.choices.map((one) => countOf(one, text));
  const near = counts.filter(({ taken }) => taken > 0)
    .sort((a, b) => b.taken / b.all - a.taken / a.all).slice(0, MOST_FORMATS);
  const [nearest] = near;
  if (nearest?.mistake === undefined) {
    const what = text.trim() === ""
      ? "it has no line"
      : "no format takes a line";
    const names = OPTIONS.from.choices.join(", ");
    throw new UsageError(
      `${name}: ${what}: say which format it is by --from: ${names}`,
    );
  }
  const words = near.map((one) => `${one.name} ${one.taken} of ${one.all}`);
  const { line, message } = nearest.mistake;
  throw new UsageError(
    `${name}: no format takes every line: ${words.join(", ")}; say which it ` +
      `is by --from. The first line that is not ${nearest.name} is ${line}: ` +
      message,
  );
}

/** Whether there is a line, and none that the format refuses. */
function takesAll(format: Format, text: string): boolean {
  let hasLine = false;
  for (const { kind } of format.read(text)) {
    if (kind === "refused") return false;
    hasLine = true;
  }
  return hasLine;
}

function countOf(name: FormatName, text: string): Count {
  let taken = 0;
  let all = 0;
  let mistake: Count["mistake"];
  for (const item of FORMATS[name].read(text)) {
    all++;
    if (item.kind !== "refused") taken++;
    else mistake ??= { line: item.line, message: item.message };
  }
  return { name, taken, all, ...(mistake !== undefined && { mistake }) };
}
