import { assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import {
  decodeLink,
  encodeLinkRequest,
  type Link,
  toInterface,
} from "../../ffi/linux/netlink/ifinfomsg.ts";
import { NLM_F_REQUEST, RTM_GETLINK } from "../../ffi/linux/netlink/layout.ts";
import { bytesOf } from "../../ffi/linux/netlink/message.ts";
import type { NetworkInterface } from "../../ffi/types/interface.ts";
import {
  message,
  messageBytes,
  type MessageName,
} from "../helpers/golden/messages.ts";

const LINKS: Partial<
  Record<MessageName, readonly [Partial<Link>, Partial<NetworkInterface>]>
> = {
  LINK_VETH: [
    { index: 100, addressLength: 6, broadcast: "ff:ff:ff:ff:ff:ff" },
    {
      interfaceAlias: "va",
      interfaceIndex: 100,
      interfaceLuid: null,
      linkLayerAddress: "02:fc:00:00:00:01",
      type: "ethernet",
      isUp: true,
    },
  ],
  LINK_LOOPBACK: [
    { index: 1, addressLength: 6 },
    { interfaceAlias: "lo", type: "loopback", isUp: true },
  ],
  LINK_TUN: [
    { addressLength: 0, address: null, broadcast: null },
    {
      interfaceAlias: "tun0",
      linkLayerAddress: null,
      type: "tunnel",
      isUp: false,
    },
  ],
  LINK_EUI64: [{ addressLength: 8, type: 825 }, { type: "other" }],
  LINK_SIXTEEN: [{ addressLength: 16 }, { type: "tunnel" }],
};

for (const [key, [link, face]] of Object.entries(LINKS)) {
  const name = key as MessageName;
  const bytes = message(name);
  const end = bytes.array.length;

  Deno.test(`decodeLink() reads ${name} as the kernel sent it`, () => {
    const decoded = decodeLink(bytes, 16, end);
    assertEquals({ ...decoded, ...link }, decoded);
    const found = toInterface(decoded);
    assertEquals({ ...found, ...face }, found);
  });

  Deno.test(`decodeLink() reads ${name} cut at every byte or refuses it`, () => {
    for (let cut = 16; cut < end; cut++) {
      const other = message(name);
      other.array.fill(0xff, cut);
      try {
        assertEquals(
          decodeLink(other, 16, cut).name,
          decodeLink(bytes, 16, end).name,
        );
      } catch (error) {
        if (!(error instanceof NeighborError)) throw error;
        assertEquals(error.code, "OTHER");
      }
    }
  });
}

Deno.test("decodeLink() refuses a link without a name", () => {
  const bytes = messageBytes("LINK_VETH");
  bytes[16 + 16 + 2] = 99;
  assertThrows(
    () => decodeLink(bytesOf(bytes), 16, bytes.length),
    NeighborError,
    "Cannot decode ifinfomsg: it has no IFLA_IFNAME",
  );
});

const text = (value: string) => new TextEncoder().encode(value);

Deno.test("encodeLinkRequest() writes what gcc lays out", () => {
  const bytes = bytesOf(new Uint8Array(256).fill(0xff));
  const cases = {
    LINK_BY_NAME: [0, text("eth0")],
    LINK_BY_ALTERNATIVE_NAME: [0, text("the-uplink-of-rack-3")],
    LINK_BY_INDEX: [0x0a0b0c0d, null],
  } as const;
  for (const [name, [index, wanted]] of Object.entries(cases)) {
    const end = encodeLinkRequest(
      bytes,
      0x01020304,
      RTM_GETLINK,
      NLM_F_REQUEST,
      index,
      wanted,
    );
    assertEquals(
      bytes.array.slice(0, end),
      messageBytes(name as MessageName),
    );
  }
});
