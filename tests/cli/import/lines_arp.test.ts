import { testFormat } from "../../helpers/import_items.ts";

testFormat("arp", [
  ["? (192.0.2.1) at @mac [ether] on eth0", "1: 192.0.2.1 @mac on eth0 learnt"],
  [
    "? (192.0.2.1) at @mac [ether] PERM on eth0",
    "1: 192.0.2.1 @mac on eth0 configured",
  ],
  [
    "host (192.0.2.1) at <incomplete> on eth0",
    "1: skipped incomplete 192.0.2.1",
  ],
  [
    "? (192.0.2.1) at @mac [ether] PERM PUP on eth0",
    "1: skipped proxy 192.0.2.1",
  ],
  ["? (192.0.2.1) at * PERM PUB on eth0", "1: skipped proxy 192.0.2.1"],
  [
    "? (192.0.2.1) at <from_interface> PERM PUB on eth0",
    "1: skipped proxy 192.0.2.1",
  ],
  ["? (192.0.2.1) at * PUB on eth0", "1: skipped proxy 192.0.2.1"],
  [
    "? (192.0.2.1) at @mac [ether] on",
    "1: refused It is no row of arp -a on Linux",
  ],
  [
    "? (192.0.2.1) at @mac [ether] on eth0 x",
    "1: refused It is no row of arp -a on Linux",
  ],
  [
    "? 192.0.2.1 at @mac [ether] on eth0",
    "1: refused It is no row of arp -a on Linux",
  ],
  [
    "? (192.0.2.1) is @mac [ether] on eth0",
    "1: refused It is no row of arp -a on Linux",
  ],
  [
    "? (192.0.2.1) at @mac ether on eth0",
    "1: refused It is no row of arp -a on Linux",
  ],
  [
    "? (192.0.2.1) at @mac [ether] eth0",
    "1: refused It is no row of arp -a on Linux",
  ],
  ["Entries: 3\tSkipped: 0\tFound: 3", "1: skipped heading"],
  ["Entries: 10\tSkipped: 9\tFound: 1", "1: skipped heading"],
  ["Entries: 0\tSkipped: 10\tFound: 90", "1: skipped heading"],
  [
    "Entries: x\tSkipped: 0\tFound: 0",
    "1: refused It is no row of arp -a on Linux",
  ],
  [
    "Address HWtype HWaddress Flags Mask Iface\n" +
    "192.0.2.1 ether @mac C eth0\n" +
    "192.0.2.2 ether @mac CM eth0\n" +
    "192.0.2.3 (incomplete) eth0\n" +
    "192.0.2.4 * * MP eth0\n" +
    "192.0.2.5 ether @mac CM 255.255.255.255 eth0\n" +
    "192.0.2.6 ether @mac CX eth0\n" +
    "192.0.2.7 ether @mac C a b c\n" +
    "192.0.2.8 (incomplete)\n" +
    "192.0.2.8 (incomplete) C eth0\n" +
    "192.0.2.9 ether @mac eth0\n" +
    "? (192.0.2.10) at @mac [ether] on eth0\n" +
    "h at x at eth0",
    "1: skipped heading",
    "2: 192.0.2.1 @mac on eth0 learnt",
    "3: 192.0.2.2 @mac on eth0 configured",
    "4: skipped incomplete 192.0.2.3",
    "5: skipped proxy 192.0.2.4",
    "6: 192.0.2.5 @mac on eth0 configured",
    "7: refused It is no row of the table of arp",
    "8: refused It is no row of the table of arp",
    "9: refused It is no row of the table of arp",
    "10: refused It is no row of the table of arp",
    "11: refused It is no row of the table of arp",
    "12: 192.0.2.10 @mac on eth0 learnt",
    "13: refused It is no row of arp -a on Linux",
  ],
]);

testFormat("arp-bsd", [
  [
    "? (192.0.2.1) at 2:fc:0:0:0:5 on en0 ifscope [ethernet]",
    "1: 192.0.2.1 @mac on en0 learnt",
  ],
  [
    "? (192.0.2.1) at 2:fc:0:0:0:5 on en0 ifscope permanent [ethernet]",
    "1: 192.0.2.1 @mac on en0 configured",
  ],
  [
    "? (192.0.2.1) at (incomplete) on en0 ifscope [ethernet]",
    "1: skipped incomplete 192.0.2.1",
  ],
  [
    "? (192.0.2.1) at 2:fc:0:0:0:5 on en0 permanent published (proxy only) [ethernet]",
    "1: skipped proxy 192.0.2.1",
  ],
  [
    "? (192.0.2.1) at 2:fc:0:0:0:5 on en0 expires in 1090 seconds [ethernet]",
    "1: 192.0.2.1 @mac on en0 learnt",
  ],
  [
    "? (192.0.2.1) at 2:fc:0:0:0:5 on en0",
    "1: 192.0.2.1 @mac on en0 learnt",
  ],
  [
    "? (192.0.2.1) at 2:fc:0:0:0:5 at en0 [ethernet]",
    "1: refused It is no row of arp -a on BSD or macOS",
  ],
  [
    "? (192.0.2.1) on 2:fc:0:0:0:5 on en0 [ethernet]",
    "1: refused It is no row of arp -a on BSD or macOS",
  ],
  [
    "? 192.0.2.1 at 2:fc:0:0:0:5 on en0 [ethernet]",
    "1: refused It is no row of arp -a on BSD or macOS",
  ],
]);

