/**
 * The kernels that `deno task test:kernels` boots: those of Debian's releases, on
 * two processors.
 *
 * @module
 */

/** A processor, by the names of Debian, of Linux, and of npm's Deno. */
export interface Processor {
  /** `dpkg --print-architecture`. */
  readonly debian: string;
  /** `uname -m`. */
  readonly machine: string;
  /** The package that has its Deno. */
  readonly deno: string;
  /** The program that emulates it, and Debian's package of that. */
  readonly qemu: readonly [program: string, debian: string];
  /** The arguments of its machine. */
  readonly board: readonly string[];
  readonly console: string;
}

export const X86_64: Processor = {
  debian: "amd64",
  machine: "x86_64",
  deno: "@deno/linux-x64-glibc",
  qemu: ["qemu-system-x86_64", "qemu-system-x86"],
  board: ["-machine", "q35", "-cpu", "max"],
  console: "ttyS0",
};

export const AARCH64: Processor = {
  debian: "arm64",
  machine: "aarch64",
  deno: "@deno/linux-arm64-glibc",
  qemu: ["qemu-system-aarch64", "qemu-system-arm"],
  // The architected pointer authentication costs much time to emulate
  board: ["-machine", "virt", "-cpu", "max,pauth-impdef=on"],
  console: "ttyAMA0",
};

/** A kernel of a Debian release. */
export interface Kernel {
  /** What it is called on the command line. */
  readonly name: string;
  readonly suite: string;
  readonly processor: Processor;
  /** The package that depends on the newest image of the suite. */
  readonly image: string;
}

export const KERNELS: readonly Kernel[] = [
  // The first one is the gate's
  kernel("bookworm", X86_64),
  kernel("bullseye", X86_64),
  kernel("trixie", X86_64),
  kernel("sid", X86_64),
  kernel("bookworm", AARCH64),
  // With pages of 16 KiB
  kernel("trixie", AARCH64, "linux-image-arm64-16k"),
];

function kernel(
  suite: string,
  processor: Processor,
  image = `linux-image-${processor.debian}`,
): Kernel {
  const name = `${suite}-${processor.debian}`;
  return { name, suite, processor, image };
}

/** The kernels that words name, all of them where there are no words. */
export function chosen(words: readonly string[]): readonly Kernel[] {
  const unknown = words.find((word) => !KERNELS.some((k) => k.name === word));
  if (unknown !== undefined) {
    const names = KERNELS.map((one) => one.name).join(", ");
    throw new RangeError(`There is no kernel "${unknown}", but ${names}`);
  }
  return words.length === 0
    ? KERNELS
    : KERNELS.filter((one) => words.includes(one.name));
}
