/**
 * Devices that get another name, or names that get another device, at a chosen
 * moment of an application.
 *
 * @module
 */

import { assert } from "@std/assert";
import {
  applyNeighbors,
  type ApplyOptions,
  type ApplyReport,
  NeighborApplyError,
  type NeighborEntry,
} from "../../../mod.ts";
import { addressOf, linkLayerOf } from "./many.ts";
import { ip, ipBatch } from "./network.ts";

/** `count` pins on an interface, starting with neighbor `from`. */
export function pinsOn(
  interfaceAlias: string,
  count: number,
  from = 0,
): NeighborEntry[] {
  return Array.from({ length: count }, (_, i) => ({
    address: addressOf(from + i),
    linkLayerAddress: linkLayerOf(from + i),
    interfaceAlias,
  }));
}

/** Runs several lines of `ip` in one process, so that little time passes between them. */
export function ipLines(...lines: string[]): void {
  ipBatch([], lines);
}

/**
 * A pair of devices, until the end of the block. It goes by the name of its far
 * end, because the near one gets other names.
 */
export class Device implements Disposable {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
    this.come();
  }

  /** Creates the pair, as a new device. */
  come(): void {
    const [near, far] = [this.#name, `${this.#name}-far`];
    ip(`link add ${near} type veth peer name ${far}`);
    for (const end of [far, near]) ip(`link set ${end} up`);
  }

  /** Deletes the pair, by any name. */
  go(): void {
    ip(`link del ${this.#name}-far`);
  }

  [Symbol.dispose](): void {
    this.go();
  }
}

/** The lines that swap the names of two devices. */
export function swapOf(one: string, other: string): string[] {
  return [
    `link set ${one} name between`,
    `link set ${other} name ${one}`,
    `link set between name ${other}`,
  ];
}

/** Acts once, when some changes are made and some are not. */
export class Midway {
  readonly #from: number;
  readonly #act: () => void;
  /** The progress when it acted. */
  done = 0;
  of = 0;

  /** @param from Which part of the changes is to be made by then, below 1. */
  constructor(act: () => void, from = 0.2) {
    this.#act = act;
    this.#from = from;
  }

  /** The `progress` option of `applyNeighbors`. */
  readonly progress = (done: number, of: number): void => {
    if (this.done > 0 || done < of * this.#from || done === of) return;
    [this.done, this.of] = [done, of];
    this.#act();
  };

  /** Asserts that it acted: otherwise the test proves nothing. */
  assertActed(): void {
    assert(this.done > 0 && this.done < this.of, "It was never midway");
  }
}

/** The result of applying, with the report also after a refusal. */
export async function applied(
  entries: readonly NeighborEntry[],
  options: ApplyOptions,
): Promise<{ report: ApplyReport; error: NeighborApplyError | null }> {
  try {
    return { report: await applyNeighbors(entries, options), error: null };
  } catch (error) {
    if (!(error instanceof NeighborApplyError)) throw error;
    return { report: error.report, error };
  }
}

/** A process that runs lines of `ip` when a first permanent row is removed. */
export class AtFirstRemoval implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
  }

  /**
   * Begins to listen.
   *
   * @param device The name that the device has behind the lines.
   */
  static async begin(
    device: string,
    ...lines: string[]
  ): Promise<AtFirstRemoval> {
    const child = new Deno.Command("bash", {
      args: ["-c", LISTEN, "bash", device, lines.join("\n")],
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const listening = new AtFirstRemoval(child);
    // `ip monitor` hears only what comes after it has bound its socket
    for (;;) {
      const sockets = Deno.readTextFileSync("/proc/net/netlink");
      if (/^\S+ 0 +\d+ +0*4 /m.test(sockets)) return listening;
      await new Promise((go) => setTimeout(go, 2));
    }
  }

  /** The number of permanent rows of the device right after the lines. */
  async left(): Promise<number> {
    const { stdout } = await this.#child.output();
    return Number(new TextDecoder().decode(stdout));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // The process has ended already
    }
    await this.#child.status;
  }
}

// grep, for the shell reads too slowly: what waits for it is lost to `ip monitor`
const LISTEN = `
  ip -rcvbuf 8388608 monitor neigh 2>/dev/null | timeout 10 grep -qm1 ^Deleted
  ip -batch - <<<"$2"
  ip neigh show dev "$1" nud permanent | wc -l
`;