testFormat("arp-windows", [
  [
    "Interface: 192.0.2.9 --- 0xb\n" +
    "  Internet Address Physical Address Type\n" +
    " 192.0.2.1 @dash dynamic\n" +
    " 192.0.2.2 @dash static\n" +
    " 192.0.2.3 00-00-00-00-00-00 invalid\n" +
    " 192.0.2.4 @dash dynamisch\n" +
    "Internet Address\n" +
    "192.0.2.5 @dash\n" +
    "192.0.2.6 @mac static\n" +
    "192.0.2.7 @dash static x\n" +
    "2001:db8::1 @dash static\n" +
    "Schnittstelle: 192.0.2.9 --- 0x0000000C\n" +
    "192.0.2.1 @dash dynamic\n" +
    "Adresse\n" +
    "x --- 0x123456789",
    "1: skipped heading",
    "2: skipped heading",
    "3: 192.0.2.1 @mac on index 11 learnt",
    "4: 192.0.2.2 @mac on index 11 configured",
    "5: skipped incomplete 192.0.2.3",
    "6: 192.0.2.4 @mac on index 11 unknown",
    '7: refused "Internet" is no IPv4 address',
    "8: refused It is no row of arp -a on Windows",
    "9: refused It is no row of arp -a on Windows",
    "10: refused It is no row of arp -a on Windows",
    '11: refused "2001:db8::1" is no IPv4 address',
    "12: skipped heading",
    "13: 192.0.2.1 @mac on index 12 learnt",
    '14: refused "Adresse" is no IPv4 address',
    '15: refused "x" is no IPv4 address',
  ],
  ["192.0.2.1 @dash static", "1: 192.0.2.1 @mac on nothing configured"],
  ["Internet Address", '1: refused "Internet" is no IPv4 address'],
  [
    "a --- 0xb\n" +
    "2001:db8::1 x y\n" +
    "Columns",
    "1: skipped heading",
    "2: skipped heading",
    '3: refused "Columns" is no IPv4 address',
  ],
]);

testFormat("proc", [
  [
    "IP address       HW type     Flags       HW address            Mask     Device",
    "1: skipped heading",
  ],
  ["192.0.2.1 0x1 0x2 @mac * eth0", "1: 192.0.2.1 @mac on eth0 learnt"],
  ["192.0.2.1 0x1 0x6 @mac * eth0", "1: 192.0.2.1 @mac on eth0 configured"],
  [
    "192.0.2.1 0x1 0x0 00:00:00:00:00:00 * eth0",
    "1: skipped incomplete 192.0.2.1",
  ],
  ["192.0.2.1 0x1 0xc 00:00:00:00:00:00 * eth0", "1: skipped proxy 192.0.2.1"],
  ["192.0.2.1 0x1 0x4 @mac * eth0", "1: skipped incomplete 192.0.2.1"],
  ["192.0.2.1 0x1 0x2 @mac *", "1: refused It is no row of /proc/net/arp"],
  [
    "192.0.2.1 0x00000001 0x00000002 @mac * eth0",
    "1: 192.0.2.1 @mac on eth0 learnt",
  ],
  [
    "192.0.2.1 0x123456789 0x2 @mac * eth0",
    "1: refused It is no row of /proc/net/arp",
  ],
  ["192.0.2.1 0x90 0x90 @mac * eth0", "1: skipped incomplete 192.0.2.1"],
  ["192.0.2.1 1 0x2 @mac * eth0", "1: refused It is no row of /proc/net/arp"],
  ["192.0.2.1 0x1 2 @mac * eth0", "1: refused It is no row of /proc/net/arp"],
  [
    "192.0.2.1 0x1 0x123456789 @mac * eth0",
    "1: refused It is no row of /proc/net/arp",
  ],
]);

