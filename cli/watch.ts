/**
 * `neighbor watch`: each event an object or a line.
 *
 * @module
 */

import type {
  NeighborEvent,
  NeighborWatch,
  WatchOptions,
} from "../ffi/types/watch.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import type { NeighborTable } from "../ffi/types/table.ts";
import type { Color, Line, Lines } from "./output/answer.ts";
import { EntryLines } from "./output/entry_lines.ts";
import { nameText } from "./output/text.ts";
import { filterOf, milliseconds } from "./values.ts";
import type { RunCommand } from "./args.ts";

const SIGNS: Readonly<{ [Type in NeighborEvent["type"]]: [string, Color] }> = {
  added: ["+", "green"],
  changed: ["~", "yellow"],
  removed: ["-", "red"],
  resync: ["!", "magenta"],
};

/** Watches what the options name until it is stopped. */
export function watch(table: NeighborTable, command: RunCommand): Lines {
  const interval = milliseconds(command.values.interval);
  const options: WatchOptions = {
    filter: filterOf(command),
    ...(interval !== undefined && { interval }),
  };
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

/** An event with the time it was read at. */
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

/** What was otherwise, for who has not seen it. */
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
  return was.length === 0 ? [] : [`was ${was.join(" ")}`];
}

/** The cells of rows, aligned as far as can be. */
export class Layout {
  readonly #lines = new EntryLines([
    ...["255.255.255.255", "00:00:00:00:00:00", "incomplete"],
  ]);

  /** The cells of a row, padded; the interface's name stands last. */
  cells(row: Neighbor): string[] {
    return this.#lines.pad([
      row.address,
      row.linkLayerAddress ?? "-",
      row.state,
      nameText(row.interfaceAlias ?? String(row.interfaceIndex)),
      ...(row.isRouter ? ["router"] : []),
    ]);
  }
}
