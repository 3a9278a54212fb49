/**
 * Converts the words of a command into the values of the API, which checks them.
 *
 * @module
 */

import { intersection, parseSubnet } from "../ffi/parse/subnet.ts";
import { quote } from "../ffi/types/error.ts";
import type { InterfaceNames } from "../ffi/types/interface.ts";
import type {
  NeighborEntry,
  NeighborFilter,
  NeighborKey,
  NeighborState,
} from "../ffi/types/neighbor.ts";
import { ipWordHint, type RunCommand, UsageError } from "./args.ts";
import { nearest } from "./nearest.ts";
import { escapeText, nameText } from "./output/text.ts";
import { OPTIONS } from "./usage/options.ts";
import { SUBNETS, type Verb, VERBS } from "./usage/verbs.ts";

/** The entry of the first two operands, `--interface` and `--protocol`. */
export function entryOf(command: RunCommand): NeighborEntry {
  const { operands, values: { protocol } } = command;
  return {
    ...keyOf(command),
    linkLayerAddress: operands[1]!,
    ...(protocol !== undefined && { protocol: protocolOf(protocol) }),
  };
}

/**
 * The number of a protocol; the API checks its range. `run` has replaced a name
 * by its number.
 */
export function protocolOf(word: string): number {
  if (/^[0-9]+$/.test(word)) return wholeNumber("protocol", word);
  throw new UsageError(`The protocol ${quote(word)} is not a number`);
}

/** The key of the first operand and `--interface`. */
export function keyOf({ operands, values }: RunCommand): NeighborKey {
  // The API refuses a key without an interface
  return {
    address: operands[0]!,
    ...interfaceOf(values.interface),
  } as NeighborKey;
}

/** The filter of the options, and of the operands where they are subnets. */
export function filterOf(
  { verb, operands, values, flags }: RunCommand,
): NeighborFilter {
  const isOperand = (VERBS[verb].operands as readonly string[])[0] === SUBNETS;
  if (isOperand) checkSubnets(verb, operands, values.state);
  const subnet = subnetOf(isOperand ? operands : [], values.subnet);
  const linkLayerAddress = values["link-layer-address"];
  return {
    ...interfaceOf(values.interface),
    ...(values.family !== undefined &&
      { family: choice("family", values.family) as "ipv4" | "ipv6" }),
    ...(values.state !== undefined &&
      {
        state: values.state.split(",")
          .map((one) => choice("state", one)) as NeighborState[],
      }),
    ...(subnet !== undefined && { subnet }),
    ...(linkLayerAddress !== undefined && { linkLayerAddress }),
    ...(values.protocol !== undefined &&
      { protocol: protocolOf(values.protocol) }),
    ...(flags.has("proxy") && { proxy: true }),
  };
}

/** Refuses an operand that is no attempt at an address: a word out of place. */
function checkSubnets(
  verb: Verb,
  operands: readonly string[],
  states: string | undefined,
): void {
  const other = operands.find((word) => !/[.:/]/.test(word));
  if (other === undefined) return;
  const hint = ipWordHint(verb, operands) || `; ${wordHint(other, states)}`;
  throw new UsageError(
    `${verb} takes ${SUBNETS}, ${quote(other)} is neither${hint}`,
  );
}

/** By which option a word is given that is no address. */
function wordHint(word: string, states: string | undefined): string {
  const state = choice("state", word);
  if ((OPTIONS.state.choices as readonly string[]).includes(state)) {
    return states === undefined
      ? `a state is named by --state ${state}`
      : `states are joined by commas: --state ${states},${state}`;
  }
  if (/^([0-9a-f]{1,2}-){5}[0-9a-f]{1,2}$|^[0-9a-f]{12}$/i.test(word)) {
    return "a link-layer address is named by --link-layer-address";
  }
  return "an interface is named by --interface";
}

/** The operands, of which any has to match, within `--subnet`. */
function subnetOf(
  operands: readonly string[],
  option: string | undefined,
): string | readonly string[] | undefined {
  if (option !== undefined && !option.includes("/")) {
    throw new UsageError(
      `Cannot parse subnet ${quote(option)}: ` +
        'the "/" and the prefix length are missing',
    );
  }
  if (operands.length === 0) return option;
  if (option === undefined) return operands;
  const outer = parseSubnet(option);
  const shared = operands.map((one) => intersection(outer, parseSubnet(one)))
    .filter((one) => one !== undefined);
  if (shared.length > 0) return shared.map(({ text }) => text);
  throw new UsageError(`No operand is in the --subnet ${quote(option)}`);
}

/** The choice that equals a word in any case; refuses any other word. */
export function readChoice<Name extends "from" | "store" | "to">(
  name: Name,
  word: string | undefined,
): typeof OPTIONS[Name]["choices"][number] | undefined {
  if (word === undefined) return undefined;
  const choices: readonly typeof OPTIONS[Name]["choices"][number][] =
    OPTIONS[name].choices;
  const found = choices.find((one) => one === word.toLowerCase());
  if (found !== undefined) return found;
  const near = nearest(word, choices);
  const hint = near === undefined ? "" : `, did you mean ${near}?`;
  throw new UsageError(
    `The option "--${name}" takes ${choices.join(", ")}, not ` +
      `${quote(word)}${hint}`,
  );
}

/** The choice that equals a word in any case; else the word, which the API refuses. */
function choice(name: "family" | "state", word: string): string {
  const choices: readonly string[] = OPTIONS[name].choices;
  return choices.find((one) => one === word.toLowerCase()) ?? word;
}

/** The interface of a word: decimal is an index, 0x… a LUID, else it is an alias. */
export function interfaceOf(word: string | undefined): InterfaceNames {
  if (word === undefined) return {};
  if (/^[0-9]+$/.test(word)) {
    return { interfaceIndex: wholeNumber("interface index", word) };
  }
  if (/^0x/i.test(word)) return { interfaceLuid: word };
  const alias = word.startsWith(PREFIX) ? word.slice(PREFIX.length) : word;
  return { interfaceAlias: unescapeText(alias) };
}

const PREFIX = "alias:";

/** The value of `--interface` that means an alias. */
export function interfaceWord(alias: string): string {
  const text = escapeText(nameText(alias));
  const isOther = /^[0-9]+$|^0x|^alias:/i.test(text);
  return isOther ? PREFIX + text : text;
}

/**
 * Decodes `\uXXXX` as `interfaces` prints it: a byte of a name that is not UTF-8
 * can be typed in no other way. `\u005c` is a backslash. An escape that
 * `interfaces` never prints stays as it is.
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

/** The whole number of a word; refuses one that a double cannot represent. */
function wholeNumber(what: string, word: string): number {
  const number = Number(word);
  if (Number.isSafeInteger(number)) return number;
  throw new UsageError(`The ${what} ${quote(word)} is too large`);
}

/** A number of milliseconds; the API checks its range. */
export function milliseconds(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  if (/^[0-9]+$/.test(word)) return wholeNumber("interval", word);
  throw new UsageError(
    `The interval ${quote(word)} is not a number of milliseconds`,
  );
}

/** Parses seconds, with an optional fraction; returns milliseconds. */
export function seconds(word: string): number {
  const milliseconds = 1000 * Number(word);
  const isNumber = /^[0-9]+(\.[0-9]+)?$/.test(word);
  if (isNumber && milliseconds >= 1 && milliseconds <= 0x7fff_ffff) {
    return Math.round(milliseconds);
  }
  throw new UsageError(
    `The timeout ${
      quote(word)
    } is not a number of seconds from 0.001 to 2147483`,
  );
}
