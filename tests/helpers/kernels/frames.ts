/**
 * The frames that a guest sent, from the file that QEMU's filter-dump writes: in
 * the format of libpcap.
 *
 * @module
 */

const [FILE_HEADER, FRAME_HEADER] = [24, 16];

/** The Ethernet frames of a file; a frame that is cut short ends them. */
export function framesOf(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const frames: Uint8Array[] = [];
  // QEMU writes in the order of the computer, which is little-endian here
  for (let at = FILE_HEADER; at + FRAME_HEADER <= file.length;) {
    const length = view.getUint32(at + 8, true);
    at += FRAME_HEADER;
    if (at + length > file.length) break;
    frames.push(file.subarray(at, at += length));
  }
  return frames;
}

/** Numbers as hexadecimal text without separators. */
function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

/** What a frame asks for: the address, in hexadecimal, of an ARP or NDP request. */
export function requestOf(frame: Uint8Array): string | undefined {
  const type = hex(frame.subarray(12, 14));
  const isArp = type === "0806" && frame[21] === 1;
  if (isArp) return hex(frame.subarray(38, 42));
  // ICMPv6 without extension headers, as the kernel sends solicitations
  const isSolicitation = type === "86dd" && frame[20] === 58 &&
    frame[54] === 135;
  return isSolicitation ? hex(frame.subarray(62, 78)) : undefined;
}

/** Where a frame of IP goes: both addresses in hexadecimal. */
export function destinationOf(
  frame: Uint8Array,
): { linkLayer: string; address: string } | undefined {
  const type = hex(frame.subarray(12, 14));
  const linkLayer = hex(frame.subarray(0, 6));
  if (type === "0800") {
    return { linkLayer, address: hex(frame.subarray(30, 34)) };
  }
  return type === "86dd"
    ? { linkLayer, address: hex(frame.subarray(38, 54)) }
    : undefined;
}
