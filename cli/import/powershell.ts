/**
 * What `Get-NetNeighbor | ConvertTo-Json` prints, and scripts. The states are numbers: the
 * enumeration `NL_NEIGHBOR_STATE` of nldef.h.
 *
 * @module
 */

import type { Format } from "./format.ts";
import { readObjects } from "./ip_json.ts";
import { powershellScript } from "./powershell_script.ts";
import { type Item, readRow, refused, type RowState, STATES } from "./item.ts";

/** `NlnsUnreachable` is 0. */
const BY_NUMBER: readonly RowState[] = [
  ...["incomplete", "incomplete", "learnt", "learnt"] as const,
  ...["learnt", "learnt", "configured"] as const,
];

/**
 * `Get-NetNeighbor | ConvertTo-Json`, also behind `Select-Object`; any text that
 * does not begin as JSON is read as a script.
 */
export const powershell: Format = {
  read: (text) =>
    /^\s*([[{]|$)/.test(text)
      ? readObjects(text, readObject)
      : powershellScript.read(text),
};

function readObject(
  row: Readonly<Record<string, unknown>>,
  line: number,
): Item {
  const { IPAddress, LinkLayerAddress, State = "", InterfaceAlias } = row;
  const index = row.ifIndex ?? row.InterfaceIndex;
  if (typeof IPAddress !== "string") {
    return refused(line, 'The row has no "IPAddress"');
  }
  if (typeof (LinkLayerAddress ?? "") !== "string") {
    return refused(line, 'The member "LinkLayerAddress" takes text');
  }
  const isIndex = Number.isInteger(index) && (index as number) > 0;
  if (index != null && !isIndex) {
    return refused(line, 'The member "ifIndex" takes a whole number');
  }
  const state = windowsState(State);
  if (state === undefined) {
    return refused(line, 'The member "State" is none of Get-NetNeighbor');
  }
  const hasAlias = typeof InterfaceAlias === "string" && InterfaceAlias !== "";
  return readRow({
    ...{ line, address: IPAddress, state },
    linkLayerAddress: (LinkLayerAddress as string | null) || undefined,
    names: {
      ...(hasAlias && { interfaceAlias: InterfaceAlias }),
      ...(isIndex && { interfaceIndex: index as number }),
    },
  });
}

/** The state of a number, or of a word, which `-EnumsAsStrings` prints. */
function windowsState(state: unknown): RowState | undefined {
  if (state === "") return "unknown";
  if (typeof state === "number") return BY_NUMBER[state];
  return typeof state === "string"
    ? STATES.get(state.toLowerCase())
    : undefined;
}
