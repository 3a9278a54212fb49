/**
 * The words of a command as the API takes them. What they say is checked by
 * the API itself.
 *
 * @module
 */

import type { InterfaceNames } from "../ffi/types/interface.ts";
import type {
  NeighborEntry,
  NeighborFilter,
  NeighborKey,
  NeighborState,
} from "../ffi/types/neighbor.ts";
import { type RunCommand, UsageError } from "./args.ts";

/** The entry that the first two operands and `--interface` name. */
export function entryOf(command: RunCommand): NeighborEntry {
  return { ...keyOf(command), linkLayerAddress: command.operands[1]! };
}

/** The key that the first operand and `--interface` name. */
export function keyOf({ operands, values }: RunCommand): NeighborKey {
  // Checked by the parser: the interface is in the option or in the zone
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
      { family: values.family as "ipv4" | "ipv6" }),
    ...(values.state !== undefined &&
      { state: values.state.split(",") as NeighborState[] }),
    ...(values.subnet !== undefined && { subnet: values.subnet }),
    ...(flags.has("proxy") && { proxy: true }),
  };
}

/** An index where it is decimal, a LUID where it is 0x…, else an alias. */
function interfaceOf(word: string | undefined): InterfaceNames {
  if (word === undefined) return {};
  if (/^[0-9]+$/.test(word)) return { interfaceIndex: Number(word) };
  if (/^0x/i.test(word)) return { interfaceLuid: word };
  const prefix = "alias:";
  return {
    interfaceAlias: word.startsWith(prefix) ? word.slice(prefix.length) : word,
  };
}

/** A value in milliseconds; the API says which will do. */
export function milliseconds(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  if (/^[0-9]+$/.test(word)) return Number(word);
  throw new UsageError(
    `The interval "${word}" is not a number of milliseconds`,
  );
}
