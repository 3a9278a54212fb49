/**
 * How many times as long one thing takes as another, measured side by side:
 * the machine's mood is in both, and so not in the ratio.
 *
 * @module
 */

/** Two things that do comparable work. */
export interface Pair {
  /** What is measured, in words. */
  readonly name: string;
  /** What it is measured by, in words. */
  readonly by: string;
  readonly subject: () => unknown;
  readonly reference: () => unknown;
  /** How often each is called in a round, so that the clock can tell. */
  readonly calls: number;
  readonly rounds: number;
  /** The ratio that must not be exceeded; `null` where it is told only. */
  readonly target: number | null;
  /** What to measure by, in milliseconds, instead of the time that passes. */
  readonly clock?: () => number;
}

/** What came of a pair: medians over the rounds. */
export interface Result {
  readonly pair: Pair;
  /** The median of each round's ratio, not the ratio of medians. */
  readonly ratio: number;
  /** A quarter of the rounds was below the first, a quarter above the second. */
  readonly quartiles: readonly [number, number];
  /** Milliseconds per call. */
  readonly subject: number;
  readonly reference: number;
}

/** Keeps the optimizer from dropping what nobody looks at. */
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

/** Measures the pairs in rounds, in an order that is drawn for each round. */
export function measure(pairs: readonly Pair[]): Result[] {
  const times = pairs.map(() => ({
    subject: [] as number[],
    reference: [] as number[],
  }));
  const order = pairs.map((_, i) => i);
  const most = Math.max(...pairs.map(({ rounds }) => rounds));
  // The first rounds are thrown away: caches and the optimizer get warm
  const warmup = 5;
  for (let round = -warmup; round < most; round++) {
    for (const i of shuffled(order)) {
      const pair = pairs[i]!;
      if (round >= pair.rounds) continue;
      // One right after the other, so that both see the same machine
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

/** One line a result, each with its target. */
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

/** For the optimizer: whatever was answered last. */
export function last(): unknown {
  return sink;
}
