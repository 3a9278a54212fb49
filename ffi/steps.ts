/**
 * The changes of an application, made batch by batch. What each has found and
 * done is remembered, so that it can be told and undone.
 *
 * @module
 */

import type { ApplyOptions, ApplyOutcome } from "./applied.ts";
import type { ChangeResult, NeighborChange } from "./change.ts";
import { describeKey } from "./entry.ts";
import { NeighborError } from "./error.ts";
import { keyOfRow } from "./flush.ts";
import type { Neighbor, NeighborEntry } from "./neighbor.ts";
import { isSo, plan } from "./plan.ts";
import type { Made } from "./put_back.ts";
import { keyOf } from "./row_key.ts";
import { listOn, type Survey } from "./survey.ts";
import type { NeighborTable } from "./table.ts";
import { nextTurn } from "./turn.ts";

/** Few enough that a signal is heard soon, also where each is a call. */
const BATCH = 128;
/** How long nobody else gets a turn, in milliseconds. */
const TURN = 8;
/** From here on a list is cheaper than a look-up each. */
const MANY = 64;

/** One entry on its way. */
export interface Step extends Made {
  readonly entry: NeighborEntry | Neighbor;
  readonly verb: NeighborChange["verb"] | null;
  outcome: ApplyOutcome;
  previous: Neighbor | undefined;
  error: NeighborError | undefined;
  /** It was handed to the system. */
  isTried: boolean;
  /** The system did it: there is something to undo. */
  isMade: boolean;
}

/** All entries of an application. */
export class Steps {
  readonly table: NeighborTable;
  readonly all: readonly Step[];
  readonly #survey: Survey;
  /** The signal came before the end. */
  isStopped = false;
  /** The table threw: what it was doing then is not known. */
  isBroken = false;
  /** The first refusal. */
  cause: NeighborError | undefined;
  wasChanged = false;
  /** How many were refused. */
  refusals = 0;
  #since = performance.now();

  /** Turns a plan into steps; those on a missing interface are refused. */
  constructor(table: NeighborTable, read: Survey) {
    this.table = table;
    this.#survey = read;
    this.all = stepsOf(read);
    const refused = this.refused();
    this.cause = refused[0]?.error;
    this.refusals = refused.length;
  }

  /** The steps that were refused. */
  refused(): Step[] {
    return this.all.filter(({ outcome }) => outcome === "refused");
  }

  /** Makes the changes, until one is refused or the signal comes. */
  async run(
    { keepGoing, signal, progress }: {
      keepGoing: boolean;
      signal: AbortSignal | undefined;
      progress: ApplyOptions["progress"];
    },
  ): Promise<void> {
    const goesOn = async () => {
      if (performance.now() - this.#since > TURN) {
        await nextTurn();
        this.#since = performance.now();
      }
      this.isStopped = signal?.aborted ?? false;
      return !this.isStopped && (keepGoing || this.cause === undefined);
    };
    const writes = this.#waiting((step) => step.one !== null);
    const removals = this.#waiting((step) => step.one === null);
    const count = writes.length + removals.length;
    const tell = (done: number) => progress?.(Math.min(done, count), count);
    for (let at = 0; at < writes.length && await goesOn(); at += BATCH) {
      this.#write(writes.slice(at, at + BATCH));
      tell(at + BATCH);
    }
    const isGood = this.cause === undefined && !this.isStopped;
    if (this.wasChanged && (keepGoing || isGood)) {
      this.#readBack(writes.filter(({ outcome }) => outcome === "created"));
    }
    // Last: an address is never without an entry that is to have one
    for (let at = 0; at < removals.length && await goesOn(); at += BATCH) {
      this.#remove(removals.slice(at, at + BATCH));
      tell(writes.length + at + BATCH);
    }
  }

