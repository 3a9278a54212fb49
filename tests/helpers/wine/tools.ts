/** Running other programs, saying what takes long, and doing it only when its inputs changed. */
import { createHash } from "node:crypto";
import { places } from "./places.ts";

/** A reason why the harness cannot go on, for the person at the terminal: no stack trace wanted. */
export class HarnessError extends Error {
  override name = "HarnessError";
}

/** Which Debian package brings a program, for the message when it is missing. */
const packageOf: Record<string, string> = {
  "x86_64-w64-mingw32-gcc": "mingw-w64",
  "x86_64-w64-mingw32-strip": "mingw-w64",
  "x86_64-w64-mingw32-objdump": "mingw-w64",
  "apt-get": "apt",
  "dpkg-deb": "dpkg",
  "npm": "npm",
  "ip": "iproute2",
  "setpriv": "util-linux",
  "unshare": "util-linux",
  "nsenter": "util-linux",
  "tar": "tar",
};

/** Options of {@linkcode run}. */
export interface RunOptions {
  /** Working directory. */
  cwd?: string;
  /** Variables added to (not instead of) the environment. */
  env?: Record<string, string>;
}

/** Runs a program to its end and returns what it printed; throws a {@linkcode HarnessError} unless it exits 0. */
export async function run(
  program: string,
  args: string[],
  options: RunOptions = {},
): Promise<string> {
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(program, {
      args,
      stdin: "null",
      ...options,
    }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw missing(program);
  }
  const stdout = new TextDecoder().decode(output.stdout);
  if (!output.success) {
    const stderr = new TextDecoder().decode(output.stderr);
    throw new HarnessError(
      `${program} ${
        args.join(" ")
      } failed with ${output.code}:\n${stderr}${stdout}`,
    );
  }
  return stdout;
}

/** The error for a program that is not there, naming the package that brings it. */
export function missing(program: string): HarnessError {
  const from = packageOf[program];
  return new HarnessError(
    `Cannot find "${program}"${
      from ? `: install the Debian package ${from}` : ""
    }`,
  );
}

/** One line of progress on stderr: stdout belongs to the tests. */
export function say(text: string): void {
  console.error(`wine: ${text}`);
}

/** SHA-256 over texts and files, as the identity of a step's inputs. */
export async function hash(
  texts: string[],
  files: string[] = [],
): Promise<string> {
  const sum = createHash("sha256");
  for (const text of texts) sum.update(`${text}\0`);
  for (const file of files) {
    sum.update(`${file}\0`).update(await Deno.readFile(file));
  }
  return sum.digest("hex");
}

/**
 * Makes `name` unless its stamp says that it was made from the same inputs, and returns the inputs' hash, so that
 * what is built on top can take it for one of its own inputs. The stamp is written last: a broken-off step is redone.
 */
export async function once(
  name: string,
  inputs: string,
  make: () => Promise<void>,
): Promise<string> {
  const stamp = `${places.build}/stamps/${name}`;
  const last = await Deno.readTextFile(stamp).catch(() => "");
  if (last === inputs) return inputs;
  const start = performance.now();
  say(`making ${name} …`);
  await make();
  await Deno.mkdir(`${places.build}/stamps`, { recursive: true });
  await Deno.writeTextFile(stamp, inputs);
  say(`made ${name} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return inputs;
}

/** Empties a folder, creating it when it is not there. */
export async function emptyFolder(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await Deno.mkdir(path, { recursive: true });
}
