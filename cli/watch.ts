/**
 * `neighbor watch`: prints each event as a line or an object.
 *
 * @module
 */

import type { NeighborEvent, NeighborWatch } from "../ffi/types/watch.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import type { SystemTable } from "../ffi/system_table.ts";
import {
  type Color,
  type Line,
  type Lines,
  protocolCells,
} from "./output/answer.ts";
import { EntryLines } from "./output/entry_lines.ts";
import { nameText } from "./output/text.ts";
import { filterOf, milliseconds } from "./values.ts";
import { type RunCommand, UsageError } from "./args.ts";

const SIGNS: Readonly<{ [Type in NeighborEvent["type"]]: [string, Color] }> = {
  added: ["+", "green"],
  changed: ["~", "yellow"],
  removed: ["-", "red"],
  resync: ["!", "magenta"],
};

/** Watches the rows that match the options, until stopped. */
export async function watch(
  table: SystemTable,
  command: RunCommand,
): Promise<Lines> {
  const interval = milliseconds(command.values.interval);
  const options = {
    filter: filterOf(command),
    ...(interval !== undefined && { interval }),
  };
  const { known } = command.values;
  if (command.flags.has("changes")) {
    const { watchChanges } = await import("./changes/changes.ts");
    return await watchChanges(table, options, known);
  }
  if (known !== undefined) throw new UsageError("--known needs --changes");
  const events = table.watch(options);
  return {
    lines: linesOf(events),
    stop: () => void events.return(),
    kind: "watch",
  };
}

async function* linesOf(events: NeighborWatch): AsyncGenerator<Line, number> {
  const layout = new Layout();
  for await (const event of events) yield lineOf(event, new Date(), layout);
  return 0;
}

/** The line of an event that was read at `time`. */
export function lineOf(
  event: NeighborEvent,
  time: Date,
  layout: Layout,
): Line {
  const [sign, color] = SIGNS[event.type];
  const stamp = time.toISOString();
  return {
    json: { time: stamp, ...event },
    text: [sign, stamp, ...wordsOf(event, layout)].join(" "),
    color,
  };
}

function wordsOf(event: NeighborEvent, layout: Layout): string[] {
  if (event.type === "resync") {
    return ["events were lost, the differences follow"];
  }
  const row = event.neighbor ?? event.previous;
  const words = layout.cells(row);
  if (event.type === "added" && event.initial) words.push("initial");
  if (event.type === "changed") words.push(...changes(event.previous, row));
  return words;
}

/** The former values of what has changed. */
function changes(before: Neighbor, now: Neighbor): string[] {
  const was: string[] = [];
  if (before.linkLayerAddress !== now.linkLayerAddress) {
    was.push(before.linkLayerAddress ?? "-");
  }
  if (before.state !== now.state) was.push(before.state);
  if (before.interfaceAlias !== now.interfaceAlias) {
    was.push(before.interfaceAlias ?? String(before.interfaceIndex));
  }
  if (before.isRouter !== now.isRouter) {
    was.push(before.isRouter ? "router" : "no router");
  }
  const { protocol = null } = before;
  if (protocol !== (now.protocol ?? null)) {
    was.push(protocol === null ? "no protocol" : `protocol ${protocol}`);
  }
  return was.length === 0 ? [] : [`was ${was.join(" ")}`];
}

/** Aligns the cells of rows whose widths are not known in advance. */
export class Layout {
  readonly #lines = new EntryLines([
    ...["255.255.255.255", "00:00:00:00:00:00", "incomplete"],
  ]);

  /** The padded cells of a row. */
  cells(row: Neighbor): string[] {
    return this.#lines.pad([
      row.address,
      row.linkLayerAddress ?? "-",
      row.state,
      nameText(row.interfaceAlias ?? String(row.interfaceIndex)),
      ...protocolCells(row.protocol),
      ...(row.isRouter ? ["router"] : []),
    ]);
  }
}
