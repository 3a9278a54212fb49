/** A MIB_IPNET_ROW2 written down by hand, for what the DLL hands out. */

/** What differs from row to row; offsets are those of windows.md. */
export interface RawRow {
  readonly index: number;
  readonly address: readonly number[];
  readonly physical?: readonly number[];
  readonly family?: number;
  readonly state?: number;
  readonly flags?: number;
  readonly length?: number;
  readonly milliseconds?: number;
}

/** 88 bytes with garbage in the padding, as the system leaves it. */
export function rawRow(given: RawRow): Uint8Array<ArrayBuffer> {
  const { address, physical = [2, 0xfc, 0, 0, 0, 1] } = given;
  const bytes = new Uint8Array(88);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, given.family ?? (address.length === 4 ? 2 : 23), true);
  bytes.set(address, address.length === 4 ? 4 : 8);
  view.setUint32(28, given.index, true);
  // Wine: interface type 6 and the Linux index
  view.setBigUint64(32, (6n << 48n) | (BigInt(given.index) << 24n), true);
  bytes.set(physical, 40);
  view.setUint32(72, given.length ?? physical.length, true);
  view.setUint32(76, given.state ?? 6, true);
  bytes[80] = given.flags ?? 0;
  bytes.fill(0xcc, 81, 84);
  view.setUint32(84, given.milliseconds ?? 0, true);
  return bytes;
}

/** A table as GetIpNetTable2 hands it out: the count, padding, rows. */
export function rawTable(
  count: number,
  ...rows: readonly Uint8Array[]
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 + 88 * rows.length).fill(0xcc);
  new DataView(bytes.buffer).setUint32(0, count, true);
  rows.forEach((row, i) => bytes.set(row, 8 + 88 * i));
  return bytes;
}
