import { testFormat } from "../../helpers/import_items.ts";

testFormat("csv", [
  [
    "ip,mac,ifindex\n192.0.2.1,@mac,10\n192.0.2.2,@mac,9\n192.0.2.3,@mac,1000000000",
    "1: skipped heading",
    "2: 192.0.2.1 @mac on index 10 configured",
    "3: 192.0.2.2 @mac on index 9 configured",
    "4: 192.0.2.3 @mac on index 1000000000 configured",
  ],
  [
    "IPv4 Address,HW-Addr,x1\n192.0.2.1,@mac,y",
    "1: skipped heading",
    "2: 192.0.2.1 @mac on nothing configured",
  ],
  [
    "ip,mac,dev\n" +
    "192.0.2.1,@mac,eth0\n" +
    "192.0.2.2,@mac\n" +
    ",@mac,eth0\n" +
    "192.0.2.3,,eth0\n" +
    "192.0.2.4,@mac,",
    "1: skipped heading",
    "2: 192.0.2.1 @mac on eth0 configured",
    "3: refused The record has 2 cells, the header 3",
    '4: skipped noAddress ",@mac,eth0"',
    "5: skipped incomplete 192.0.2.3",
    "6: 192.0.2.4 @mac on nothing configured",
  ],
  [
    "IP-Address;MAC Address;Interface Index;State;Notes\n" +
    `192.0.2.1;@mac;3;stale;"a; ""b"""\n` +
    "192.0.2.2;@mac;;Permanent;\n" +
    "192.0.2.3;@mac;x;up;\n" +
    "192.0.2.4;@mac;12345678901;;",
    "1: skipped heading",
    '2: 192.0.2.1 @mac on index 3 learnt # a; "b"',
    "3: 192.0.2.2 @mac on nothing configured",
    '4: refused "x" is no index of an interface',
    '5: refused "12345678901" is no index of an interface',
  ],
  [
    "sep=;\n" +
    "ip;mac\n" +
    "192.0.2.1;@mac",
    "1: skipped heading",
    "2: skipped heading",
    "3: 192.0.2.1 @mac on nothing configured",
  ],
  [
    "mac\tip\n@mac\t192.0.2.1",
    "1: skipped heading",
    "2: 192.0.2.1 @mac on nothing configured",
  ],
  [
    "ip,ip,mac\n",
    '1: refused The columns "ip" and "ip" of the header mean the same: rename one',
  ],
  [
    "ifindex,InterfaceIndex,ip,mac\n3,4,192.0.2.1,@mac",
    "1: skipped heading",
    "2: 192.0.2.1 @mac on index 3 configured",
  ],
  [
    "ip,name\n1,2",
    "1: refused It is no header of CSV: it takes a column such as ip or address, and one such as mac or lladdr, separated by commas, semicolons, tabs",
  ],
  [
    "mac,name\n1,2",
    "1: refused It is no header of CSV: it takes a column such as ip or address, and one such as mac or lladdr, separated by commas, semicolons, tabs",
  ],
  [
    " , \n" +
    "ip,mac\n" +
    " , \n" +
    " 192.0.2.1 , @mac ",
    "2: skipped heading",
    "4: 192.0.2.1 @mac on nothing configured",
  ],
  [
    `ip,mac\n"192.0.2.1,@mac`,
    "1: skipped heading",
    "2: refused A quote has no end",
  ],
  [
    `ip,mac\n192.0.2.1,a"b`,
    "1: skipped heading",
    "2: refused A quote stands in a cell that has none around it",
  ],
  [
    "ip,mac\n" +
    `"192.0.2.1"x,@mac\n` +
    "192.0.2.2,@mac",
    "1: skipped heading",
    "2: refused There is text behind the quote at the end of a cell",
    "3: 192.0.2.2 @mac on nothing configured",
  ],
  [
    "ip,mac,note\n" +
    `192.0.2.1,@mac,"a\n` +
    `b"\n` +
    "192.0.2.2,@mac,x",
    "1: skipped heading",
    "2: 192.0.2.1 @mac on nothing configured # a\nb",
    "4: 192.0.2.2 @mac on nothing configured # x",
  ],
  [
    "# c\n" +
    "ip,mac\n" +
    "# d\n" +
    "\n" +
    "192.0.2.1,@mac",
    "2: skipped heading",
    "5: 192.0.2.1 @mac on nothing configured",
  ],
  [""],
]);
