/**
 * Pins files and table contents for the tests of `neighbor apply`.
 *
 * @module
 */

import { assert } from "@std/assert";
import { neighbor, type Ran } from "./command.ts";
import { OURS } from "./guarding.ts";
import { DEVICE, ipNeighbors } from "./network.ts";
import { words } from "./process.ts";
import { pause } from "../pause.ts";

/** A pin in the form of a file. */
export interface FilePin {
  readonly address: string;
  readonly linkLayerAddress: string;
  readonly interfaceAlias: string;
}

/** A pin on the device of the test. */
export function filePin(
  address: string,
  linkLayerAddress: string = OURS,
  interfaceAlias: string = DEVICE,
): FilePin {
  return { address, linkLayerAddress, interfaceAlias };
}

/** A pins file: the pin at position `i` begins at line `3 + 5 * i`, column 5. */
export function pinsFile(pins: readonly FilePin[]): string {
  return JSON.stringify({ neighbors: pins }, null, 2);
}

/** `neighbor apply -` with these pins. */
export async function apply(
  pins: readonly FilePin[],
  ...options: readonly string[]
): Promise<Ran> {
  return await neighbor(["apply", "-", ...options], pinsFile(pins));
}

/** The rows that `ip` lists on the device, without those that the kernel creates itself. */
export function standing(): string[] {
  return ipNeighbors().filter(({ lladdr }) => !/^(33|01)/.test(lladdr ?? ""))
    .map(({ dst, lladdr, state }) => `${dst} ${lladdr} ${state}`)
    .toSorted();
}

/** A temporary file with a text, until the end of the block. */
export class TemporaryFile implements Disposable {
  readonly path: string = Deno.makeTempFileSync();

  constructor(text: string) {
    Deno.writeTextFileSync(this.path, text);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path);
  }
}

/** A running `neighbor apply FILE` that has changed something already. */
export function begun(
  file: string,
  hasBegun: () => boolean,
  ...options: string[]
): Promise<Deno.ChildProcess> {
  return begunVerb("apply", file, hasBegun, ...options);
}

/** The same for any verb that takes a file. */
export async function begunVerb(
  verb: string,
  file: string,
  hasBegun: () => boolean,
  ...options: string[]
): Promise<Deno.ChildProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...words("--allow-ffi", `--allow-read=${file}`),
      ...["cli.ts", verb, file, ...options],
    ],
    cwd: new URL("../../..", import.meta.url),
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const end = performance.now() + 60_000;
  while (!hasBegun()) {
    assert(performance.now() < end, "nothing was changed");
    await pause(1);
  }
  return child;
}
