/**
 * JSON that knows where each of its values stands, for errors that name a line
 * and a column. Strict: what `JSON.parse` refuses is refused.
 *
 * @module
 */

import {
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";

/** Where something stands, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a text, and where. */
export interface Problem extends Place {
  readonly message: string;
}

/** A value of the text. */
export class JsonValue {
  readonly #text: JsonText;
  readonly #node: Node;

  /** Wraps a node of the text's tree. */
  constructor(text: JsonText, node: Node) {
    this.#text = text;
    this.#node = node;
  }

  /** As JavaScript has it; of members that stand twice the last. */
  get value(): unknown {
    return getNodeValue(this.#node);
  }

  /** Where it begins. */
  get place(): Place {
    return this.#text.placeOf(this.#node.offset);
  }

  /** What kind it is, in words. */
  get kind(): string {
    return KINDS[this.#node.type];
  }

  /** The items of an array; `undefined` for anything else. */
  items(): JsonValue[] | undefined {
    if (this.#node.type !== "array") return undefined;
    return (this.#node.children ?? []).map((node) =>
      new JsonValue(this.#text, node)
    );
  }

  /** The members of an object as they stand, a name perhaps twice. */
  members(): JsonMember[] | undefined {
    if (this.#node.type !== "object") return undefined;
    return (this.#node.children ?? []).map(({ children }) => {
      const [name, value] = children!;
      return {
        name: new JsonValue(this.#text, name!),
        value: new JsonValue(this.#text, value!),
      };
    });
  }
}

/** A member of an object. */
export interface JsonMember {
  readonly name: JsonValue;
  readonly value: JsonValue;
}

const KINDS: Readonly<Record<Node["type"], string>> = {
  object: "an object",
  array: "an array",
  property: "a member",
  string: "a text",
  number: "a number",
  boolean: "true or false",
  null: "null",
};

/** The parser's words for what is wrong are names; these are sentences. */
const WORDS: Readonly<Record<string, string>> = {
  InvalidSymbol: "there is a word that is no JSON",
  InvalidNumberFormat: "there is a number that is no JSON",
  PropertyNameExpected: "a name in double quotes is missing",
  ValueExpected: "a value is missing",
  ColonExpected: "a colon is missing",
  CommaExpected: "a comma is missing",
  CloseBraceExpected: 'the closing "}" is missing',
  CloseBracketExpected: 'the closing "]" is missing',
  EndOfFileExpected: "there is more behind its end",
  InvalidCommentToken: "it has a comment",
  UnexpectedEndOfComment: "it has a comment",
  UnexpectedEndOfString: "a string has no end",
  UnexpectedEndOfNumber: "a number has no end",
  InvalidUnicode: "a \\u stands before no four hexadecimal digits",
  InvalidEscapeCharacter: "a string has an escape that is none",
  InvalidCharacter: "a string has a control character",
};

/** A text and its tree. */
export class JsonText {
  readonly #text: string;
  /** Where each line begins, known once it is asked for. */
  #starts: number[] | undefined;

  /** Takes a text; nothing is parsed yet. */
  constructor(text: string) {
    this.#text = text;
  }

  /** Parses it; what is wrong goes to `refuse`. */
  parse(refuse: (problem: Problem) => void): JsonValue | undefined {
    const errors: ParseError[] = [];
    let root: Node | undefined;
    try {
      root = parseTree(this.#text, errors, { disallowComments: true });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // The parser calls itself for each level
      const message = "This is nested deeper than anybody would";
      refuse({ line: 1, column: 1, message });
      return undefined;
    }
    const [error] = errors;
    if (error === undefined && root !== undefined && isJson(this.#text)) {
      return new JsonValue(this, root);
    }
    refuse({
      ...this.placeOf(error?.offset ?? 0),
      message: `This is no JSON: ${this.#wordsOf(error)}`,
    });
  }

  #wordsOf(error: ParseError | undefined): string {
    const name = error === undefined ? "" : printParseErrorCode(error.error);
    const before = this.#text.slice(0, error?.offset).trimEnd();
    if (before === "") return "it is empty";
    const isDangling = before.endsWith(",") &&
      ["ValueExpected", "PropertyNameExpected"].includes(name);
    if (isDangling) return "there is nothing behind the last comma";
    return WORDS[name] ?? "it cannot be parsed";
  }

  /** The line and the column of a character. */
  placeOf(offset: number): Place {
    const starts = this.#starts ??= [
      0,
      ...this.#text.matchAll(/\n/g).map(({ index }) => index + 1),
    ];
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  }
}

/** The last word: the parser above is made to be lenient. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