  #waiting(which: (step: Step) => boolean): Step[] {
    return this.all.filter((step) =>
      step.outcome === "untouched" && which(step)
    );
  }

  #write(steps: readonly Step[]): void {
    const again: Step[] = [];
    this.#change(steps, (step) => step.verb!, (step, result) => {
      const isThere = step.verb === "add" && result.outcome === "refused" &&
        result.error.code === "ALREADY_EXISTS";
      // The list had lost its row, or it came since
      if (isThere) again.push(step);
      else this.#take(step, result);
    });
    if (again.length > 0) {
      // A replace that is refused half-way does not tell what it met
      for (const step of again) step.previous = this.table.get(step.key);
      this.#change(
        again,
        () => "replace",
        (step, result) => this.#take(step, result),
      );
    }
  }

  #change(
    steps: readonly Step[],
    verb: (step: Step) => NeighborChange["verb"],
    take: (step: Step, result: ChangeResult) => void,
  ): void {
    for (const step of steps) step.isTried = true;
    const changes = steps.map((step) => ({
      ...(step.one === null ? step.key : step.entry),
      verb: verb(step),
    }));
    const results = this.table.change(changes as NeighborChange[]);
    steps.forEach((step, i) => take(step, results[i]!));
  }

  #take(step: Step, result: ChangeResult): void {
    if (result.outcome === "done") {
      step.previous = result.previous ?? step.previous;
      if (result.result === "created") step.previous = undefined;
      step.outcome = result.result === "deleted" ? "removed" : result.result;
      step.isMade = result.result !== "unchanged";
      if (step.isMade) this.wasChanged = true;
      return;
    }
    const { error } = result;
    if (result.outcome === "unknown") {
      // The answer was lost, the entry is not
      const now = this.table.get(step.key);
      const isDone = step.one === null
        ? now === undefined
        : isSo(now, step.one);
      if (isDone) {
        const done = step.previous === undefined ? "created" : "changed";
        step.outcome = step.one === null ? "removed" : done;
        step.isMade = this.wasChanged = true;
        return;
      }
    }
    this.#refuse(step, error);
  }

  #refuse(step: Step, error: NeighborError): void {
    step.outcome = "refused";
    step.error = error;
    step.isMade = false;
    this.cause ??= error;
    this.refusals++;
  }

  /** A replace has read back itself; an add says no more than that it went. */
  #readBack(created: readonly Step[]): void {
    let doubtful = new Set(created);
    if (created.length > MANY) {
      const { desired } = this.#survey;
      const rows = listOn(this.table, desired);
      const seen = new Set(
        plan(desired, rows, false).unchanged.map(({ entry }) => entry),
      );
      // A list may lose rows: only what it has is proof
      doubtful = new Set(
        created.filter(({ one }) => !seen.has(one!.entry)),
      );
    }
    for (const step of doubtful) {
      const now = this.table.get(step.key);
      if (isSo(now, step.one!)) continue;
      this.#refuse(step, disagreement(step, now));
    }
  }

  #remove(steps: readonly Step[]): void {
    const present = steps.filter((step) => {
      const now = this.table.get(step.key);
      if (now?.state === "permanent") {
        step.previous = now;
        return true;
      }
      // Somebody else was first, and has not left an entry to remove
      step.outcome = now === undefined ? "removed" : "foreign";
      return false;
    });
    this.#change(present, () => "delete", (step, result) => {
      const isGone = result.outcome === "refused" &&
        result.error.code === "NOT_FOUND";
      if (isGone) step.outcome = "removed";
      else this.#take(step, result);
    });
    for (const step of present) {
      if (step.outcome !== "removed") continue;
      const now = this.table.get(step.key);
      // It may have been learnt since
      if (now?.state !== "permanent") continue;
      if (now.linkLayerAddress === step.previous?.linkLayerAddress) {
        this.#refuse(step, disagreement(step, now));
      } else {
        step.outcome = "foreign";
        step.isMade = false;
      }
    }
  }
}

function stepsOf({ desired, plan, missing }: Survey): Step[] {
  const current = new Map(
    [...plan.change, ...plan.unchanged].map((one) => [one.entry, one.current]),
  );
  const unchanged = new Set(plan.unchanged.map(({ entry }) => entry));
  const steps = desired.all.map((one): Step => {
    const { entry } = one;
    const previous = current.get(entry);
    const error = missing(one);
    return {
      key: entry,
      entry,
      one,
      verb: previous === undefined ? "add" : "replace",
      outcome: error !== undefined
        ? "refused"
        : unchanged.has(entry)
        ? "unchanged"
        : "untouched",
      previous,
      error,
      isTried: false,
      isMade: false,
    };
  });
  return steps.concat(plan.remove.map((row) => ({
    key: keyOf(row),
    entry: row,
    one: null,
    verb: "delete",
    outcome: "untouched",
    previous: row,
    error: undefined,
    isTried: false,
    isMade: false,
  })));
}

function disagreement(
  { one, entry }: Step,
  now: Neighbor | undefined,
): NeighborError {
  const found = now === undefined
    ? "there is no entry"
    : `it has ${now.linkLayerAddress ?? "no address"}, ${now.state}`;
  const wanted = one === null
    ? "no entry"
    : `${one.linkLayerAddress}, permanent,`;
  const key = one?.parsed ?? keyOfRow(entry as Neighbor);
  return new NeighborError(
    "OTHER",
    `Cannot apply neighbor ${describeKey(key)}: the system answered ` +
      `success, yet ${found} where ${wanted} was asked for`,
    { entry },
  );
}
