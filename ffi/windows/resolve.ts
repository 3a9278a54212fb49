/**
 * Asking the wire, on a thread of its own. ResolveIpNetEntry2 drops the entry
 * before it asks, so a permanent one is answered without it; and it cannot be
 * stopped, so an abort or the timeout rejects at once and leaves it to finish
 * unheard.
 *
 * @module
 */

import type { ResolveRequest } from "../backend.ts";
import type { BoundInterface } from "../bound_interface.ts";
import type { EntryList } from "../entry_list.ts";
import { NeighborError } from "../types/error.ts";
import type { Neighbor } from "../types/neighbor.ts";
import { encodeEntry, rowOfZeroes, type WindowsCalls } from "./calls.ts";
import { SIZEOF_SOCKADDR_INET } from "./layout.ts";
import { encodeSockaddr, formatLuid } from "./row.ts";
import { NO_ERROR } from "./status.ts";

const OPERATION = "ResolveIpNetEntry2";

/**
 * Deno runs such calls on the 32 threads that also read its files: this many
 * at once leave enough of them.
 */
const MOST_AT_ONCE = 8;
let running = 0;
const waiting: (() => void)[] = [];

/** Waits for a turn, calls, and decodes what the wire said. */
export async function resolve(
  calls: WindowsCalls,
  entries: EntryList,
  position: number,
  { source, timeout, signal }: ResolveRequest,
): Promise<Neighbor> {
  const { promise, reject, resolve } = Promise.withResolvers<Neighbor>();
  let isOver = false;
  const end = (reason: unknown) => {
    isOver = true;
    reject(reason);
  };
  const abort = () => end(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(
    () => end(timedOut(entries, position, timeout)),
    timeout,
  );
  calls.library.hold(async () => {
    await acquireSlot();
    try {
      // Nobody listens any more: the wire need not be asked
      if (isOver) return;
      resolve(await ask(calls, entries, position, source));
    } finally {
      running--;
      waiting.shift()?.();
    }
  }).catch(reject);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

function timedOut(
  entries: EntryList,
  position: number,
  timeout: number,
): NeighborError {
  return new NeighborError(
    "TIMEOUT",
    `Cannot resolve neighbor ${entries.describe(position)}: ` +
      `there was no answer within ${timeout} ms`,
    { operation: OPERATION, entry: entries.given[position] },
  );
}

async function acquireSlot(): Promise<void> {
  while (running >= MOST_AT_ONCE) {
    await new Promise<void>((go) => waiting.push(go));
  }
  running++;
}

async function ask(
  calls: WindowsCalls,
  entries: EntryList,
  position: number,
  source: Uint8Array | null,
): Promise<Neighbor> {
  // Its own row: the table's shared one may be written before this settles
  const row = rowOfZeroes();
  encodeEntry(row, entries, position, true);
  const call = calls.library.call(OPERATION);
  const status = await call(row, source && encodeSource(source));
  const what = `resolve neighbor ${entries.describe(position)}`;
  const entry = entries.given[position];
  if (status === NO_ERROR) {
    const answer = calls.neighbor(OPERATION, row, entry);
    checkInterface(answer, entries.on(position), what, entry);
    return answer;
  }
  const hasSource = source !== null;
  const attempt = { operation: OPERATION, what, entry, hasSource } as const;
  throw calls.failure(status, attempt, entries.on(position));
}

/** The address to ask from, as a `SOCKADDR_INET`. */
function encodeSource(source: Uint8Array): DataView<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(SIZEOF_SOCKADDR_INET));
  encodeSockaddr(view, 0, source);
  return view;
}

/**
 * Microsoft's page says that without a source address the call "automatically
 * selects the best interface", and that the row must name one: an answer from
 * another interface is not what was asked for.
 */
function checkInterface(
  { interfaceLuid, interfaceIndex }: Neighbor,
  { luid, index }: BoundInterface,
  what: string,
  entry: unknown,
): void {
  const isAsked = luid !== 0n
    ? interfaceLuid === formatLuid(luid)
    : interfaceIndex === index;
  if (isAsked) return;
  throw new NeighborError(
    "UNCONFIRMED",
    `Cannot ${what}: the system answered from another interface, ` +
      `interface ${interfaceIndex} (${interfaceLuid})`,
    { operation: "ResolveIpNetEntry2", status: NO_ERROR, entry },
  );
}
