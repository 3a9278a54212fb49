/**
 * Reads tests/helpers/windows/layout.h: the numbers that the C compiler proves, for the
 * tests to compare the TypeScript with.
 *
 * @module
 */

/** A function of the headers, its C types as written. */
export interface Call {
  readonly result: string;
  readonly parameters: readonly string[];
}

/** A member of a structure. */
export interface Member {
  readonly offset: number;
  readonly bytes: number;
}

/** layout.h by kind of line, each by its C name. */
export interface LayoutHeader {
  readonly sizes: ReadonlyMap<string, number>;
  /** By `TYPE.member`. */
  readonly members: ReadonlyMap<string, Member>;
  /** By `TYPE.member`; the offset of the byte, and its bits. */
  readonly flags: ReadonlyMap<string, { offset: number; bits: number }>;
  readonly values: ReadonlyMap<string, number>;
  readonly calls: ReadonlyMap<string, Call>;
  /** The number of statements. */
  readonly count: number;
}

/** The path of layout.h. */
export const LAYOUT_HEADER = new URL("./windows/layout.h", import.meta.url);

/** Reads layout.h; a line that is not understood is an error. */
export function readLayoutHeader(): LayoutHeader {
  const text = Deno.readTextFileSync(LAYOUT_HEADER)
    .replace(/\/\*.*?\*\//gs, "");
  const sizes = new Map<string, number>();
  const members = new Map<string, Member>();
  const flags = new Map<string, { offset: number; bits: number }>();
  const values = new Map<string, number>();
  const calls = new Map<string, Call>();
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  for (const line of lines) {
    const [, macro, body] = /^([A-Z]+)\((.*)\)$/.exec(line) ?? [];
    const words = (body ?? "").split(", ");
    const [first = "", second = "", third = "", fourth = ""] = words;
    if (macro === "SIZE") put(sizes, first, number(second));
    else if (macro === "ALIGN") number(second);
    else if (macro === "VALUE") put(values, first, number(second));
    else if (macro === "MEMBER") {
      const member = { offset: number(third), bytes: number(fourth) };
      put(members, `${first}.${second}`, member);
    } else if (macro === "FLAG") {
      const flag = { offset: number(third), bits: number(fourth) };
      put(flags, `${first}.${second}`, flag);
    } else if (macro === "CALL") {
      const parameters = words.slice(2).join(", ").slice(1, -1).split(", ");
      put(calls, second, { result: first, parameters });
    } else throw new Error(`layout.h has the line "${line}"`);
  }
  return { sizes, members, flags, values, calls, count: lines.length };
}

function number(text: string): number {
  if (!/^(0x[0-9A-Fa-f]+|0|[1-9][0-9]*)$/.test(text)) {
    throw new Error(`layout.h has "${text}" where a number belongs`);
  }
  return Number(text);
}

function put<T>(map: Map<string, T>, name: string, value: T): void {
  if (map.has(name)) throw new Error(`layout.h has ${name} twice`);
  map.set(name, value);
}
