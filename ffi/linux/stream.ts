/**
 * Reads rows as they are asked for. The kernel prepares the next part of a dump
 * when the part before it is received, so a slow reader costs no memory. A dump
 * keeps its socket busy until its end, so each has a socket of its own.
 *
 * @module
 */

import type { ScanFilter } from "../backend.ts";
import type { RawRow } from "../raw_row.ts";
import type { Neighbor } from "../types/neighbor.ts";
import { dumpFailure, encodeScan, SeenRows } from "./entries.ts";
import { Dump, type DumpReader } from "./netlink/replies.ts";
import {
  MAX_DUMPS,
  type NetlinkSocket,
  type Received,
  unsettled,
} from "./netlink/socket.ts";
import { GET } from "./request.ts";
import type { LinuxRow } from "./row.ts";

/**
 * Yields the rows of one family that match, each address of an interface once.
 * Restarts as {@linkcode NetlinkSocket.dump} does, and then yields only the rows
 * that were not yielded before. `open` opens a socket for each dump.
 */
export function* streamRows(
  open: () => NetlinkSocket,
  filter: ScanFilter,
  matches: (row: RawRow) => boolean,
  row: LinuxRow,
): Generator<Neighbor, undefined> {
  const seen = new SeenRows();
  let part: Neighbor[] = [];
  const reader: DumpReader = {
    begin() {},
    read(bytes, start, end) {
      row.read(bytes, start, end);
      if (matches(row) && seen.add(row)) part.push(row.neighbor());
    },
  };
  for (let attempt = 0; attempt < MAX_DUMPS; attempt++) {
    const socket = open();
    try {
      const sequence = socket.reserve(1);
      const length = encodeScan(socket, filter, sequence);
      const status = socket.send(socket.request, length);
      if (status !== 0) throw dumpFailure({ status, text: null }, filter);
      const dump = new Dump(reader);
      let received: Received;
      do {
        part = [];
        received = socket.receive(sequence, 1, dump, 1);
        yield* part;
      } while (received === "more");
      if (received === "last" && !dump.isInterrupted) {
        if (dump.answer.status === 0) return;
        throw dumpFailure(dump.answer, filter);
      }
    } finally {
      socket.close();
    }
  }
  throw unsettled(GET.operation);
}
