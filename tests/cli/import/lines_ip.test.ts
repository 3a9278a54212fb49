import { testFormat } from "../../helpers/import_items.ts";

testFormat("ip", [
  [
    "192.0.2.1 va @mac\nhost va @mac\n192.0.2.2 va x @mac\n192.0.2.3 va\n192.0.2.4 @mac",
    "1: 192.0.2.1 @mac on va unknown",
    "2: refused It is no row of ip -br neigh",
    "3: refused It is no row of ip -br neigh",
    "4: skipped incomplete 192.0.2.3",
    "5: 192.0.2.4 @mac on nothing unknown",
  ],
  [
    "0:9::10 va 90:99:00:00:00:09",
    "1: 0:9::10 90:99:00:00:00:09 on va unknown",
  ],
  [
    "\x1b[0;10;9m192.0.2.1 \x1b[90mva \x1b[9;0m@mac\x1b[0m",
    "1: 192.0.2.1 @mac on va unknown",
  ],
  [
    "\x1b[35m192.0.2.1 \x1b[0mdev \x1b[36mva \x1b[0mlladdr \x1b[33m@mac \x1b[0mSTALE",
    "1: 192.0.2.1 @mac on va learnt",
  ],
  // A name, not a colour: without it another interface would be meant
  ...[
    "192.0.2.1 dev \x1b[0mva lladdr @mac STALE",
    "\x1b[35m192.0.2.1 \x1b[0mdev \x1b[2Jva lladdr @mac STALE",
    "\x1b[35m192.0.2.1 \x1b[0mdev v\x1b[31ma lladdr @mac STALE",
    "192.0.2.1 dev \x1b]0;x\x07va lladdr @mac STALE",
    "192.0.2.1 \x1b[2Jva @mac",
    // It took minutes to look for the end of the line from each sequence
    `\x1b[35m192.0.2.1 \x1b[0mdev v${"\x1b[m".repeat(300_000)}a`,
  ].map((line): [string, string] => [
    line,
    "1: refused It has an escape sequence that is no colour of ip -c",
  ]),
  [
    "192.0.2.1 dev eth0 lladdr @mac PERMANENT",
    "1: 192.0.2.1 @mac on eth0 configured",
  ],
  [
    "192.0.2.1 dev eth0 lladdr @mac REACHABLE",
    "1: 192.0.2.1 @mac on eth0 learnt",
  ],
  [
    "192.0.2.1 dev eth0 lladdr @mac ref 1 used 0/0/0probes 4 STALE",
    "1: 192.0.2.1 @mac on eth0 learnt",
  ],
  [
    "192.0.2.1 dev eth0 lladdr @mac used 1/2/3 probes 4 DELAY",
    "1: 192.0.2.1 @mac on eth0 learnt",
  ],
  ["192.0.2.1 dev eth0 FAILED", "1: skipped incomplete 192.0.2.1"],
  ["192.0.2.1 dev eth0 INCOMPLETE", "1: skipped incomplete 192.0.2.1"],
  ["192.0.2.1 dev eth0 proxy", "1: skipped proxy 192.0.2.1"],
  [
    "fe80::1 dev eth0 lladdr @mac router STALE proto static",
    "1: fe80::1 @mac on eth0 learnt 4",
  ],
  [
    "192.0.2.1 lladdr @mac extern_learn offload managed NOARP",
    "1: 192.0.2.1 @mac on nothing configured",
  ],
  ["192.0.2.1 dev eth0 lladdr @mac", "1: refused The row has no state"],
  [
    "192.0.2.1 dev eth0 lladdr @mac permanent",
    '1: refused "permanent" is no word of ip neigh',
  ],
  [
    "192.0.2.1 dev eth0 dev eth1 STALE",
    '1: refused "dev" has no value, or stands twice',
  ],
  ["192.0.2.1 dev", '1: refused "dev" has no value, or stands twice'],
  ["192.0.2.1 dev eth0 x STALE", '1: refused "x" is no word of ip neigh'],
  ["host dev eth0 STALE", '1: refused "host" is no address'],
  [
    "192.0.2.300 dev eth0 lladdr @mac STALE",
    '1: refused Cannot parse IP address "192.0.2.300": an octet is over 255',
  ],
]);

