/**
 * Recognizes files of other tools, and comments, in a text that is not JSON. Pure.
 *
 * @module
 */

const PINS = "neighbor list --json prints a file that apply takes";

/** The mistake of a row with the members `dst` and `dev`. */
export const IP_NEIGH_JSON =
  "The row looks like what ip -j neigh prints, which apply does not take; " +
  'docs/apply.md, "Files of other programs", converts it';

/** The first lines of other tools' files, with the hint for each. */
const FORMATS: readonly (readonly [RegExp, string])[] = [
  [
    /^[0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5}\s+\S/i,
    "it looks like an ethers file, a link-layer address and a name a line",
  ],
  [
    /^[0-9a-f.:]+\s+(dev|lladdr)\s+\S/i,
    `it looks like what ip neigh prints; ${PINS}`,
  ],
  [
    // BSD and net-tools; Windows in any language; arp -n
    /^\S+ \([0-9.]+\) at |^[^:]+: [0-9.]+ --- 0x[0-9a-f]+|^Address\s+HWtype\s/i,
    `it looks like what arp prints; ${PINS}`,
  ],
  [/^IP address\s+HW type\s/, `it looks like /proc/net/arp; ${PINS}`],
  [
    /^ifIndex\s+IPAddress\s+LinkLayerAddress/,
    `it looks like what Get-NetNeighbor prints; ${PINS}`,
  ],
  [
    /^ADDRESS\s+LINK-LAYER-ADDRESS\s/,
    `it is what neighbor list prints for people; ${PINS}`,
  ],
  [
    /^neigh(bou?r)?\s+(add|del|delete|change|replace)\s/,
    "it looks like a file for ip -batch",
  ],
  [
    /^"?[\w.:% -]+"?,"?[\w.:% -]+"?(,[^{}[\]]*)?$/,
    "it looks like CSV",
  ],
  [
    /^---\s*$|^(- )?(neighbors|address|linkLayerAddress|interfaceAlias):/,
    "it looks like YAML",
  ],
];

const COMMENT =
  'it has a comment; JSON has none, a member "comment" can hold it';

const COMMENT_START = /^(#|\/\/|\/\*|;)/;

/** The characters that are examined. */
const HEAD = 4096;

/**
 * A hint about the format of the text, or about a comment at the offset of the
 * mistake; `undefined` where neither is recognized.
 */
export function formatHint(text: string, at: number): string | undefined {
  const lines = text.slice(0, HEAD).split("\n").map((line) => line.trim())
    .filter((line) => line !== "");
  if (lines.length === 0 && text.trim() === "") return "it is empty";
  const first = lines.find((line) => !COMMENT_START.test(line)) ?? "";
  const known = FORMATS.find(([pattern]) => pattern.test(first));
  if (known !== undefined) return known[1];
  const isComment = COMMENT_START.test(text.slice(at, at + 2));
  return isComment ? COMMENT : undefined;
}
