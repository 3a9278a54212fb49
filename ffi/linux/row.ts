/**
 * A neighbor message as a {@linkcode RawRow}.
 *
 * @module
 */

import type { RawRow } from "../raw_row.ts";
import type { Neighbor, NeighborState } from "../types/neighbor.ts";
import { AF_INET, NTF_PROXY } from "./netlink/layout.ts";
import type { Bytes } from "./netlink/message.ts";
import { decodeParts } from "./netlink/ndmsg.ts";
import { NeighborParts } from "./netlink/ndmsg_parts.ts";
import { STATES } from "./netlink/state.ts";

/** One message at a time; the object is reused for the next. */
export class LinuxRow implements RawRow {
  readonly parts = new NeighborParts();
  readonly #alias: (index: number) => string | null;
  #bytes: Bytes | undefined;

  /** `alias` looks up the name of an interface. */
  constructor(alias: (index: number) => string | null) {
    this.#alias = alias;
  }

  /** Reads the payload from `start` to `end`. */
  read(bytes: Bytes, start: number, end: number): void {
    this.#bytes = bytes;
    this.parts.locate(bytes, start, end);
  }

  get interfaceKey(): number {
    return this.parts.interfaceIndex;
  }

  get octets(): Uint8Array {
    return this.#bytes!.array;
  }

  get addressStart(): number {
    return this.parts.address;
  }

  get addressEnd(): number {
    return this.parts.address + (this.parts.family === AF_INET ? 4 : 16);
  }

  get linkLayerStart(): number {
    return this.parts.linkLayer;
  }

  get linkLayerEnd(): number {
    return this.parts.linkLayerEnd;
  }

  get state(): NeighborState {
    return STATES[this.parts.state & 0xff]!;
  }

  get protocol(): number {
    return this.parts.protocol;
  }

  get isProxy(): boolean {
    return (this.parts.flags & NTF_PROXY) !== 0;
  }

  neighbor(): Neighbor {
    const row = decodeParts(this.#bytes!, this.parts);
    row.interfaceAlias = this.#alias(row.interfaceIndex);
    return row;
  }
}
