/**
 * Clocks, medians, and the C program that serves as the reference.
 *
 * @module
 */

/** The milliseconds that `work` takes. */
export function time(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** The median. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

/** A shuffled copy. */
export function shuffled<T>(values: readonly T[]): T[] {
  const order = values.map((value) => ({ value, at: Math.random() }));
  return order.sort((a, b) => a.at - b.at).map(({ value }) => value);
}

/** Prints the median of the ratios of all rounds, beside its target. */
export function report(
  what: string,
  ours: readonly number[],
  theirs: readonly number[],
  target?: number,
): void {
  const ratio = median(ours.map((one, round) => one / theirs[round]!));
  const verdict = target === undefined
    ? ""
    : `  target ${target.toPrecision(3).padEnd(7)} ${
      ratio <= target ? "met" : "FALLS SHORT"
    }`;
  console.log(
    `${what.padEnd(38)}${milliseconds(ours)} :${milliseconds(theirs)} ms  ` +
      `ratio ${ratio.toPrecision(3).padEnd(7)}${verdict}`,
  );
}

function milliseconds(times: readonly number[]): string {
  return median(times).toPrecision(4).padStart(10);
}

/** The processor time of this thread in milliseconds, on Linux. */
export function threadClock(): () => number {
  const CLOCK_THREAD_CPUTIME_ID = 3;
  const { symbols: { clock_gettime } } = Deno.dlopen("libc.so.6", {
    clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  });
  const time = new BigInt64Array(2);
  return () => {
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, time);
    return Number(time[0]!) * 1e3 + Number(time[1]!) / 1e6;
  };
}

/** The processor time of ended child processes, in milliseconds. */
export function childrenClock(): () => number {
  const RUSAGE_CHILDREN = -1;
  const { symbols: { getrusage } } = Deno.dlopen("libc.so.6", {
    getrusage: { parameters: ["i32", "buffer"], result: "i32" },
  });
  // struct rusage: ru_utime and ru_stime, in seconds and microseconds, then 14
  const usage = new BigInt64Array(18);
  return () => {
    getrusage(RUSAGE_CHILDREN, usage);
    const [user, userMicros, system, systemMicros] = usage;
    return Number(user! + system!) * 1e3 +
      Number(userMicros! + systemMicros!) / 1e3;
  };
}

/** The running C program: it reads a command line and prints nanoseconds. */
export class Baseline {
  readonly #child: Deno.ChildProcess;
  readonly #program: string;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<string>;

  /** Compiles it from `source` and starts it for one device. */
  constructor(source: string, device: string) {
    this.#program = Deno.makeTempFileSync();
    const built = new Deno.Command("gcc", {
      args: ["-O2", "-Wall", "-Wextra", "-o", this.#program, source],
      stderr: "inherit",
    }).outputSync();
    if (!built.success) throw new Error("Cannot build the C program");
    this.#child = new Deno.Command(this.#program, {
      args: [device],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reader = this.#child.stdout
      .pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Runs one command; returns its milliseconds by the clock. */
  async run(command: string): Promise<number> {
    return (await this.#run(command))[0]!;
  }

  /** Runs one command; returns its milliseconds of processor time. */
  async cpu(command: string): Promise<number> {
    return (await this.#run(command))[1]!;
  }

  async #run(command: string): Promise<number[]> {
    await this.#writer.write(new TextEncoder().encode(`${command}\n`));
    const { value } = await this.#reader.read();
    if (value === undefined) {
      throw new Error(`The C program ended at ${command}`);
    }
    return value.split(" ").map((one) => Number(one) / 1e6);
  }

  /** Ends it. */
  [Symbol.dispose](): void {
    this.#child.kill();
    Deno.removeSync(this.#program);
  }
}
