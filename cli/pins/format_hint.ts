/**
 * Recognizes files of other tools, and comments, in a text that is not JSON. Pure.
 *
 * @module
 */

const PINS = "neighbor list --json prints a file that apply takes";

/** How a file is converted. */
function importFrom(format: string): string {
  return `neighbor import --from ${format} makes a pins file of it`;
}

/** The mistake of a row with the members of another program. */
export function foreignRow(
  has: (member: string) => boolean,
): string | undefined {
  const [program, format] =
    has("dst") && has("lladdr") || has("dst") && has("dev")
      ? ["ip -j neigh", "ip-json"]
      : has("IPAddress")
      ? ["Get-NetNeighbor | ConvertTo-Json", "powershell"]
      : [];
  if (program === undefined) return undefined;
  return `The row looks like what ${program} prints: ${importFrom(format!)}`;
}

/** The first lines of other tools' files, with the hint for each. */
const FORMATS: readonly (readonly [RegExp, string])[] = [
  [
    /^[0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5}\s+\S/i,
    "it looks like an ethers file, a link-layer address and a name a line: " +
    importFrom("ethers"),
  ],
  [
    /^[0-9a-f.:]+\s+(dev|lladdr)\s+\S/i,
    `it looks like what ip neigh prints: ${importFrom("ip")}`,
  ],
  [
    /^\S+ \([0-9.]+\) at \S+ on \S/i,
    `it looks like what arp prints on BSD: ${importFrom("arp-bsd")}`,
  ],
  [
    // net-tools, with and without -a
    /^\S+ \([0-9.]+\) at |^Address\s+HWtype\s/i,
    `it looks like what arp prints: ${importFrom("arp")}`,
  ],
  [
    // In any language
    /^[^:]+: [0-9.]+ --- 0x[0-9a-f]+/i,
    `it looks like what arp prints on Windows: ${importFrom("arp-windows")}`,
  ],
  [
    /^IP address\s+HW type\s/,
    `it looks like /proc/net/arp: ${importFrom("proc")}`,
  ],
  [
    /^Neighbor\s+Linklayer Address\s/,
    `it looks like what ndp prints: ${importFrom("ndp")}`,
  ],
  [
    /^ifIndex\s+IPAddress\s+LinkLayerAddress/,
    "it looks like the table of Get-NetNeighbor: pass it through " +
    `ConvertTo-Json, then ${importFrom("powershell")}`,
  ],
  [
    /^ADDRESS\s+LINK-LAYER-ADDRESS\s/,
    `it is what neighbor list prints for people; ${PINS}`,
  ],
  [
    /^(ip\s+)?neigh(bou?r)?\s+(add|del|delete|change|replace)\s/,
    `it looks like a file for ip -batch: ${importFrom("ip-batch")}`,
  ],
  [
    /^\[(Match|Network|Neighbor)\]$/,
    `it looks like a file of networkd: ${importFrom("networkd")}`,
  ],
  [
    /^"?[\w.:% -]+"?[,;\t]"?[\w.:% -]+"?([,;\t][^{}[\]]*)?$/,
    `it looks like CSV: ${importFrom("csv")} where it has a header`,
  ],
  [
    /^---\s*$|^(- )?(neighbors|address|linkLayerAddress|interfaceAlias):/,
    "it looks like YAML",
  ],
];

/** The start of a pins file, or of what `neighbor list --json` prints. */
const PINS_FILE =
  /^\s*(\{\s*"(neighbors|\$schema)"|\[\s*\{\s*"(address|interface))/;

/** Whether a text begins as a pins file does. */
export function looksLikePins(text: string): boolean {
  return PINS_FILE.test(text.slice(0, HEAD));
}

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
  if (lines.some((line) => /^-{9,}\s+-{9,}\s+-{4,}$/.test(line))) {
    return `it looks like what netsh prints: ${importFrom("netsh")}`;
  }
  if (lines.length === 0 && text.trim() === "") return "it is empty";
  const first = lines.find((line) => !COMMENT_START.test(line)) ?? "";
  const known = FORMATS.find(([pattern]) => pattern.test(first));
  if (known !== undefined) return known[1];
  const isComment = COMMENT_START.test(text.slice(at, at + 2));
  return isComment ? COMMENT : undefined;
}
