/**
 * Asking the wire, on a thread of its own. ResolveIpNetEntry2 drops the entry
 * before it asks, so a permanent one is answered without it; and it cannot be
 * stopped, so an abort rejects at once and leaves it to finish unheard.
 *
 * @module
 */

import { parseAddress } from "../parse/address.ts";
import { describeKey, type ParsedKey } from "../parse/entry.ts";
import { invalid, NeighborError, quote } from "../types/error.ts";
import type { Neighbor } from "../types/neighbor.ts";
import { decode, type WindowsCalls } from "./calls.ts";
import { failure } from "./failure.ts";
import type { Target } from "./interfaces.ts";
import { SIZEOF_MIB_IPNET_ROW2, SIZEOF_SOCKADDR_INET } from "./layout.ts";
import {
  type DecodedRow,
  encodeRow,
  encodeSockaddr,
  formatLuid,
} from "./row.ts";
import { NO_ERROR } from "./status.ts";

/**
 * Deno runs such calls on the 32 threads that also read its files: this many
 * at once leave enough of them.
 */
const MOST_AT_ONCE = 8;
let running = 0;
const waiting: (() => void)[] = [];

/** Encodes the address to ask from; `null` lets the system pick one. */
export function encodeSource(
  text: string | undefined,
  key: ParsedKey,
): DataView<ArrayBuffer> | null {
  if (text === undefined) return null;
  if (typeof text !== "string") throw invalid("The sourceAddress takes text");
  const { family, bytes, zone } = parseAddress(text);
  if (zone !== null || family !== key.family) {
    throw invalid(
      `The sourceAddress ${quote(text)} is no ${key.family} address ` +
        "without a zone",
      key.given,
    );
  }
  const view = new DataView(new ArrayBuffer(SIZEOF_SOCKADDR_INET));
  encodeSockaddr(view, 0, bytes);
  return view;
}

/** Waits for a turn, calls, and decodes what the wire said. */
export async function resolve(
  calls: WindowsCalls,
  key: ParsedKey,
  target: Target,
  source: DataView<ArrayBuffer> | null,
  signal: AbortSignal | undefined,
): Promise<Neighbor> {
  const { promise, reject, resolve } = Promise.withResolvers<Neighbor>();
  const abort = () => reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  calls.library.hold(async () => {
    await turn();
    try {
      // Nobody listens any more: the wire need not be asked
      if (signal?.aborted) return;
      resolve(await ask(calls, key, target, source));
    } finally {
      running--;
      waiting.shift()?.();
    }
  }).catch(reject);
  try {
    return await promise;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

async function turn(): Promise<void> {
  while (running >= MOST_AT_ONCE) {
    await new Promise<void>((go) => waiting.push(go));
  }
  running++;
}

async function ask(
  calls: WindowsCalls,
  key: ParsedKey,
  target: Target,
  source: DataView<ArrayBuffer> | null,
): Promise<Neighbor> {
  const operation = "ResolveIpNetEntry2";
  const entry = key.given;
  // Its own row: the table's shared one may be written before this settles
  const row = new DataView(new ArrayBuffer(SIZEOF_MIB_IPNET_ROW2));
  encodeRow(row, { address: key.address, ...target });
  const status = await calls.library.call(operation)(row, source);
  const what = `resolve neighbor ${describeKey(key)}`;
  if (status === NO_ERROR) {
    const answer = decode(operation, row, 0, entry);
    checkInterface(answer, target, what, entry);
    return calls.neighbor(answer, new Map());
  }
  throw failure(
    calls.library,
    status,
    { operation, what, entry, hasSource: source !== null },
    calls.missingInterface(status, target, entry),
  );
}

/**
 * Microsoft's page says that without a source address the call "automatically
 * selects the best interface", and that the row must name one: an answer from
 * another interface is not what was asked for.
 */
function checkInterface(
  answer: DecodedRow,
  { interfaceLuid, interfaceIndex }: Target,
  what: string,
  entry: unknown,
): void {
  const isAsked = interfaceLuid !== 0n
    ? answer.interfaceLuid === interfaceLuid
    : answer.interfaceIndex === interfaceIndex;
  if (isAsked) return;
  const from = `interface ${answer.interfaceIndex} ` +
    `(${formatLuid(answer.interfaceLuid)})`;
  throw new NeighborError(
    "UNCONFIRMED",
    `Cannot ${what}: the system answered from another interface, ${from}`,
    { operation: "ResolveIpNetEntry2", status: NO_ERROR, entry },
  );
}
