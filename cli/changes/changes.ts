/**
 * `neighbor watch --changes`: prints what is new or suspicious, not every event.
 *
 * @module
 */

import type { DefaultGateway } from "../../ffi/backend.ts";
import { bindFilter } from "../../ffi/bind.ts";
import { parseFilter } from "../../ffi/parse/filter.ts";
import type { SystemTable } from "../../ffi/system_table.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { Neighbor, NeighborFilter } from "../../ffi/types/neighbor.ts";
import type {
  NeighborEvent,
  NeighborWatch,
  WatchOptions,
} from "../../ffi/types/watch.ts";
import { type Finding, Stations } from "../../reconcile/stations.ts";
import type { Line, Lines } from "../output/answer.ts";
import { warningLines } from "../output/warning.ts";
import { COLUMNS, findingLines, resyncLine } from "./finding_lines.ts";
import { type Known, readKnown } from "./known.ts";

/**
 * Watches the stations of the rows that match the options, until stopped. They
 * start as the table is, or as `known` says, which names a file.
 */
export async function watchChanges(
  table: SystemTable,
  options: WatchOptions & { readonly filter: NeighborFilter },
  known: string | undefined,
): Promise<Lines> {
  const file = known === undefined ? undefined : await readKnown(known, table);
  const source = new Source(table, options);
  return {
    lines: untilEnded(source, file),
    stop: () => void source.events.return(),
    kind: "watch",
  };
}

/** The lines; the watch ends with them, also by an error of reading routes. */
async function* untilEnded(
  source: Source,
  known: Known | undefined,
): AsyncGenerator<Line, number> {
  await using _ = source.events;
  if (known !== undefined) yield* complaintsOf(known);
  return yield* linesOf(source, known?.rows);
}

function* complaintsOf({ warnings, name: file }: Known): Generator<Line> {
  if (warnings.length === 0) return;
  yield { complaintJson: { file, warnings } };
  for (const complaint of warningLines(warnings, file)) yield { complaint };
}

async function* linesOf(
  source: Source,
  known: readonly Neighbor[] | undefined,
): AsyncGenerator<Line, number> {
  const stations = new Stations(source.gateways());
  for (const row of known ?? []) stations.learnEarlier(row);
  for (;;) {
    const next = await source.next();
    if (next === "end") return 0;
    const time = new Date();
    if (next === "moved") {
      yield* linesFor(stations.updateGateways(source.gateways()), time);
    } else if (next.type === "resync") {
      yield resyncLine(time);
    } else if (
      known === undefined && next.type === "added" && next.initial
    ) {
      stations.learn(next.neighbor);
    } else {
      yield* linesFor(stations.update(next), time);
    }
  }
}

function* linesFor(findings: readonly Finding[], time: Date): Generator<Line> {
  // A finding that is broken into lines could not be searched for in a file
  const width = Deno.stdout.isTerminal() ? COLUMNS : Infinity;
  for (const finding of findings) yield* findingLines(finding, time, width);
}

/** The most events that are returned before a change of the gateways is. */
const MOST_BEFORE = 5000;

/** The events of a watch, and that the default gateways may have changed. */
class Source {
  readonly #table: SystemTable;
  readonly #filter: NeighborFilter;
  readonly events: NeighborWatch;
  #hasMoved = false;
  /** Events that were returned since. */
  #before = 0;
  #ended: { readonly error?: unknown } | undefined;
  #event: NeighborEvent | undefined;
  #isWaiting = false;
  #changed = Promise.withResolvers<void>();

  constructor(
    table: SystemTable,
    options: WatchOptions & { readonly filter: NeighborFilter },
  ) {
    this.#table = table;
    this.#filter = options.filter;
    const moved = () => {
      this.#hasMoved = true;
      this.#changed.resolve();
    };
    this.events = table.openWatch(options, moved, undefined, true);
  }

  /** The default gateways of the filter's families, on its interface. */
  gateways(): DefaultGateway[] {
    const parsed = parseFilter(this.#filter);
    const backend = this.#table.backend();
    const all = backend.gateways();
    try {
      const on = bindFilter(backend, parsed);
      return all.filter(({ family, interfaceIndex }) =>
        parsed.families.includes(family) &&
        (on === null || on.index === interfaceIndex)
      );
    } catch (error) {
      const isGone = error instanceof NeighborError &&
        error.code === "INTERFACE_NOT_FOUND";
      if (isGone) return [];
      throw error;
    }
  }

  /** Waits for an event, for the gateways to change, or for the end. */
  async next(): Promise<NeighborEvent | "moved" | "end"> {
    let isIdle = false;
    for (;;) {
      if (this.#hasMoved && (isIdle || this.#before > MOST_BEFORE)) {
        this.#hasMoved = false;
        this.#before = 0;
        return "moved";
      }
      if (this.#event !== undefined) {
        const event = this.#event;
        this.#event = undefined;
        if (this.#hasMoved) this.#before++;
        return event;
      }
      if (this.#ended !== undefined) {
        if ("error" in this.#ended) throw this.#ended.error;
        return "end";
      }
      this.#changed = Promise.withResolvers();
      this.#ask();
      if (this.#hasMoved) {
        // The events that came with the change are about the gateways before
        await new Promise((go) => setTimeout(go, 0));
        isIdle = this.#event === undefined;
      } else await this.#changed.promise;
    }
  }

  /** Asks for one event: the others wait in the system until it was taken. */
  #ask(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.events.next().then(({ done, value }) => {
      if (done) this.#ended = {};
      else this.#event = value;
    }, (error) => {
      this.#ended = { error };
    }).finally(() => {
      this.#isWaiting = false;
      this.#changed.resolve();
    });
  }
}
