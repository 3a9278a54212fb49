/**
 * Stands in for `jsr:@std/cli@1.0.32/parse-args` in a checkout that cannot
 * reach JSR, over the tokens of `node:util`'s `parseArgs`. `deno.json` links
 * it; deleting its line there puts the real package back.
 *
 * It differs only in having less:
 *
 * - no `negatable`, no `boolean: true`, and default values must have the type
 *   of their option;
 * - dotted names are not nested: a `TypeError`;
 * - the type of a result does not know the aliases: they are `unknown` there;
 * - malformed options like `--=a=b` and `--no-=a` reach `unknown` under another
 *   key, with the same `arg`.
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
  C extends string = string,
  D extends Defaults<B, S, C> = Defaults<B, S, C>,
  DD extends boolean = boolean,
> {
  /** Keep what follows `--` apart, in `result["--"]`. */
  readonly "--"?: DD;
  /** Other names for an option; each gets the value too. */
  readonly alias?: Readonly<Record<string, Names<string>>>;
  /** Options that take no value; `false` where absent. */
  readonly boolean?: Names<B>;
  /** Options whose values are collected into an array. */
  readonly collect?: Names<C>;
  /** Values of absent options. */
  readonly default?: D;
  /** Leave everything from the first positional on alone. */
  readonly stopEarly?: boolean;
  /** Options whose values stay text; `"_"` means the positionals. */
  readonly string?: Names<S>;
  /**
   * Called with each positional, and with each option that is none of string,
   * boolean, collect and alias; returning `false` drops it.
   */
  readonly unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The default values an option may have. */
export type Defaults<B extends string, S extends string, C extends string> =
  & { readonly [K in Exclude<S, C>]?: string }
  & { readonly [K in S & C]?: string[] }
  & { readonly [K in Exclude<B, C>]?: boolean }
  & { readonly [K in B & C]?: boolean[] };

/** What {@linkcode parseArgs} returns. */
export type Args<
  B extends string = never,
  S extends string = never,
  C extends string = never,
  D = unknown,
  DD extends boolean = false,
> =
  & Record<string, unknown>
  & { [K in Exclude<S, C>]?: string }
  & { [K in S & C]: string[] }
  & { [K in Exclude<B, C>]: boolean }
  & { [K in B & C]: boolean[] }
  & { [K in Exclude<C, B | S>]: unknown[] }
  & { [K in keyof D]: NonNullable<unknown> }
  // With `"_"` a string option this reads `string & (string | number)[]`, as
  // the real one's does.
  & { _: Array<string | number> }
  & (true extends DD ? { "--": string[] } : unknown);

/**
 * Parses command line arguments.
 *
 * A value is what follows `=`, or else the next argument unless that is empty
 * or starts with `-`. Values and positionals that read as numbers become
 * numbers unless declared `string`.
 */
export function parseArgs<
  B extends string = never,
  S extends string = never,
  C extends string = never,
  D extends Defaults<B, S, C> = Record<never, never>,
  DD extends boolean = false,
