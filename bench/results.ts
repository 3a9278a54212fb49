/**
 * The figures of all benchmarks, in one file: each benchmark replaces its own
 * section, and the targets are judged from what the file has.
 *
 * @module
 */

/** A line of bench/targets.ts. */
export interface TargetLine {
  readonly line: string;
  readonly before?: number;
  readonly now: number;
  /** The most it may be; `null` where it is only told. */
  readonly target: number | null;
}

/** What each command of bench/scale.ts cost, by who ran it and what was measured. */
export type ScaleCosts = Readonly<
  Record<string, Readonly<Record<string, number>>>
>;

/** The content of bench/results.json. */
export interface Results {
  readonly targets: { readonly results: readonly TargetLine[] };
  /** By the number of rows. */
  readonly scale: Readonly<Record<string, { readonly results: ScaleCosts }>>;
  readonly watch: {
    readonly target: number;
    readonly runs: readonly { readonly held: number; readonly load: number }[];
    /** The processor time of an event. */
    readonly microseconds: number;
  };
  readonly windows: { readonly results: readonly TargetLine[] };
  /** Seconds of processor time. */
  readonly refusal: { readonly results: readonly TargetLine[] };
  /** Milliseconds by the clock. */
  readonly guard: { readonly results: readonly TargetLine[] };
}

/** A figure and its target. */
export interface Judged {
  readonly name: string;
  readonly now: number;
  readonly target: number;
  /** `"most"` is the most it may be, `"least"` the least. */
  readonly is: "most" | "least";
  readonly unit: "" | "MiB" | "/s" | "s" | "ms";
}

/** Replaces one section of a file, and one member of it where `member` is given. */
export function record(
  file: string,
  section: keyof Results,
  value: unknown,
  member?: string,
): void {
  const all = readResults(file) as unknown as Record<string, unknown>;
  all[section] = member === undefined ? value : {
    ...all[section] as object | undefined,
    [member]: value,
  };
  Deno.writeTextFileSync(file, JSON.stringify(all, null, 2) + "\n");
}

/** Reads a file; one that is not there has no sections. */
export function readResults(file: string | URL): Results {
  let text = "{}";
  try {
    text = Deno.readTextFileSync(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return JSON.parse(text);
}

/** Every figure that has a target. */
export function judged(results: Results): Judged[] {
  const { targets, scale, watch, windows, refusal, guard: repair } = results;
  const most = (name: string, now: number, target: number, unit = "") =>
    ({ name, now, target, is: "most", unit }) as Judged;
  const lines = (all: readonly TargetLine[], unit = "") =>
    all.flatMap(({ line, now, target }) =>
      target === null ? [] : [most(line, now, target, unit)]
    );
  const cpu = (rows: number, line: string) => {
    const { "now CPU ms": now, "ip CPU ms": ip } = scale[rows]!.results[line]!;
    return Math.round(100 * now! / ip!) / 100;
  };
  const peak = (line: string, rows = 100_000) =>
    Math.round(scale[rows]!.results[line]!["now peak MiB"]!);
  const least = (name: string, now: number): Judged => ({
    name,
    now: Math.round(now),
    target: watch.target,
    is: "least",
    unit: "/s",
  });
  const guard = "guard of one pin beside";
  const beside = peak(`${guard} all rows`) - peak(`${guard} nothing`);
  return [
    ...lines(targets.results),
    ...lines(windows.results),
    ...lines(refusal.results, "s"),
    ...lines(repair.results, "ms"),
    most("list --json of 10,000 / ip -j", cpu(10_000, "list --json"), 4.5),
    most("list --json of 100,000 / ip -j", cpu(100_000, "list --json"), 3.5),
    most(
      "list --json of 100,000, peak memory",
      peak("list --json"),
      130,
      "MiB",
    ),
    most(
      "list --subnet /24 of 100,000 / ip -j",
      cpu(100_000, "list --json --subnet"),
      4,
    ),
    ...["all created", "all changed"].map((what) =>
      most(
        `apply of 100,000, ${what}, peak memory`,
        peak(`apply, ${what}`),
        350,
        "MiB",
      )
    ),
    most("guard of one pin beside 100,000 rows, memory", beside, 20, "MiB"),
    least("watch, events a second of one processor", 1e6 / watch.microseconds),
    least(
      "watch without loss, in every run",
      Math.min(...watch.runs.map(({ held }) => held)),
    ),
  ];
}

/** Whether a figure is within its target. */
export function isMet({ now, target, is }: Judged): boolean {
  return is === "most" ? now <= target : now >= target;
}