testFormat("ip-json", [
  ["[]"],
  [""],
  [
    '{"dst":"192.0.2.1","dev":"eth0","lladdr":"@mac","state":["PERMANENT"]}',
    "1: 192.0.2.1 @mac on eth0 configured",
  ],
  [
    `[{"dst":"192.0.2.1","dev":"eth0","lladdr":"@mac","state":["STALE"],"protocol":"static"},\n{"dst":"192.0.2.2","state":["FAILED"]}]`,
    "1: 192.0.2.1 @mac on eth0 learnt 4",
    "2: skipped incomplete 192.0.2.2",
  ],
  ['[{"dst":1}]', '1: refused The row has no "dst"'],
  [
    '[{"dst":"192.0.2.1","lladdr":1}]',
    '1: refused The member "lladdr" takes text',
  ],
  ['[{"dst":"192.0.2.1","dev":1}]', '1: refused The member "dev" takes text'],
  [
    '[{"dst":"192.0.2.1","protocol":1}]',
    '1: refused The member "protocol" takes text',
  ],
  [
    '[{"dst":"192.0.2.1","dev":"eth0","proxy":null}]',
    "1: skipped proxy 192.0.2.1",
  ],
  [
    '[{"dst":"192.0.2.1","state":"STALE"}]',
    '1: refused The member "state" is none that ip neigh prints',
  ],
  [
    '[{"dst":"192.0.2.1","state":["stale"]}]',
    '1: refused The member "state" is none that ip neigh prints',
  ],
  [
    '[{"dst":"192.0.2.1","state":[1]}]',
    '1: refused The member "state" is none that ip neigh prints',
  ],
  [
    '[{"dst":"192.0.2.1"}]',
    "1: skipped incomplete 192.0.2.1",
  ],
  ["[1]", "1: refused A row is an object, not a number"],
  [
    "[\n 1",
    "2: refused A row is an object, not a number",
    '2: refused This is no JSON: the closing "]" is missing',
  ],
  [
    "{} x",
    '1: refused The row has no "dst"',
    "1: refused This is no JSON: there is more behind its end",
  ],
]);

testFormat("ip-batch", [
  [
    "neigh add 192.0.2.1 lladdr @mac dev eth0",
    "1: 192.0.2.1 @mac on eth0 configured",
  ],
  [
    "neigh add 192.0.2.1 lladdr @mac dev eth0#printer",
    "1: 192.0.2.1 @mac on eth0 configured # printer",
  ],
  [
    "neigh add 192.0.2.1 lladdr @mac dev eth0 # a # b",
    "1: 192.0.2.1 @mac on eth0 configured # a # b",
  ],
  [
    'ip -4 neigh replace to 192.0.2.1 lladdr @mac dev "eth 0" nud permanent protocol static',
    "1: 192.0.2.1 @mac on eth 0 configured 4",
  ],
  [
    "/usr/sbin/ip -force n r 192.0.2.1 lladdr @mac dev 'eth0' nud stale",
    "1: 192.0.2.1 @mac on eth0 learnt",
  ],
  [
    "neigh change 192.0.2.1 lladdr @mac dev eth0 state reachable router extern_learn managed use",
    "1: 192.0.2.1 @mac on eth0 learnt",
  ],
  ["neigh add proxy 192.0.2.1 dev eth0", "1: skipped proxy 192.0.2.1"],
  ["neigh add 192.0.2.1 dev eth0", "1: skipped incomplete 192.0.2.1"],
  [
    "neigh add 192.0.2.1 nud failed dev eth0",
    "1: skipped incomplete 192.0.2.1",
  ],
  ["neigh add 192.0.2.1 x", '1: refused "x" is no word of ip neigh'],
  ["neigh add lladdr @mac", "1: refused The command has no address"],
  ["neigh add 192.0.2.1 dev", '1: refused "dev" has no value'],
  ["neigh add 192.0.2.1 nud x", '1: refused "x" is no state of ip neigh'],
  [
    "neigh add 192.0.2.1 nud PERMANENT",
    '1: refused "PERMANENT" is no state of ip neigh',
  ],
  ["neigh add 192.0.2.1 dev a dev b", '1: refused "dev" stands twice'],
  ["neigh add to 192.0.2.1 to 192.0.2.2", '1: refused "to" stands twice'],
  [
    "neigh del 192.0.2.1 dev eth0",
    '1: skipped otherCommand "neigh del 192.0.2.1 dev eth0"',
  ],
  ["neigh show", '1: skipped otherCommand "neigh show"'],
  ["neigh x", '1: refused "x" is no command of ip neigh'],
  ["link set eth0 up", '1: skipped otherCommand "link set eth0 up"'],
  ["addr add 1", '1: skipped otherCommand "addr add 1"'],
  ["x", '1: refused "x" is no object of ip'],
  ["ip", '1: refused "" is no object of ip'],
  [
    "-f inet neigh flush dev eth0",
    '1: skipped otherCommand "-f inet neigh flush dev eth0"',
  ],
  [
    "ip -family inet neigh add 192.0.2.1 lladdr @mac",
    "1: 192.0.2.1 @mac on nothing configured",
  ],
  [
    `"neigh" add 192.0.2.1 lladdr @mac dev "a'b"`,
    "1: 192.0.2.1 @mac on a'b configured",
  ],
]);

