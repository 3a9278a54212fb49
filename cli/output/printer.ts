/**
 * How lines reach their reader: written at once where the work has an end,
 * behind its back where it has none.
 *
 * @module
 */

import { Outlet, type Sink } from "./outlet.ts";
import { toJson } from "./text.ts";

/** Takes text for the two streams. */
export interface Printer {
  out(text: string): void;
  err(text: string): void;
  /** Waits where the reader is behind, and may be waited for. */
  pause(): Promise<void>;
  /** Waits for what is under way; answers what it could not be written for. */
  end(): Promise<Error | undefined>;
}

/** Writes at once. A reader that has gone ends no work that is half done. */
export function directly(
  out: (text: string) => void,
  err: (text: string) => void,
): Printer {
  const through = (write: (text: string) => void) => {
    let isHeard = true;
    return (text: string) => {
      try {
        if (isHeard) write(text);
      } catch (error) {
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
        isHeard = false;
      }
    };
  };
  return {
    out: through(out),
    err: through(err),
    pause: () => Promise.resolve(),
    end: () => Promise.resolve(undefined),
  };
}

/** What a printer of work without an end has to know. */
export interface Endless {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** It goes on whoever reads: what finds no room is dropped and counted. */
  readonly isGuard: boolean;
  readonly asJson: boolean;
  /** Ends the work. */
  readonly stop: () => void;
  /** Resolves when somebody has asked for the end. */
  readonly stopped: Promise<void>;
}

/** Writes behind the back of the work. */
export function queued(
  { stdout, stderr, isGuard, asJson, stop, stopped }: Endless,
): Printer {
  const lost = (lines: number) => {
    const time = new Date().toISOString();
    return asJson
      ? toJson({ time, type: "lost", lines }) + "\n"
      : `! ${time} ${lines} lines were lost, nobody read them in time\n`;
  };
  const drops = isGuard;
  const err = new Outlet(stderr, { drops, lost, failed() {} });
  const out = new Outlet(stdout, {
    drops,
    lost,
    failed({ message }) {
      if (!isGuard) stop();
      else err.put(`neighbor: ${message}: the guard goes on unheard\n`);
    },
  });
  const written = () => Promise.all([out.drained(), err.drained()]);
  return {
    out: (text) => out.put(text),
    err: (text) => err.put(text),
    async pause() {
      if (isGuard || !(out.isFull || err.isFull)) return;
      await Promise.race([written(), stopped]);
    },
    async end() {
      // Who has asked for the end does not wait for a reader that stalls
      const patience = stopped.then(() => wait(1000));
      await Promise.race([written(), patience]);
      // That the reader has gone is its own affair
      return out.error instanceof Deno.errors.BrokenPipe
        ? undefined
        : out.error;
    },
  };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((go) => Deno.unrefTimer(setTimeout(go, milliseconds)));
}