testFormat("ndp", [
  [
    "Neighbor                             Linklayer Address  Netif Expire    St Flgs Prbs",
    "1: skipped heading",
  ],
  [
    "fe80::1%en0 2:fc:0:0:0:5 en0 23h59m58s S R",
    "1: fe80::1 @mac on en0 learnt",
  ],
  [
    "fe80::1%en0 2:fc:0:0:0:5 en0 permanent R",
    "1: fe80::1 @mac on en0 configured",
  ],
  [
    "2001:db8::1 2:fc:0:0:0:5 en0 expired S",
    "1: 2001:db8::1 @mac on en0 learnt",
  ],
  ["2001:db8::1 2:fc:0:0:0:5 en0 -- S", "1: 2001:db8::1 @mac on en0 learnt"],
  ["2001:db8::1 2:fc:0:0:0:5 en0 5s", "1: 2001:db8::1 @mac on en0 learnt"],
  ["2001:db8::1 2:fc:0:0:0:5 en0 0s S", "1: 2001:db8::1 @mac on en0 learnt"],
  ["2001:db8::1 2:fc:0:0:0:5 en0 9m0s R", "1: 2001:db8::1 @mac on en0 learnt"],
  ["2001:db8::1 2:fc:0:0:0:5 en0 10h9m R", "1: 2001:db8::1 @mac on en0 learnt"],
  [
    "2001:db8::1 (incomplete) en0 expired I",
    "1: skipped incomplete 2001:db8::1",
  ],
  [
    "2001:db8::1 (incomplete) en0 expired N 3",
    "1: skipped incomplete 2001:db8::1",
  ],
  [
    "2001:db8::1 (incomplete) en0 permanent",
    "1: skipped incomplete 2001:db8::1",
  ],
  [
    "2001:db8::1 2:fc:0:0:0:5 en0 permanent R p",
    "1: skipped proxy 2001:db8::1",
  ],
  [
    "2001:db8::1 2:fc:0:0:0:5 en0 1s S R 3",
    "1: 2001:db8::1 @mac on en0 learnt",
  ],
  [
    "2001:db8::1 2:fc:0:0:0:5 en0 1s S R 3 4",
    "1: refused It is no row of ndp -a",
  ],
  ["2001:db8::1 2:fc:0:0:0:5 en0", "1: refused It is no row of ndp -a"],
  [
    "2001:db8::1 2:fc:0:0:0:5 en0 never",
    '1: refused "never" is no time of ndp -a',
  ],
  [
    "fe80::1%en1 2:fc:0:0:0:5 en0 1s S",
    '1: refused The zone of "fe80::1%en1" is not the interface of its line',
  ],
]);

testFormat("ethers", [
  ["@mac 192.0.2.1", "1: 192.0.2.1 @mac on nothing configured"],
  [
    "@mac\t192.0.2.1#printer",
    "1: 192.0.2.1 @mac on nothing configured # printer",
  ],
  [
    "@mac 192.0.2.1 #  a # b ",
    "1: 192.0.2.1 @mac on nothing configured # a # b",
  ],
  ["@mac 192.0.2.1 #", "1: 192.0.2.1 @mac on nothing configured"],
  ["2:FC:0:0:0:5 192.0.2.1", "1: 192.0.2.1 @mac on nothing configured"],
  ["@mac printer", '1: skipped hostName "printer"'],
  [
    "@mac",
    "1: refused It takes a link-layer address and an IP address or a host name",
  ],
  [
    "@mac #192.0.2.1",
    "1: refused It takes a link-layer address and an IP address or a host name",
  ],
  [
    "@mac 192.0.2.1 x",
    "1: refused It takes a link-layer address and an IP address or a host name",
  ],
  [
    "02fc00000005 192.0.2.1",
    '1: refused "02fc00000005" is no link-layer address with colons',
  ],
  [
    "2:0fc:0:0:0:5 192.0.2.1",
    '1: refused "2:0fc:0:0:0:5" is no link-layer address with colons',
  ],
  [
    "002:fc:0:0:0:5 192.0.2.1",
    '1: refused "002:fc:0:0:0:5" is no link-layer address with colons',
  ],
  [
    "9f:0:00:90:09:99 192.0.2.1",
    "1: 192.0.2.1 9f:00:00:90:09:99 on nothing configured",
  ],
  [
    "fc:02:00:00:00:g0 192.0.2.1",
    '1: refused "fc:02:00:00:00:g0" is no link-layer address with colons',
  ],
  ["02 192.0.2.1", '1: refused "02" is no link-layer address with colons'],
  [
    "@mac 192.0.2",
    '1: refused Cannot parse IP address "192.0.2": IPv4 is four decimal octets with dots between',
  ],
]);
