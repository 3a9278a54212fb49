/**
 * Measures how many times as long one function takes as another. Both are measured
 * in turn, so that the load of the machine affects both and not the ratio.
 *
 * @module
 */

/** Two functions that do comparable work. */
export interface Pair {
  /** The subject in words. */
  readonly name: string;
  /** The reference in words. */
  readonly by: string;
  readonly subject: () => unknown;
  readonly reference: () => unknown;
  /** Calls of each per round, enough for the clock's resolution. */
  readonly calls: number;
  readonly rounds: number;
  /** The largest acceptable ratio; `null` where it is only printed. */
  readonly target: number | null;
  /** A clock in milliseconds, in place of `performance.now`. */
  readonly clock?: () => number;
}

/** The result of a pair: medians over the rounds. */
export interface Result {
  readonly pair: Pair;
  /** The median of each round's ratio, not the ratio of medians. */
  readonly ratio: number;
  /** The lower and the upper quartile of the rounds' ratios. */
  readonly quartiles: readonly [number, number];
  /** Milliseconds per call. */
  readonly subject: number;
  readonly reference: number;
}

/** Keeps the optimizer from removing calls whose result is unused. */
let sink: unknown;

function time(
  fn: () => unknown,
  calls: number,
  clock = () => performance.now(),
): number {
  const start = clock();
  for (let i = 0; i < calls; i++) sink = fn();
  return (clock() - start) / calls;
}

/** Measures the pairs in rounds, in a random order for each round. */
export function measure(pairs: readonly Pair[]): Result[] {
  const times = pairs.map(() => ({
    subject: [] as number[],
    reference: [] as number[],
  }));
  const order = pairs.map((_, i) => i);
  const most = Math.max(...pairs.map(({ rounds }) => rounds));
  // The first rounds warm up caches and the optimizer, and do not count
  const warmup = 5;
  for (let round = -warmup; round < most; round++) {
    for (const i of shuffled(order)) {
      const pair = pairs[i]!;
      if (round >= pair.rounds) continue;
      // One right after the other, so that both run under the same load
      for (const side of shuffled(["subject", "reference"] as const)) {
        const duration = time(pair[side], pair.calls, pair.clock);
        if (round >= 0) times[i]![side].push(duration);
      }
    }
  }
  return pairs.map((pair, i) => {
    const { subject, reference } = times[i]!;
    const ratios = subject.map((duration, round) =>
      duration / reference[round]!
    );
    return {
      pair,
      ratio: quantile(ratios, 0.5),
      quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
      subject: quantile(subject, 0.5),
      reference: quantile(reference, 0.5),
    };
  });
}

function shuffled<T>(items: readonly T[]): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(q * (sorted.length - 1))]!;
}

/** One line per result, each with its target. */
export function report({ pair, ratio, quartiles, ...times }: Result): string {
  const [low, high] = quartiles.map((value) => value.toFixed(2));
  const verdict = pair.target === null
    ? "no target"
    : `target ${pair.target.toFixed(2)}, ${
      isMet(pair, ratio) ? "met" : "NOT MET"
    }`;
  return `${pair.name} / ${pair.by}\n` +
    `  ${ratio.toFixed(2)} (${low} to ${high}), ${verdict}; ` +
    `${duration(times.subject)} / ${duration(times.reference)}`;
}

/** Whether the ratio is within the target, where there is one. */
export function isMet(pair: Pair, ratio: number): boolean {
  return pair.target === null || ratio <= pair.target;
}

function duration(ms: number): string {
  if (ms >= 1) return `${ms.toFixed(1)} ms`;
  return ms >= 1e-3
    ? `${(ms * 1e3).toFixed(1)} µs`
    : `${(ms * 1e6).toFixed(0)} ns`;
}

/** The last result, which the optimizer must therefore compute. */
export function last(): unknown {
  return sink;
}
