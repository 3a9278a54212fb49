/**
 * The words of a command as the API takes them. What they say is checked by
 * the API itself.
 *
 * @module
 */

import { quote } from "../ffi/types/error.ts";
import type { InterfaceNames } from "../ffi/types/interface.ts";
import type {
  NeighborEntry,
  NeighborFilter,
  NeighborKey,
  NeighborState,
} from "../ffi/types/neighbor.ts";
import { type RunCommand, UsageError } from "./args.ts";
import { escapeText, nameText } from "./output/text.ts";
import { OPTIONS } from "./usage.ts";

/** The entry that the first two operands and `--interface` name. */
export function entryOf(command: RunCommand): NeighborEntry {
  return { ...keyOf(command), linkLayerAddress: command.operands[1]! };
}

/** The key that the first operand and `--interface` name. */
export function keyOf({ operands, values }: RunCommand): NeighborKey {
  // Without an interface the API refuses it
  return {
    address: operands[0]!,
    ...interfaceOf(values.interface),
  } as NeighborKey;
}

/** The filter that the options name. */
export function filterOf({ values, flags }: RunCommand): NeighborFilter {
  return {
    ...interfaceOf(values.interface),
    ...(values.family !== undefined &&
      { family: choice("family", values.family) as "ipv4" | "ipv6" }),
    ...(values.state !== undefined &&
      {
        state: values.state.split(",")
          .map((one) => choice("state", one)) as NeighborState[],
      }),
    ...(values.subnet !== undefined && { subnet: values.subnet }),
    ...(flags.has("proxy") && { proxy: true }),
  };
}

/** The choice that a word is in whatever case; else the word, to be refused. */
function choice(name: "family" | "state", word: string): string {
  const choices: readonly string[] = OPTIONS[name].choices;
  return choices.find((one) => one === word.toLowerCase()) ?? word;
}

/** An index where it is decimal, a LUID where it is 0x…, else an alias. */
function interfaceOf(word: string | undefined): InterfaceNames {
  if (word === undefined) return {};
  if (/^[0-9]+$/.test(word)) {
    return { interfaceIndex: wholeNumber("interface index", word) };
  }
  if (/^0x/i.test(word)) return { interfaceLuid: word };
  const alias = word.startsWith(PREFIX) ? word.slice(PREFIX.length) : word;
  return { interfaceAlias: unescapeText(alias) };
}

const PREFIX = "alias:";

/** What `--interface` takes for an alias. */
export function interfaceWord(alias: string): string {
  const text = escapeText(nameText(alias));
  const isOther = /^[0-9]+$|^0x|^alias:/i.test(text);
  return isOther ? PREFIX + text : text;
}

/**
 * The characters that `interfaces` prints as `\uXXXX`: a byte of a name that
 * is not UTF-8 can be given in no other way. `\u005c` is a backslash; any other
 * text is itself.
 */
function unescapeText(text: string): string {
  const printed = /\\u005[cC]|(?:\\u(?!005[cC])[0-9a-fA-F]{4})+/g;
  return text.replace(printed, (escapes) => {
    if (escapes.toLowerCase() === "\\u005c") return "\\";
    const units = escapes.match(/[0-9a-fA-F]{4}/g)!
      .map((digits) => parseInt(digits, 16));
    const characters = String.fromCharCode(...units);
    const isPrinted = escapeText(characters) === escapes.toLowerCase();
    return isPrinted ? characters : escapes;
  });
}

/** A number that is what the word says: a longer one would be rounded. */
function wholeNumber(what: string, word: string): number {
  const number = Number(word);
  if (Number.isSafeInteger(number)) return number;
  throw new UsageError(`The ${what} ${quote(word)} is too large`);
}

/** A value in milliseconds; the API says which will do. */
export function milliseconds(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  if (/^[0-9]+$/.test(word)) return wholeNumber("interval", word);
  throw new UsageError(
    `The interval "${word}" is not a number of milliseconds`,
  );
}

/** A number of seconds, perhaps with a fraction, in milliseconds. */
export function seconds(word: string): number {
  const milliseconds = 1000 * Number(word);
  const isNumber = /^[0-9]+(\.[0-9]+)?$/.test(word);
  if (isNumber && milliseconds >= 1 && milliseconds <= 0x7fff_ffff) {
    return Math.round(milliseconds);
  }
  throw new UsageError(
    `The timeout "${word}" is not a number of seconds from 0.001 to 2147483`,
  );
}
