/**
 * Asking the wire: the kernel does it, and the entry is read until it says how
 * that went. An entry that is permanent is an answer and is never touched;
 * `NTF_USE` on one would make it dynamic.
 *
 * @module
 */

import { describeKey, type ParsedKey } from "../parse/entry.ts";
import { NeighborError } from "../types/error.ts";
import type { ResolveOptions } from "../types/change.ts";
import type { DecodedNeighbor } from "./netlink/ndmsg.ts";
import {
  ASK_AGAIN,
  ASK_NEW,
  CONFIRM,
  GET,
  type NamedRequest,
} from "./request.ts";

/** What resolving needs of a table. */
export interface Asker {
  read(): DecodedNeighbor | undefined;
  /** Makes the request; throws what the kernel answers. */
  ask(request: NamedRequest): void;
}

/** The first look comes at once: on a local wire that is often enough. */
const FIRST_WAIT = 1;
const LONGEST_WAIT = 50;

/** Resolves to a row that is an answer, or rejects. */
export async function resolve(
  asker: Asker,
  key: ParsedKey,
  { signal, sourceAddress }: ResolveOptions,
): Promise<DecodedNeighbor> {
  signal?.throwIfAborted();
  if (sourceAddress !== undefined) {
    throw new NeighborError(
      "NOT_SUPPORTED",
      "Linux picks the address to ask from itself: leave sourceAddress out",
      { entry: key.given },
    );
  }
  const first = asker.read();
  if (first !== undefined && isAnswer(first)) return first;
  begin(asker, first);
  for (let wait = FIRST_WAIT;; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    const row = asker.read();
    if (row !== undefined && isAnswer(row)) return row;
    switch (row?.state) {
      case "incomplete":
      case "probe":
        break;
      case "stale":
      case "delay":
        // Somebody else's word came in between
        asker.ask(CONFIRM);
        break;
      default:
        throw unreachable(key, row);
    }
    await pause(wait, signal);
  }
}

function isAnswer({ state }: DecodedNeighbor): boolean {
  return state === "reachable" || state === "permanent" || state === "noarp";
}

function begin(asker: Asker, row: DecodedNeighbor | undefined): void {
  switch (row?.state) {
    case undefined:
      try {
        asker.ask(ASK_NEW);
      } catch (error) {
        // It came to be in between: what it says is read next
        if (
          !(error instanceof NeighborError) || error.code !== "ALREADY_EXISTS"
        ) throw error;
      }
      break;
    case "stale":
    case "delay":
      asker.ask(CONFIRM);
      break;
    case "none":
    case "failed":
      asker.ask(ASK_AGAIN);
      break;
      // incomplete, probe: the kernel is asking already
  }
}

function unreachable(
  key: ParsedKey,
  row: DecodedNeighbor | undefined,
): NeighborError {
  const how = row === undefined
    ? "its entry went away while the kernel was asking"
    : "nobody answered";
  return new NeighborError(
    "UNREACHABLE",
    `Cannot resolve neighbor ${describeKey(key)}: ${how}`,
    { operation: GET.operation, entry: key.given },
  );
}

function pause(
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((done, fail) => {
    const stop = () => {
      clearTimeout(timer);
      fail(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      done();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
  });
}
