/**
 * Asks the network. The kernel does it, and the entry is read again and again
 * until its state tells the result. A permanent entry is returned as it is:
 * `NTF_USE` would make it dynamic.
 *
 * @module
 */

import type { ResolveRequest } from "../backend.ts";
import type { EntryList } from "../entry_list.ts";
import { NeighborError } from "../types/error.ts";
import { read, write } from "./entries.ts";
import type { DecodedNeighbor } from "./netlink/ndmsg.ts";
import type { NetlinkSocket } from "./netlink/socket.ts";
import {
  ASK_AGAIN,
  ASK_NEW,
  CONFIRM,
  GET,
  type NamedRequest,
} from "./request.ts";

/**
 * Milliseconds. The first wait is short: on a local network it often suffices.
 */
const FIRST_WAIT = 1;
const LONGEST_WAIT = 50;

/** Resolves to a row that is an answer, or rejects. */
export async function resolve(
  socket: NetlinkSocket,
  entries: EntryList,
  position: number,
  { source, timeout, signal }: ResolveRequest,
): Promise<DecodedNeighbor> {
  const given = entries.given[position];
  if (source !== null) {
    throw new NeighborError(
      "NOT_SUPPORTED",
      "Linux chooses the source address itself: a given one is not supported",
      { entry: given },
    );
  }
  const look = () => read(socket, entries, position);
  const ask = (request: NamedRequest) =>
    write(socket, request, "resolve", entries, position);
  const what = `Cannot resolve neighbor ${entries.describe(position)}`;
  const first = look();
  if (first !== undefined && isAnswer(first)) return first;
  begin(ask, first);
  const end = performance.now() + timeout;
  for (let wait = FIRST_WAIT;; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    const row = look();
    if (row !== undefined && isAnswer(row)) return row;
    switch (row?.state) {
      case "incomplete":
      case "probe":
        break;
      case "stale":
      case "delay":
        // Another write has changed it meanwhile
        ask(CONFIRM);
        break;
      default:
        throw unreachable(what, given, row);
    }
    const left = end - performance.now();
    if (left <= 0) throw timedOut(what, given, timeout, row!);
    await pause(Math.min(wait, left), signal);
  }
}

function isAnswer({ state }: DecodedNeighbor): boolean {
  return state === "reachable" || state === "permanent" || state === "noarp";
}

function begin(
  ask: (request: NamedRequest) => void,
  row: DecodedNeighbor | undefined,
): void {
  switch (row?.state) {
    case undefined:
      try {
        ask(ASK_NEW);
      } catch (error) {
        // It was created meanwhile; its state is read next
        if (
          !(error instanceof NeighborError) || error.code !== "ALREADY_EXISTS"
        ) throw error;
      }
      break;
    case "stale":
    case "delay":
      ask(CONFIRM);
      break;
    case "none":
    case "failed":
      ask(ASK_AGAIN);
      break;
      // incomplete, probe: the kernel is asking already
  }
}

function unreachable(
  what: string,
  entry: unknown,
  row: DecodedNeighbor | undefined,
): NeighborError {
  const how = row === undefined
    ? "its entry went away while the kernel was asking"
    : "nobody answered";
  const { operation } = GET;
  return new NeighborError("UNREACHABLE", `${what}: ${how}`, {
    operation,
    entry,
  });
}

function timedOut(
  what: string,
  entry: unknown,
  timeout: number,
  { state }: DecodedNeighbor,
): NeighborError {
  const { operation } = GET;
  return new NeighborError(
    "TIMEOUT",
    `${what}: there was no answer within ${timeout} ms, ` +
      `its entry is still ${state}`,
    { operation, entry },
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