>(
  args: readonly string[],
  options: ParseOptions<B, S, C, D, DD> = {},
): Args<B, S, C, D, DD> {
  const others = aliases(options.alias ?? {});
  const withAliases = (names: Names<string> = []): Set<string> =>
    new Set(list(names).flatMap((name) => [name, ...others.get(name) ?? []]));
  const strings = withAliases(options.string);
  const booleans = withAliases(options.boolean);
  const collected = withAliases(options.collect);
  const result: Record<string, unknown> & { _: unknown[] } = { _: [] };

  function assign(name: string, value: unknown): void {
    if (name === "__proto__" || name === "constructor") return;
    if (name.includes(".")) {
      throw new TypeError(`Cannot nest option "${name}": use @std/cli itself`);
    }
    result[name] = value;
  }

  function setOption(name: string, value: Value, arg: string): void {
    const known = strings.has(name) || booleans.has(name) ||
      collected.has(name) || others.has(name);
    if (!known && options.unknown?.(arg, name, value) === false) return;
    const typed = strings.has(name) ? value : coerce(value);
    for (const key of [name, ...others.get(name) ?? []]) {
      const before = Object.hasOwn(result, key) ? result[key] : [];
      assign(
        key,
        collected.has(key) && Array.isArray(before)
          ? [...before, typed]
          : typed,
      );
    }
  }

  const end = args.indexOf("--");
  const head = end < 0 ? args : args.slice(0, end);
  const tail = end < 0 ? [] : args.slice(end + 1);

  // Loaded when first needed: a static import would cost every start.
  const { parseArgs: tokenize } = process.getBuiltinModule("node:util");
  const { tokens } = tokenize({
    // A cluster like -hV is taken apart here, by rules Node does not have.
    args: head.map((arg) => isLong(arg) ? arg : arg.replace(/^(-.).+$/s, "$1")),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });

  let taken = -1;
  /** The value of an option written without one. */
  function value(name: string, index: number, option: RegExp): Value {
    const next = head[index + 1];
    const takesNone = booleans.has(name) ||
      others.get(name)?.some((other) => booleans.has(other));
    if (next && !takesNone && !option.test(next)) {
      taken = index + 1;
      return next;
    }
    if (next === "true" || next === "false") {
      taken = index + 1;
      return next === "true";
    }
    return strings.has(name) ? "" : true;
  }

  for (const token of tokens) {
    const { index } = token;
    const arg = head[index]!;
    if (index === taken) continue;
    if (token.kind !== "option") {
      if (options.unknown?.(arg) !== false) {
        result._.push(strings.has("_") ? arg : coerce(arg));
      }
      if (options.stopEarly) {
        result._.push(...head.slice(index + 1));
        break;
      }
    } else if (!isLong(arg)) {
      for (const { name, attached, last } of cluster(arg.slice(1))) {
        const bare = () => strings.has(name) ? "" : true;
        setOption(
          name,
          attached ?? (last ? value(name, index, /^--?[^-]/) : bare()),
          arg,
        );
      }
    } else if (token.value === undefined) {
      setOption(token.name, value(token.name, index, /^-/), arg);
    } else {
      // With a value, a leading `no-` does not count.
      const name = token.name.replace(/^no-(?=.)/s, "");
      const isBoolean = booleans.has(name);
      setOption(name, isBoolean ? token.value !== "false" : token.value, arg);
    }
  }

  for (const [name, value] of Object.entries(options.default ?? {})) {
    if (Object.hasOwn(result, name)) continue;
    for (const key of [name, ...others.get(name) ?? []]) assign(key, value);
  }
  for (const name of booleans) {
    if (Object.hasOwn(result, name)) continue;
    assign(name, collected.has(name) ? [] : false);
  }
  for (const name of strings) {
    if (collected.has(name) && !Object.hasOwn(result, name)) assign(name, []);
  }
  if (options["--"]) result["--"] = tail;
  else result._.push(...tail);
  return result as Args<B, S, C, D, DD>;
}

function isLong(arg: string): boolean {
  return arg.startsWith("--");
}

function list(names: Names<string>): readonly string[] {
  return typeof names === "string" ? [names] : names;
}

/** For each name that has aliases, its other names. */
function aliases(
  option: Readonly<Record<string, Names<string>>>,
): Map<string, readonly string[]> {
  const others = new Map<string, readonly string[]>();
  for (const [name, more] of Object.entries(option)) {
    const group = [name, ...list(more)];
    for (const member of group) {
      others.set(member, group.filter((other) => other !== member));
    }
  }
  return others;
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
): Generator<{ name: string; attached: string | undefined; last: boolean }> {
  for (const [index, name] of letters.split("").entries()) {
    const rest = letters.slice(index + 1);
    const attached = attachedValue(name, rest);
    yield { name, attached, last: rest === "" };
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
