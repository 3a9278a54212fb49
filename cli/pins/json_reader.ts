/**
 * Reads JSON (RFC 8259) value by value in one pass. Unlike `JSON.parse` it knows
 * the offset of each value, so that an error can name a line and a column, and it
 * returns every member, so that a repeated one can be refused.
 *
 * @module
 */

import { quote } from "../../ffi/types/error.ts";
import { formatHint } from "./format_hint.ts";

/** The text is not JSON, or not the JSON expected. */
export class JsonError extends Error {
  override readonly name = "JsonError";
  /** The offset of the mistake. */
  readonly at: number;

  /** Takes the message and the offset. */
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** The deepest nesting of arrays and objects. */
export const MAX_DEPTH = 64;

/** The kind of a value, by its first character. */
export type JsonKind =
  | "object"
  | "array"
  | "string"
  | "number"
  | "boolean"
  | "null";

/** Each kind in words. */
export const KIND_WORDS: Readonly<Record<JsonKind, string>> = {
  object: "an object",
  array: "an array",
  string: "a text",
  number: "a number",
  boolean: "true or false",
  null: "null",
};

/** The most characters of a refused word that are examined. */
const LONGEST_WORD = 100;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const CLOSE_BRACE = 0x7d;

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Reads one text from start to end. */
export class JsonReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  /** Takes the text; reads nothing yet. */
  constructor(text: string) {
    this.#text = text;
  }

  /** The offset of the next value, after `kind` was called. */
  get at(): number {
    return this.#at;
  }

  /** The kind of the next value. */
  kind(): JsonKind {
    this.#skipBlanks();
    const text = this.#text;
    switch (text[this.#at]) {
      case "{":
        return "object";
      case "[":
        return "array";
      case '"':
        return "string";
      case "t":
      case "f":
        return "boolean";
      case "n":
        return "null";
      case "-":
        return "number";
    }
    if (/[0-9]/.test(text[this.#at] ?? "")) return "number";
    throw this.#refuseWord();
  }

  /** Reads the next value; of a repeated member the last one counts. */
  value(): unknown {
    switch (this.kind()) {
      case "string":
        return this.#string();
      case "number":
        return this.#number();
      case "boolean":
        return this.#text[this.#at] === "t"
          ? this.#word("true", true)
          : this.#word("false", false);
      case "null":
        return this.#word("null", null);
      case "array": {
        const items: unknown[] = [];
        this.items(() => items.push(this.value()));
        return items;
      }
      case "object": {
        const members: [string, unknown][] = [];
        this.members((name) => members.push([name, this.value()]));
        // An assignment would give the member "__proto__" a special meaning
        return Object.fromEntries(members);
      }
    }
  }

  /** Reads an array; `each` must read one item. */
  items(each: () => void): void {
    if (this.#enter(CLOSE_BRACKET)) return;
    do each(); while (this.#hasNext(CLOSE_BRACKET, "]"));
  }

  /** Reads an object; `each` gets a name and its offset, and must read the value. */
  members(each: (name: string, at: number) => void): void {
    if (this.#enter(CLOSE_BRACE)) return;
    do {
      this.#skipBlanks();
      const at = this.#at;
      if (this.#code() !== QUOTE) throw this.#refuseName();
      const name = this.#string();
      this.#skipBlanks();
      if (this.#code() !== COLON) {
        throw this.#refuse(`a colon is missing behind ${quote(name)}`);
      }
      this.#at++;
      each(name, at);
    } while (this.#hasNext(CLOSE_BRACE, "}"));
  }

  /** Throws where anything follows the value. */
  end(): void {
    this.#skipBlanks();
    if (this.#at < this.#text.length) {
      throw this.#refuse("there is more behind its end");
    }
  }

  #code(): number {
    return this.#text.charCodeAt(this.#at);
  }

  #skipBlanks(): void {
    const text = this.#text;
    let at = this.#at;
    for (;;) {
      const code = text.charCodeAt(at);
      if (
        code !== SPACE && code !== LINE_FEED && code !== TAB &&
        code !== CARRIAGE_RETURN
      ) break;
      at++;
    }
    this.#at = at;
  }

  /** Reads the opening bracket; returns whether the closing one follows. */
  #enter(close: number): boolean {
    if (this.#depth === MAX_DEPTH) {
      const message = `It is nested deeper than the limit of ${MAX_DEPTH}`;
      throw new JsonError(message, this.#at);
    }
    this.#at++;
    this.#skipBlanks();
    if (this.#code() === close) {
      this.#at++;
      return true;
    }
    this.#depth++;
    return false;
  }

  /** Reads a comma or the closing bracket; returns whether an item follows. */
  #hasNext(close: number, bracket: string): boolean {
    this.#skipBlanks();
    const code = this.#code();
    if (code === close) {
      this.#at++;
      this.#depth--;
      return false;
    }
    if (code !== COMMA) {
      throw this.#refuse(
        this.#at < this.#text.length
          ? `a comma or the closing "${bracket}" is missing`
          : `the closing "${bracket}" is missing`,
      );
    }
    this.#at++;
    this.#skipBlanks();
    if (this.#code() !== close) return true;
    throw this.#refuse("there is nothing behind the last comma");
  }

  #string(): string {
    const text = this.#text;
    const start = this.#at;
    let isEscaped = false;
    for (let at = start + 1;;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return isEscaped
          ? JSON.parse(text.slice(start, at + 1))
          : text.slice(start + 1, at);
      }
      if (code === BACKSLASH) {
        isEscaped = true;
        ESCAPE.lastIndex = at;
        if (!ESCAPE.test(text)) {
          throw this.#refuse("a string has an escape that is none", at);
        }
        at = ESCAPE.lastIndex;
      } else if (code >= SPACE) at++;
      else if (at >= text.length || code === LINE_FEED) {
        throw this.#refuse("a string has no end", start);
      } else {
        throw this.#refuse("a string has a control character", at);
      }
    }
  }

  #number(): number {
    NUMBER.lastIndex = this.#at;
    if (!NUMBER.test(this.#text)) {
      throw this.#refuseWord();
    }
    const end = NUMBER.lastIndex;
    if (/[-+.\w]/.test(this.#text[end] ?? "")) throw this.#refuseWord();
    const value = Number(this.#text.slice(this.#at, end));
    this.#at = end;
    return value;
  }

  #word<T>(word: string, value: T): T {
    const end = this.#at + word.length;
    if (
      !this.#text.startsWith(word, this.#at) ||
      /\w/.test(this.#text[end] ?? "")
    ) throw this.#refuseWord();
    this.#at = end;
    return value;
  }

  #refuseName(): JsonError {
    return this.#refuse(
      this.#at < this.#text.length
        ? "a name in double quotes is missing"
        : 'the closing "}" is missing',
    );
  }

  /** The error for text that is not a value. */
  #refuseWord(): JsonError {
    const text = this.#text.slice(this.#at, this.#at + LONGEST_WORD);
    if (text.startsWith("'")) {
      return this.#refuse("a text takes double quotes");
    }
    const [word] = /^[^ \t\r\n,:[\]{}"]*/.exec(text)!;
    return this.#refuse(
      word === "" ? "a value is missing" : `${quote(word)} is no JSON value`,
    );
  }

  /** The error, with the format of the whole text where it is recognized. */
  #refuse(mistake: string, at = this.#at): JsonError {
    const words = formatHint(this.#text, at) ?? mistake;
    return new JsonError(`This is no JSON: ${words}`, at);
  }
}
