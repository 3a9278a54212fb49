/**
 * Room for the few octets of an address. Each `new Uint8Array` of its own costs
 * Deno an allocation outside its heap, which takes longer than all the parsing;
 * a part of a larger one costs a tenth. Pure.
 *
 * @module
 */

const POOL_SIZE = 8192;

let pool = new ArrayBuffer(POOL_SIZE);
let used = 0;

/** Zeroed octets that nobody else has, for what does not live long. */
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
