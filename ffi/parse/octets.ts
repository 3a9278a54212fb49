/**
 * Allocates the few octets of an address from a pool. A `new Uint8Array` costs
 * Deno an allocation outside its heap, which takes longer than the parsing; a
 * part of a larger buffer costs a tenth. Pure.
 *
 * @module
 */

const POOL_SIZE = 8192;

let pool = new ArrayBuffer(POOL_SIZE);
let used = 0;

/**
 * Returns zeroed octets. Each keeps its whole pool alive, so hold them briefly.
 */
export function allocate(length: number): Uint8Array<ArrayBuffer> {
  if (used + length > POOL_SIZE) {
    if (length > POOL_SIZE) return new Uint8Array(length);
    pool = new ArrayBuffer(POOL_SIZE);
    used = 0;
  }
  const part = new Uint8Array(pool, used, length);
  used += length;
  return part;
}
