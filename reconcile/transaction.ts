/**
 * The changes of an application, made batch by batch. What each has found and
 * done is remembered, so that it can be told and undone.
 *
 * @module
 */

import type { ApplyOptions } from "./apply_report.ts";
import type { ChangeResult, NeighborChange } from "../ffi/types/change.ts";
import { isSo } from "./desired.ts";
import type { NeighborError, NeighborErrorCode } from "../ffi/types/error.ts";
import { disagreement, type Step, stepsOf } from "./operation.ts";
import type { Survey } from "./observe.ts";
import type { NeighborTable } from "../ffi/types/table.ts";
import { yieldToEventLoop } from "./turn.ts";
import { prepareChange } from "../ffi/parse/change.ts";

/** Few enough that a signal is heard soon, also where each is a call. */
const BATCH = 128;
/** How long nobody else gets a turn, in milliseconds. */
const TURN = 8;
/** From here on a list is cheaper than a look-up each. */
const MANY = 64;

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
  /** Made, and not yet seen to be so. */
  readonly #unproven: Step[] = [];
  #since = performance.now();

  /** Turns a plan into steps; those that cannot be made are refused. */
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
    return this.all.filter(isRefused);
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
        await yieldToEventLoop();
        this.#since = performance.now();
      }
      this.isStopped = signal?.aborted ?? false;
      return !this.isStopped && (keepGoing || this.cause === undefined);
    };
    const writes = this.#waiting(false);
    const removals = this.#waiting(true);
    const count = writes.length + removals.length;
    const tell = (done: number) => progress?.(Math.min(done, count), count);
    for (let at = 0; at < writes.length && await goesOn(); at += BATCH) {
      this.#write(writes.slice(at, at + BATCH));
      tell(at + BATCH);
    }
    const isGood = this.cause === undefined && !this.isStopped;
    if (keepGoing || isGood) this.#readBack();
    // Last: an address is never without an entry that is to have one
    for (let at = 0; at < removals.length && await goesOn(); at += BATCH) {
      this.#remove(removals.slice(at, at + BATCH));
      tell(writes.length + at + BATCH);
    }
  }

  #waiting(isRemoval: boolean): Step[] {
    const waiting: Step[] = [];
    for (const step of this.all) {
      if (step.outcome !== "untouched") continue;
      if ((step.one === null) === isRemoval) waiting.push(step);
    }
    return waiting;
  }

  #write(steps: readonly Step[]): void {
    const results = this.#change(steps, steps.map(changeOf));
    const again: Step[] = [];
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i]!;
      if (isOvertaken(step, results[i]!)) again.push(step);
      else {
        this.#take(step, results[i]!);
        if (step.isMade && step.verb !== "replace") this.#unproven.push(step);
      }
    }
    if (again.length === 0) return;
    // A replace that is refused half-way does not tell what it met
    for (const step of again) step.previous = this.table.get(step.key);
    const replaced = this.#change(again, again.map(replacementOf));
    again.forEach((step, i) => this.#take(step, replaced[i]!));
  }

  #change(
    steps: readonly Step[],
    changes: readonly NeighborChange[],
  ): ChangeResult[] {
    for (const step of steps) step.isTried = true;
    return this.table.change(changes);
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
    this.#refuse(step, error, true);
  }

  #refuse(step: Step, error: NeighborError, isRefused: boolean): void {
    step.outcome = "refused";
    step.error = error;
    step.isRefused = isRefused;
    step.isMade = false;
    this.cause ??= error;
    this.refusals++;
  }

  /** An add and a set say no more than that they went. */
  #readBack(): void {
    const unproven = this.#unproven;
    if (unproven.length === 0) return;
    // A list may lose rows: only what it has is proof
    const standing = unproven.length > MANY ? this.#survey.readBack() : [];
    for (const step of unproven) {
      if (standing[step.position] === "pinned") continue;
      const now = this.table.get(step.key);
      if (isSo(now, step.one!)) continue;
      this.#refuse(step, disagreement(step, now), false);
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
    const results = this.#change(present, present.map(removalOf));
    present.forEach((step, i) => {
      const result = results[i]!;
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
        this.#refuse(step, disagreement(step, now), false);
      } else {
        step.outcome = "foreign";
        step.isMade = false;
      }
    }
  }
}

/** How a change says that its row came or went since the table was read. */
const OVERTAKEN: Readonly<
  Partial<Record<NeighborChange["verb"], NeighborErrorCode>>
> = {
  // Or that the list had lost it
  create: "ALREADY_EXISTS",
  set: "NOT_FOUND",
};

function isOvertaken({ verb }: Step, result: ChangeResult): boolean {
  return verb !== null && result.outcome === "refused" &&
    result.error.code === OVERTAKEN[verb];
}

// By name: what the compiler has learnt of a function that is made for each
// batch is thrown away with it
function changeOf({ verb, one }: Step): NeighborChange {
  return prepareChange(verb!, one!);
}

function replacementOf({ one }: Step): NeighborChange {
  return prepareChange("replace", one!);
}

function removalOf({ key }: Step): NeighborChange {
  return { ...key, verb: "delete" };
}

function isRefused({ outcome }: Step): boolean {
  return outcome === "refused";
}
