/**
 * Asks the network, on another thread. ResolveIpNetEntry2 removes the entry
 * before it asks, so it is not called for a permanent entry. It cannot be
 * stopped, so an abort or the timeout rejects at once, and the result of the
 * call is ignored.
 *
 * @module
 */

import type { ResolveRequest } from "../backend.ts";
import type { BoundInterface } from "../bound_interface.ts";
import { type EntryList, formatLuid } from "../entry_list.ts";
import { NeighborError } from "../types/error.ts";
import type { Neighbor } from "../types/neighbor.ts";
import { encodeEntry, rowOfZeroes, type WindowsCalls } from "./calls.ts";
import { SIZEOF_SOCKADDR_INET } from "./layout.ts";
import { encodeSockaddr } from "./row.ts";
import { NO_ERROR } from "./status.ts";

const OPERATION = "ResolveIpNetEntry2";

/**
 * Deno runs these calls on the 32 threads that also read files. This limit
 * leaves enough of them.
 */
const MOST_AT_ONCE = 8;
let running = 0;
const waiting: (() => void)[] = [];

/**
 * Waits until fewer than 8 calls are pending, then calls and decodes the row.
 */
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
      // Rejected already: the result would be ignored
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
  // A row of its own, because the shared one may be reused before this returns
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

/** Encodes the IP address to ask from as a `SOCKADDR_INET`. */
function encodeSource(source: Uint8Array): DataView<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(SIZEOF_SOCKADDR_INET));
  encodeSockaddr(view, 0, source);
  return view;
}

/**
 * According to Microsoft's page the call chooses the interface itself where
 * there is no source address, although the row has to name one. An answer from
 * another interface is refused.
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
