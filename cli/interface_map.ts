/**
 * The option `--map OLD=NEW`: the interfaces of a file that are called otherwise
 * on this computer.
 *
 * @module
 */

import { parseInterface } from "../ffi/parse/entry.ts";
import { cut, NeighborError, quote } from "../ffi/types/error.ts";
import type { InterfaceNames } from "../ffi/types/interface.ts";
import { UsageError } from "./args.ts";
import { nearest } from "./nearest.ts";
import { interfaceOf, interfaceWord } from "./values.ts";

/** One `OLD=NEW`. */
interface Rule {
  readonly word: string;
  readonly old: InterfaceNames;
  readonly to: InterfaceNames;
  /** Whether an interface of the file was OLD. */
  isUsed: boolean;
  /** Whether NEW is an interface of the file too, which no rule maps. */
  isTaken: boolean;
}

/** The most names that an error lists, and the most characters of each. */
const [MOST_NAMES, LONGEST_NAME] = [10, 256];

/** The names of the interfaces that change. */
export class InterfaceMap {
  readonly #rules: Rule[] = [];
  readonly #met = new Set<string>();

  /**
   * Parses the values of the option.
   *
   * @throws {UsageError} Where one is not `OLD=NEW`, or names an OLD again.
   */
  constructor(words: readonly string[] = []) {
    for (const word of words) this.#rules.push(ruleOf(word));
    for (const [at, { word, old }] of this.#rules.entries()) {
      const earlier = this.#rules.slice(0, at).find((one) =>
        isSame(one.old, old)
      );
      if (earlier === undefined) continue;
      throw new UsageError(
        `The option "--map" maps one interface twice: ${quote(earlier.word)} ` +
          `and ${quote(word)}`,
      );
    }
  }

  /** Whether any interface is mapped. */
  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /**
   * The name here of the interface that a file gives any of these names;
   * `undefined` where it is not mapped.
   *
   * @throws {UsageError} Where two of the names are mapped to two interfaces.
   */
  renamed(names: Names): InterfaceNames | undefined {
    if (this.isEmpty) return undefined;
    this.#remember(names);
    const [rule, ...others] = this.#rules.filter(({ old }) =>
      isSame(old, names)
    );
    if (rule === undefined) {
      for (const one of this.#rules) one.isTaken ||= isSame(one.to, names);
      return undefined;
    }
    rule.isUsed = true;
    for (const other of others) {
      other.isUsed = true;
      if (isSame(other.to, rule.to)) continue;
      throw new UsageError(
        `The option "--map" maps one interface of the file to two: ` +
          `${quote(rule.word)} and ${quote(other.word)}`,
      );
    }
    return rule.to;
  }

  /**
   * Call once the file is read.
   *
   * @throws {UsageError} Where an OLD names no interface of the file, or a NEW
   * names one that keeps its name: two interfaces would become one.
   */
  check(file: string): void {
    const unused = this.#rules.find(({ isUsed }) => !isUsed);
    if (unused !== undefined) throw this.#unused(unused, file);
    const taken = this.#rules.find(({ isTaken }) => isTaken);
    if (taken === undefined) return;
    const to = taken.word.slice(taken.word.indexOf("=") + 1);
    const kept = `${to.replaceAll("=", "\\u003d")}=${to}`;
    throw new UsageError(
      `The option "--map" has ${quote(taken.word)}, but ${file} also has an ` +
        `interface ${quote(to)}, and the two would become one: map that too, ` +
        `or where one is meant add --map ${cut(kept, LONGEST_NAME)}`,
    );
  }

  #unused({ word }: Rule, file: string): UsageError {
    const names = [...this.#met];
    const old = word.slice(0, word.indexOf("="));
    const near = nearest(old, names);
    const some = names.slice(0, MOST_NAMES)
      .map((name) => cut(name, LONGEST_NAME)).join(", ");
    const more = names.length > MOST_NAMES ? ", …" : "";
    return new UsageError(
      `The option "--map" has ${quote(word)}, but ${file} names no ` +
        `interface ${quote(old)}` +
        (near !== undefined
          ? `, did you mean ${cut(near, LONGEST_NAME)}?`
          : some === ""
          ? ""
          : `: it names ${some}${more}`),
    );
  }

  #remember({ interfaceAlias, interfaceIndex, interfaceLuid }: Names): void {
    if (this.#met.size > 1000) return;
    if (typeof interfaceAlias === "string") {
      this.#met.add(interfaceWord(interfaceAlias));
    } else if (interfaceIndex != null) this.#met.add(String(interfaceIndex));
    else if (interfaceLuid != null) this.#met.add(String(interfaceLuid));
  }
}

/** The names that a file gives an interface, unchecked. */
type Names = Readonly<Partial<Record<keyof InterfaceNames, unknown>>>;

/** OLD ends at the first `=`; one in a name is written as `\u003d`. */
function ruleOf(word: string): Rule {
  const equals = word.indexOf("=");
  const [old, to] = [
    word.slice(0, Math.max(equals, 0)),
    word.slice(equals + 1),
  ];
  if (old === "" || to === "") {
    throw new UsageError(
      `The option "--map" takes OLD=NEW, two names of an interface, ` +
        `not ${quote(word)}`,
    );
  }
  const names = { old: namesOf(old), to: namesOf(to) };
  const rule = { word, ...names, isUsed: false, isTaken: false };
  checkNew(rule);
  return rule;
}

/** Refuses a NEW that no pin may have, whatever interfaces exist. */
function checkNew({ word, to }: Rule): void {
  let why = "there is no interface 0";
  try {
    if (parseInterface(to) !== null) return;
  } catch (error) {
    if (!(error instanceof NeighborError)) throw error;
    why = error.message;
  }
  throw new UsageError(`The option "--map" has ${quote(word)}: ${why}`);
}

function namesOf(word: string): InterfaceNames {
  const names = interfaceOf(word.replaceAll("\\u003d", "="));
  const { interfaceLuid } = names;
  if (typeof interfaceLuid === "string" && keyOf(interfaceLuid) === undefined) {
    throw new UsageError(
      `The option "--map" has ${quote(word)}, which is no LUID`,
    );
  }
  return names;
}

/** RFC 4007 section 11.2: a zone of digits is an index, any other a name. */
export function namesOfZone(zone: string) {
  return /^[0-9]{1,10}$/.test(zone)
    ? { interfaceIndex: Number(zone) }
    : { interfaceAlias: zone };
}

/** Whether any name of a file's interface is the one name given. */
function isSame(given: InterfaceNames, names: Names): boolean {
  const { interfaceLuid, interfaceAlias, interfaceIndex } = given;
  if (interfaceAlias != null) return names.interfaceAlias === interfaceAlias;
  if (interfaceIndex != null) return names.interfaceIndex === interfaceIndex;
  const key = keyOf(interfaceLuid);
  return key !== undefined && keyOf(names.interfaceLuid) === key;
}

/** A LUID as a number; `undefined` for what is none. */
function keyOf(luid: unknown): bigint | undefined {
  return typeof luid === "string" && /^0x[0-9a-f]{1,16}$/i.test(luid)
    ? BigInt(luid)
    : undefined;
}
