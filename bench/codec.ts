/**
 * Measures the work of a set before its system call, and that of a list after its
 * call, against JSON for the same data.
 *
 * @module
 */

import { EntryList } from "../ffi/entry_list.ts";
import { parseEntry } from "../ffi/parse/entry.ts";
import type { NeighborEntry } from "../ffi/types/neighbor.ts";
import {
  MIB_IPNET_ROW2_Flags,
  MIB_IPNET_ROW2_ReachabilityTime,
  MIB_IPNET_ROW2_State,
  SIZEOF_MIB_IPNET_ROW2,
} from "../ffi/windows/layout.ts";
import { formatLuid } from "../ffi/entry_list.ts";
import { decodeRow, encodeRow } from "../ffi/windows/row.ts";
import type { Pair } from "./ratio.ts";

const ENTRIES = 64;
const ROWS = 10_000;

/** Differs for each call, so that no result is cached. */
function entryOf(i: number): NeighborEntry {
  const octet = (n: number) => (n & 255).toString(16).padStart(2, "0");
  return {
    address: `192.0.${(i >> 8) & 255}.${i & 255 || 1}`,
    linkLayerAddress: `02-fc-00-${octet(i >> 16)}-${octet(i >> 8)}-${octet(i)}`,
    interfaceIndex: 12,
  };
}

function view(rows: number): DataView<ArrayBuffer> {
  return new DataView(new ArrayBuffer(rows * SIZEOF_MIB_IPNET_ROW2));
}

/** A `MIB_IPNET_TABLE2.Table` as the system returns it. */
function tableOf(count: number): DataView<ArrayBuffer> {
  const table = view(count);
  const row = view(1);
  const parsed = new EntryList();
  for (let i = 0; i < count; i++) {
    parsed.clear();
    parseEntry(parsed, entryOf(i));
    const key = {
      address: i % 2 === 0 ? addressOf(parsed) : ipv6Of(i),
      interfaceIndex: 12,
      interfaceLuid: 0x6008000000000n,
    };
    encodeRow(row, key, linkLayerAddressOf(parsed));
    row.setUint32(MIB_IPNET_ROW2_State, i % 7, true);
    row.setUint8(MIB_IPNET_ROW2_Flags, i % 4);
    row.setUint32(MIB_IPNET_ROW2_ReachabilityTime, i * 1000, true);
    new Uint8Array(table.buffer).set(
      new Uint8Array(row.buffer),
      i * SIZEOF_MIB_IPNET_ROW2,
    );
  }
  return table;
}

/** The octets of the only entry. */
function addressOf(parsed: EntryList): Uint8Array {
  return parsed.addresses.subarray(0, parsed.addressLengths[0]);
}

function linkLayerAddressOf(parsed: EntryList): Uint8Array {
  return parsed.linkLayerAddresses.subarray(0, parsed.linkLayerLengths[0]);
}

function ipv6Of(i: number): Uint8Array {
  const address = Uint8Array.of(
    0x20,
    1,
    0xd,
    0xb8,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  );
  address.set([i >> 8, i], 14);
  return address;
}

function decodeAll(table: DataView<ArrayBuffer>): unknown[] {
  const rows: unknown[] = [];
  for (let at = 0; at < table.byteLength; at += SIZEOF_MIB_IPNET_ROW2) {
    const { interfaceLuid, ...row } = decodeRow(table, at);
    rows.push({
      ...row,
      interfaceLuid: formatLuid(interfaceLuid),
      interfaceAlias: "Ethernet",
    });
  }
  return rows;
}

/** The pairs that need no separate process. */
export function codecPairs(): Pair[] {
  // Through JSON, so that the strings are flat, like literals: concatenated ones
  // double the time of JSON.stringify
  const entries = JSON.parse(JSON.stringify(
    Array.from({ length: ENTRIES }, (_, i) => entryOf(i)),
  )) as NeighborEntry[];
  const row = view(1);
  // Reused and cleared, as a table does it
  const parsed = new EntryList();
  let next = 0;
  const table = tableOf(ROWS);
  const json = JSON.stringify(decodeAll(table));
  return [
    {
      name: "encode an IPv4 entry (parseEntry, encodeRow)",
      by: "JSON.stringify of it",
      subject: () => {
        parsed.clear();
        parseEntry(parsed, entries[next++ % ENTRIES]!);
        const { index, luid } = parsed.named(0);
        encodeRow(row, {
          address: addressOf(parsed),
          interfaceIndex: index,
          interfaceLuid: luid,
        }, linkLayerAddressOf(parsed));
        return row;
      },
      reference: () => JSON.stringify(entries[next++ % ENTRIES]),
      calls: 2_000,
      rounds: 400,
      target: 3,
    },
    {
      name: "decode 10,000 rows",
      by: "JSON.parse of them",
      subject: () => decodeAll(table),
      reference: () => JSON.parse(json),
      calls: 1,
      rounds: 60,
      target: null,
    },
  ];
}
