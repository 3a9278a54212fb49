/**
 * Locates the parts of a neighbor message without decoding them. Pure: it runs
 * on every system.
 *
 * @module
 */

import {
  AF_INET,
  AF_INET6,
  align,
  MAX_ADDR_LEN,
  NDA_CACHEINFO,
  NDA_DST,
  NDA_FLAGS_EXT,
  NDA_LLADDR,
  NDA_PROTOCOL,
  ndmsg_ndm_family,
  ndmsg_ndm_flags,
  ndmsg_ndm_ifindex,
  ndmsg_ndm_state,
  SIZEOF_nda_cacheinfo,
  SIZEOF_ndmsg,
  SIZEOF_nlattr,
} from "./layout.ts";
import {
  attributeEnd,
  attributeType,
  type Bytes,
  malformed,
} from "./message.ts";

/** The parts of one message; the object is reused for the next. */
export class NeighborParts {
  /** `AF_INET` or `AF_INET6`. */
  family = 0;
  interfaceIndex = 0;
  /** `NUD_*`. */
  state = 0;
  /** `NTF_*` and `NTF_EXT_*`. */
  flags = 0;
  extended = 0;
  /** `RTPROT_*`. */
  protocol = 0;
  /** The offset of `NDA_DST`; its length follows from the family. */
  address = -1;
  /** The offset of `NDA_LLADDR`; equal to its end where there is none. */
  linkLayer = -1;
  linkLayerEnd = -1;
  /** The offset of `struct nda_cacheinfo`; -1 where there is none. */
  cacheInfo = -1;

  /** Locates the parts in the payload from `start` to `end`. */
  locate(bytes: Bytes, start: number, end: number): void {
    const { array, view } = bytes;
    if (start + SIZEOF_ndmsg > end) {
      throw malformed(
        "ndmsg",
        `it has ${end - start} of ${SIZEOF_ndmsg} bytes`,
      );
    }
    const family = this.family = view.getUint8(start + ndmsg_ndm_family);
    if (family !== AF_INET && family !== AF_INET6) {
      throw malformed("ndmsg", `its address family is ${family}`);
    }
    this.interfaceIndex = view.getUint32(start + ndmsg_ndm_ifindex, true);
    this.state = view.getUint16(start + ndmsg_ndm_state, true);
    this.flags = view.getUint8(start + ndmsg_ndm_flags);
    this.extended = this.protocol = 0;
    this.address =
      this.linkLayer =
      this.linkLayerEnd =
      this.cacheInfo =
        -1;
    for (let at = start + SIZEOF_ndmsg; at < end;) {
      const stop = attributeEnd(bytes, at, end, "ndmsg");
      const value = at + SIZEOF_nlattr;
      switch (attributeType(bytes, at)) {
        case NDA_DST:
          expect("NDA_DST", stop - value, family === AF_INET ? 4 : 16);
          this.address = value;
          break;
        case NDA_LLADDR:
          if (stop - value > MAX_ADDR_LEN) {
            throw malformed(
              "ndmsg",
              `its NDA_LLADDR has ${stop - value} bytes`,
            );
          }
          this.linkLayer = value;
          this.linkLayerEnd = stop;
          break;
        case NDA_CACHEINFO:
          expect("NDA_CACHEINFO", stop - value, SIZEOF_nda_cacheinfo);
          this.cacheInfo = value;
          break;
        case NDA_PROTOCOL:
          expect("NDA_PROTOCOL", stop - value, 1);
          this.protocol = array[value]!;
          break;
        case NDA_FLAGS_EXT:
          expect("NDA_FLAGS_EXT", stop - value, 4);
          this.extended = view.getUint32(value, true);
          break;
      }
      at += align(stop - at);
    }
    if (this.address < 0) throw malformed("ndmsg", "it has no NDA_DST");
  }
}

function expect(attribute: string, length: number, wanted: number): void {
  if (length === wanted) return;
  throw malformed("ndmsg", `its ${attribute} has ${length} bytes`);
}