testFormat("networkd", [
  [
    "[Neighbor]\nAddress=192.0.2.1\nLinkLayerAddress=@mac\nx\ry",
    "4: refused A carriage return stands inside the line: lines end with LF or CR LF",
    "1: 192.0.2.1 @mac on nothing configured",
  ],
  [
    "[Match]\n" +
    "Name=eth0\n" +
    "\n" +
    "[Neighbor]\n" +
    "Address=192.0.2.1\n" +
    "LinkLayerAddress=@mac\n" +
    "[Neighbor]\n" +
    "Address = 192.0.2.2\n" +
    "MACAddress = @mac\n" +
    "[Neighbor]\n" +
    "Address=192.0.2.3\n" +
    "[Neighbor]\n" +
    "LinkLayerAddress=@mac\n" +
    "[Network]\n" +
    "DHCP=yes\n" +
    "; c\n" +
    "# d\n" +
    "x\n" +
    "=y\n" +
    "a b=c",
    '18: refused "x" is no setting of a section',
    '19: refused "=y" is no setting of a section',
    '20: refused "a b=c" is no setting of a section',
    "1: skipped heading",
    "4: 192.0.2.1 @mac on eth0 configured",
    "7: 192.0.2.2 @mac on eth0 configured",
    "10: refused [Neighbor] takes Address= and LinkLayerAddress=",
    "12: refused [Neighbor] takes Address= and LinkLayerAddress=",
    '14: skipped otherSection "[Network]"',
  ],
  [
    "[Match]\n" +
    "Name=eth*\n" +
    "[Neighbor]\n" +
    "Address=192.0.2.1\n" +
    "LinkLayerAddress=@mac",
    "1: skipped heading",
    "3: 192.0.2.1 @mac on nothing configured",
  ],
  [
    "[Match]\n" +
    "Name=eth0 eth1\n" +
    "[Match]\n" +
    "Name=eth2\n" +
    "[Neighbor]\n" +
    "Address=192.0.2.1\n" +
    "LinkLayerAddress=@mac\n" +
    "LinkLayerAddress=02:fc:00:00:00:06",
    "1: skipped heading",
    "3: skipped heading",
    "5: 192.0.2.1 02:fc:00:00:00:06 on eth2 configured",
  ],
  [
    "Address=192.0.2.1",
    '1: refused "Address=192.0.2.1" is no setting of a section',
  ],
  [
    "[Neighbor]\n" +
    "Address=fe80::1%eth1\n" +
    "LinkLayerAddress=@mac",
    "1: fe80::1 @mac on eth1 configured",
  ],
  [
    "[Neighbor]\n" +
    "Address=192.0.2.1\n" +
    "LinkLayerAddress=10.0.0.1",
    "1: 192.0.2.1 0a:00:00:01 on nothing configured",
  ],
  [
    "[Neighbor]\n" +
    "Address=192.0.2.1\n" +
    "LinkLayerAddress=10.0.0",
    '1: refused Cannot parse link-layer address "10.0.0": group 1 is "10", not four hexadecimal digits',
  ],
  ["[Neighbor x] y", '1: refused "[Neighbor x] y" is no setting of a section'],
  [
    "[Neighbor]\n" +
    "Address=192.0.2.1\n" +
    "LinkLayerAddress=fe80::1%3",
    '1: refused Cannot parse link-layer address "fe80::1%3": octet 1 is "fe80", not one or two hexadecimal digits',
  ],
]);
