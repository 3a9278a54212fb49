/**
 * Pins files for the tests of `neighbor apply`, and the table they meet.
 *
 * @module
 */

import { neighbor, type Ran } from "./command.ts";
import { OURS } from "./guarding.ts";
import { DEVICE, ipNeighbors } from "./network.ts";

/** A pin as a file has it. */
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

/** What `ip` has on the device, without what the kernel makes itself. */
export function standing(): string[] {
  return ipNeighbors().filter(({ lladdr }) => !/^(33|01)/.test(lladdr ?? ""))
    .map(({ dst, lladdr, state }) => `${dst} ${lladdr} ${state}`)
    .toSorted();
}

/** A file with that text, until the end of the block. */
export class TemporaryFile implements Disposable {
  readonly path: string = Deno.makeTempFileSync();

  constructor(text: string) {
    Deno.writeTextFileSync(this.path, text);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path);
  }
}
