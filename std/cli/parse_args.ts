/**
 * Stands in for `jsr:@std/cli@1.0.32/parse-args` in a checkout that cannot
 * reach JSR. `deno.json` links it; deleting its line there puts the real
 * package back.
 *
 * It imports nothing, because the command loads it at every start: over
 * `node:util` it cost 15 ms. It differs in having less: the options `alias`,
 * `boolean`, `collect` and `string` alone, of which `boolean` takes names only;
 * dotted names are not nested; the type of a result does not know the aliases,
 * nor the lists.
 *
 * @module
 */

/** One name or several. */
export type Names<N extends string> = N | readonly N[];
type Value = string | number | boolean;

/** Options of {@linkcode parseArgs}. */
export interface ParseOptions<
  B extends string = string,
  S extends string = string,
> {
  /** Other names for an option; each gets the value too. */
  readonly alias?: Readonly<Record<string, Names<string>>>;
  /** Options that take no value; `false` where absent. */
  readonly boolean?: Names<B>;
  /** Options whose values are a list; an empty one where absent. */
  readonly collect?: Names<string>;
  /** Options whose values stay text; `"_"` means the positionals. */
  readonly string?: Names<S>;
}

/** What {@linkcode parseArgs} returns. */
export type Args<B extends string = never, S extends string = never> =
  & Record<string, unknown>
  & { [K in S]?: string }
  & { [K in B]: boolean }
  // With `"_"` a string option this reads `string & (string | number)[]`, as
  // the real one's does.
  & { _: Array<string | number> };

/**
 * Parses command line arguments.
 *
 * A value is what follows `=`, or else the next argument unless that is empty
 * or starts with `-`. Values and positionals that read as numbers become
 * numbers unless declared `string`.
 */
export function parseArgs<B extends string = never, S extends string = never>(
  args: readonly string[],
  { alias = {}, boolean = [], collect = [], string = [] }: ParseOptions<
    B,
    S
  > = {},
): Args<B, S> {
  const groups = new Map<string, readonly string[]>();
  for (const [name, others] of Object.entries(alias)) {
    const group = [name, ...list(others)];
    for (const member of group) groups.set(member, group);
  }
  const namesOf = (name: string) => groups.get(name) ?? [name];
  const booleans = new Set(list<string>(boolean).flatMap(namesOf));
  const strings = new Set(list<string>(string).flatMap(namesOf));
  const lists = new Set(list(collect).flatMap(namesOf));
  const result: Record<string, unknown> & { _: Value[] } = { _: [] };
  const set = (name: string, value: Value) => {
    const typed = strings.has(name) ? value : coerce(value);
    for (const key of namesOf(name)) {
      if (key === "__proto__" || key === "constructor") continue;
      if (!lists.has(key)) result[key] = typed;
      else if (Array.isArray(result[key])) result[key].push(typed);
      else result[key] = [typed];
    }
  };
  const bare = (name: string) => strings.has(name) ? "" : true;

  const end = args.indexOf("--");
  const words = end < 0 ? [...args] : args.slice(0, end);
  /** The value of an option that is written without one. */
  const next = (name: string, option: RegExp): Value => {
    const [word] = words;
    const isTaken = booleans.has(name)
      ? word === "true" || word === "false"
      : word && !option.test(word);
    if (!isTaken) return bare(name);
    words.shift();
    return booleans.has(name) ? word === "true" : word!;
  };
  for (let word; (word = words.shift()) !== undefined;) {
    const long = /^--([^=]+)(?:=(.*))?$/s.exec(word);
    if (long !== null) {
      const [, name = "", value] = long;
      if (value === undefined) set(name, next(name, /^-/));
      else {
        // With a value, a leading `no-` does not count
        const positive = name.replace(/^no-(?=.)/s, "");
        set(positive, booleans.has(positive) ? value !== "false" : value);
      }
    } else if (/^-./s.test(word)) {
      for (const { name, attached, isLast } of cluster(word.slice(1))) {
        set(name, attached ?? (isLast ? next(name, /^--?[^-]/) : bare(name)));
      }
    } else result._.push(strings.has("_") ? word : coerce(word));
  }
  for (const name of booleans) {
    if (!Object.hasOwn(result, name)) set(name, false);
  }
  for (const name of lists) {
    if (!Object.hasOwn(result, name)) result[name] = [];
  }
  if (end >= 0) result._.push(...args.slice(end + 1));
  return result as Args<B, S>;
}

function list<N extends string>(names: Names<N>): readonly N[] {
  return typeof names === "string" ? [names] : names;
}

/** Numbers for text that `Number` reads as a finite one. */
function coerce(value: Value): Value {
  if (typeof value !== "string" || value.trim() === "") return value;
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}

/** Takes a cluster apart: `hV` is h and V, `i5` is i with the value `5`. */
function* cluster(
  letters: string,
): Generator<{ name: string; attached: string | undefined; isLast: boolean }> {
  for (const [index, name] of letters.split("").entries()) {
    const rest = letters.slice(index + 1);
    const attached = attachedValue(name, rest);
    yield { name, attached, isLast: rest === "" };
    if (attached !== undefined) return;
  }
}

/** The part of `rest` that is the value of the letter before it, if any is. */
function attachedValue(letter: string, rest: string): string | undefined {
  if (rest === "-") return rest;
  if (rest === "=") return "";
  if (/[a-z]/i.test(letter)) {
    const assigned = /=(.+)/.exec(rest)?.[1];
    if (assigned !== undefined) return assigned;
    if (/\d(\.\d*)?(e-?\d+)?$/.test(rest)) return rest;
  }
  return rest.length > 1 && /^\W/.test(rest) ? rest : undefined;
}
