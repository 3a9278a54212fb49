import { testFormat } from "../../helpers/import_items.ts";

/** A host name of the greatest length. */
const LONG = "a".repeat(253);

testFormat("ip", [
  [
    "224.0.0.1 dev eth0 lladdr @mac PERMANENT",
    "1: skipped multicast 224.0.0.1",
  ],
  ["ff02::1 dev eth0 lladdr @mac PERMANENT", "1: skipped multicast ff02::1"],
  [
    "255.255.255.255 dev eth0 lladdr @mac PERMANENT",
    "1: skipped broadcast 255.255.255.255",
  ],
  [
    "192.0.2.1 dev eth0 lladdr ff:ff:ff:ff:ff:ff PERMANENT",
    "1: skipped broadcast 192.0.2.1",
  ],
  [
    "192.0.2.1 dev eth0 lladdr ff:ff:ff:ff:ff:fe PERMANENT",
    "1: 192.0.2.1 ff:ff:ff:ff:ff:fe on eth0 configured",
  ],
  [
    "192.0.2.1 dev eth0 lladdr 00:00:00:00:00:00 PERMANENT",
    "1: skipped incomplete 192.0.2.1",
  ],
  [
    "192.0.2.1 dev eth0 lladdr 00:00:00:00:00:01 PERMANENT",
    "1: 192.0.2.1 00:00:00:00:00:01 on eth0 configured",
  ],
  ["0.0.0.0 dev eth0 lladdr @mac PERMANENT", "1: skipped notWritable 0.0.0.0"],
  [
    "127.0.0.1 dev eth0 lladdr @mac PERMANENT",
    "1: skipped notWritable 127.0.0.1",
  ],
  ["::1 dev eth0 lladdr @mac PERMANENT", "1: skipped notWritable ::1"],
  [
    "192.0.2.1 dev eth0 lladdr 02fg PERMANENT",
    '1: refused Cannot parse link-layer address "02fg": octet 2 is "fg", not two hexadecimal digits',
  ],
  [
    "fe80::1%eth0 dev eth0 lladdr @mac PERMANENT",
    "1: fe80::1 @mac on eth0 configured",
  ],
  [
    "fe80::1%eth1 dev eth0 lladdr @mac PERMANENT",
    '1: refused The zone of "fe80::1%eth1" is not the interface of its line',
  ],
  [
    "fe80::1%3 dev eth0 lladdr @mac PERMANENT",
    "1: fe80::1 @mac on eth0 configured",
  ],
  ["fe80::1%3 lladdr @mac PERMANENT", "1: fe80::1 @mac on index 3 configured"],
  [
    "192.0.2.1 dev eth0 lladdr @mac PERMANENT proto xyz",
    "1: 192.0.2.1 @mac on eth0 configured xyz",
  ],
  [
    "192.0.2.1 dev eth0 lladdr @mac PERMANENT proto 256",
    '1: refused The protocol "256" is not a number from 0 to 255',
  ],
  [
    "192.0.2.1 dev e\rth0 lladdr @mac PERMANENT",
    "1: refused A carriage return stands inside the line: lines end with LF or CR LF",
  ],
]);

testFormat("csv", [
  [
    "ip,mac,ifindex\n" +
    "fe80::1%3,@mac,3\n" +
    "fe80::1%3,@mac,4\n" +
    "fe80::1%eth0,@mac,4",
    "1: skipped heading",
    "2: fe80::1 @mac on index 3 configured",
    '3: refused The zone of "fe80::1%3" is not the interface of its line',
    "4: fe80::1 @mac on index 4 configured",
  ],
  [
    "ip,mac,dev,ifindex\n" +
    "fe80::1%3,@mac,eth0,3\n" +
    "fe80::1%eth1,@mac,eth0,\n" +
    "fe80::1%eth0,@mac,,\n" +
    "printer.example,@mac,eth0,\n" +
    "host_1,@mac,,\n" +
    "1.2.3.x1,@mac,,\n" +
    "1.2.3.4.,@mac,,\n" +
    "a:b,@mac,,",
    "1: skipped heading",
    "2: fe80::1 @mac on eth0/index 3 configured",
    '3: refused The zone of "fe80::1%eth1" is not the interface of its line',
    "4: fe80::1 @mac on eth0 configured",
    '5: skipped hostName "printer.example"',
    '6: skipped hostName "host_1"',
    '7: skipped hostName "1.2.3.x1"',
    '8: refused Cannot parse IP address "1.2.3.4.": IPv4 is four decimal octets with dots between',
    '9: refused Cannot parse IP address "a:b": IPv6 is eight groups',
  ],
]);

testFormat("ethers", [
  [
    "  @mac   192.0.2.1  \n" +
    "\n" +
    "# c\n" +
    "  \n" +
    "@mac 192.0.2.2",
    "1: 192.0.2.1 @mac on nothing configured",
    "5: 192.0.2.2 @mac on nothing configured",
  ],
  [`@mac ${LONG}`, "1: skipped hostName " + `"${"a".repeat(79)}…"`],
  [
    `@mac ${LONG}a`,
    `1: refused Cannot parse IP address "${
      "a".repeat(79)
    }…": it is neither IPv4 nor IPv6`,
  ],
]);
