import { testFormat } from "../../helpers/import_items.ts";

testFormat("netsh", [
  [
    "Interface 12: a\nInternet Address\nx y",
    "1: skipped heading",
    "2: skipped heading",
    '3: refused "x" is no address',
  ],
  [
    "Interface 12: Ethernet\n" +
    "\n" +
    "Internet Address                              Physical Address   Type\n" +
    "--------------------------------------------  -----------------  -----------\n" +
    "192.0.2.1                                     @dash  Permanent\n" +
    "192.0.2.2                                     @dash  Reachable\n" +
    "192.0.2.3                                     Unreachable  Unreachable\n" +
    "192.0.2.4                                     @dash  Stale (Router)\n" +
    "192.0.2.5                                     @dash  Dauerhaft\n" +
    "192.0.2.6                                                        Unreachable\n" +
    "192.0.2.7  @dash  Permanent  x\n" +
    "192.0.2.8\n" +
    "x y",
    "1: skipped heading",
    "3: skipped heading",
    "4: skipped heading",
    "5: 192.0.2.1 @mac on Ethernet/index 12 configured",
    "6: 192.0.2.2 @mac on Ethernet/index 12 learnt",
    "7: skipped incomplete 192.0.2.3",
    "8: 192.0.2.4 @mac on Ethernet/index 12 learnt",
    "9: 192.0.2.5 @mac on Ethernet/index 12 unknown",
    "10: skipped incomplete 192.0.2.6",
    "11: refused It is no row of netsh show neighbors",
    "12: refused It is no row of netsh show neighbors",
    '13: refused "x" is no address',
  ],
  ["192.0.2.1  @dash  Permanent", "1: 192.0.2.1 @mac on nothing configured"],
  ["192.0.2.1  host", "1: refused It is no row of netsh show neighbors"],
  ["Interface 0: x", '1: refused "Interface" is no address'],
  ["Interface 10000000000: x", '1: refused "Interface" is no address'],
  [
    "Interface 9: x\n" +
    "\n" +
    "192.0.2.1  @dash  Permanent",
    "1: skipped heading",
    "3: 192.0.2.1 @mac on x/index 9 configured",
  ],
  ["Interface 1000000000: x", "1: skipped heading"],
  [
    "Schnittstelle 7 : a b\n192.0.2.1  @dash  Permanent",
    "1: skipped heading",
    "2: 192.0.2.1 @mac on a b/index 7 configured",
  ],
  [
    'netsh interface ipv4 add neighbors "Ethernet 2" 192.0.2.1 @dash',
    "1: 192.0.2.1 @mac on Ethernet 2 configured",
  ],
  [
    "@netsh.exe int ip add neighbors 12 192.0.2.1 @dash store=active",
    "1: 192.0.2.1 @mac on index 12 configured",
  ],
  [
    'interface ipv6 add neigh interface="a" address=2001:db8::1 neighbor=@dash',
    "1: 2001:db8::1 @mac on a configured",
  ],
  [
    "add neighbors 12 192.0.2.1 @dash active",
    "1: 192.0.2.1 @mac on index 12 configured",
  ],
  [
    "add neighbors 9 192.0.2.1 @dash",
    "1: 192.0.2.1 @mac on index 9 configured",
  ],
  [
    "add neighbors 1000000000 192.0.2.1 @dash",
    "1: 192.0.2.1 @mac on index 1000000000 configured",
  ],
  [
    "add neighbors 10000000000 192.0.2.1 @dash",
    "1: 192.0.2.1 @mac on 10000000000 configured",
  ],
  ["add neighbors 12a 192.0.2.1 @dash", "1: 192.0.2.1 @mac on 12a configured"],
  [
    "add neighbors 12 192.0.2.1 @dash active x",
    '1: refused "x" is no parameter of add neighbors',
  ],
  [
    "add neighbors 12 192.0.2.1",
    "1: refused add neighbors takes an interface, an address and a link-layer address",
  ],
  [
    "add neighbors 12 192.0.2.1 address=192.0.2.2",
    '1: refused "address=192.0.2.2" is no parameter of add neighbors',
  ],
  ["add neighbors a=b", '1: refused "a=b" is no parameter of add neighbors'],
  ["delete neighbors 12", '1: skipped otherCommand "delete neighbors 12"'],
  ["netsh interface ipv4", '1: skipped otherCommand "netsh interface ipv4"'],
  ["set address 12", '1: skipped otherCommand "set address 12"'],
  ["rem x", '1: skipped otherCommand "rem x"'],
  ["chcp 65001", '1: skipped otherCommand "chcp 65001"'],
  ["interface x", '1: refused "interface" is no address'],
]);

testFormat("powershell", [
  [
    '[{"IPAddress":"192.0.2.1","LinkLayerAddress":"@dash","State":6,"ifIndex":12,"InterfaceAlias":"a"}]',
    "1: 192.0.2.1 @mac on a/index 12 configured",
  ],
  [
    '{"IPAddress":"192.0.2.1","LinkLayerAddress":"@dash","State":0}',
    "1: skipped incomplete 192.0.2.1",
  ],
  [
    '{"IPAddress":"192.0.2.1","LinkLayerAddress":"@dash","State":1}',
    "1: skipped incomplete 192.0.2.1",
  ],
  [
    '{"IPAddress":"192.0.2.1","LinkLayerAddress":"@dash","State":2}',
    "1: 192.0.2.1 @mac on nothing learnt",
  ],
  [
    '{"IPAddress":"192.0.2.1","LinkLayerAddress":"@dash","State":3}',
    "1: 192.0.2.1 @mac on nothing learnt",
  ],
  [
    '{"IPAddress":"192.0.2.1","LinkLayerAddress":"@dash","State":4}',
    "1: 192.0.2.1 @mac on nothing learnt",
  ],
  [
    '{"IPAddress":"192.0.2.1","LinkLayerAddress":"@dash","State":5}',
    "1: 192.0.2.1 @mac on nothing learnt",
  ],
  [
    '{"IPAddress":"192.0.2.1","LinkLayerAddress":"@dash","State":6}',
    "1: 192.0.2.1 @mac on nothing configured",
  ],
  [
    '{"IPAddress":"192.0.2.1","LinkLayerAddress":"@dash","State":7}',
    '1: refused The member "State" is none of Get-NetNeighbor',
  ],
  [
    '{"IPAddress":"192.0.2.1","LinkLayerAddress":"@dash","State":"Permanent","InterfaceIndex":3}',
    "1: 192.0.2.1 @mac on index 3 configured",
  ],
  [
    '{"IPAddress":"192.0.2.1","LinkLayerAddress":"@dash","InterfaceAlias":""}',
    "1: 192.0.2.1 @mac on nothing unknown",
  ],
  [
    '{"IPAddress":"192.0.2.1","LinkLayerAddress":"","State":"Unreachable"}',
    "1: skipped incomplete 192.0.2.1",
  ],
  [
    '{"IPAddress":"192.0.2.1","LinkLayerAddress":null,"State":"Stale","ifIndex":null}',
    "1: skipped incomplete 192.0.2.1",
  ],
  ['{"IPAddress":1}', '1: refused The row has no "IPAddress"'],
  [
    '{"IPAddress":"192.0.2.1","LinkLayerAddress":1}',
    '1: refused The member "LinkLayerAddress" takes text',
  ],
  [
    '{"IPAddress":"192.0.2.1","ifIndex":0}',
    '1: refused The member "ifIndex" takes a whole number',
  ],
  [
    '{"IPAddress":"192.0.2.1","ifIndex":1.5}',
    '1: refused The member "ifIndex" takes a whole number',
  ],
  [
    '{"IPAddress":"192.0.2.1","ifIndex":1,"State":6,"LinkLayerAddress":"@dash"}',
    "1: 192.0.2.1 @mac on index 1 configured",
  ],
  [
    '{"IPAddress":"192.0.2.1","State":"x"}',
    '1: refused The member "State" is none of Get-NetNeighbor',
  ],
  [
    '{"IPAddress":"192.0.2.1","State":true}',
    '1: refused The member "State" is none of Get-NetNeighbor',
  ],
  [""],
  [
    "New-NetNeighbor -InterfaceAlias 'a b' -IPAddress 192.0.2.1 -LinkLayerAddress @dash -State Permanent",
    "1: 192.0.2.1 @mac on a b configured",
  ],
  [
    "set-netneighbor -InterfaceIndex:12 -IPAddress \"192.0.2.1\" -LinkLayerAddress '@dash' -Confirm:$false",
    "1: 192.0.2.1 @mac on index 12 configured",
  ],
  [
    "New-NetNeighbor -IPAddress 192.0.2.1 -LinkLayerAddress @dash -InterfaceAlias ('it' + [char]0x2019 + 's')",
    "1: 192.0.2.1 @mac on it’s configured",
  ],
  [
    "New-NetNeighbor -IPAddress 192.0.2.1 -LinkLayerAddress @dash -InterfaceAlias 'it''s'",
    "1: 192.0.2.1 @mac on it's configured",
  ],
  [
    "try { New-NetNeighbor -IPAddress 192.0.2.1 -LinkLayerAddress @dash } catch {}",
    "1: 192.0.2.1 @mac on nothing configured",
  ],
  [
    "New-NetNeighbor -IPAddress 192.0.2.1",
    "1: refused New-NetNeighbor takes -IPAddress and -LinkLayerAddress here",
  ],
  [
    "New-NetNeighbor -LinkLayerAddress @dash",
    "1: refused New-NetNeighbor takes -IPAddress and -LinkLayerAddress here",
  ],
  [
    "New-NetNeighbor -IPAddress 192.0.2.1 -LinkLayerAddress @dash -InterfaceIndex x",
    '1: refused "x" is no index of an interface',
  ],
  [
    "New-NetNeighbor -IPAddress 192.0.2.1 -LinkLayerAddress @dash -InterfaceIndex 12345678901",
    '1: refused "12345678901" is no index of an interface',
  ],
  [
    "New-NetNeighbor -IPAddress $x",
    '1: refused "-IPAddress $x" is no parameter of New-NetNeighbor',
  ],
  [
    "New-NetNeighbor -IPAddress 192.0.2.1 -LinkLayerAddress @dash -InterfaceIndex 9",
    "1: 192.0.2.1 @mac on index 9 configured",
  ],
  [
    "New-NetNeighbor -IPAddress 192.0.2.1 -LinkLayerAddress @dash -InterfaceIndex 1000000000",
    "1: 192.0.2.1 @mac on index 1000000000 configured",
  ],
  [
    'New-NetNeighbor -IPAddress 192.0.2.1 -LinkLayerAddress @dash -InterfaceAlias ([char]0x0041 + [char]0x9 + "b")',
    "1: 192.0.2.1 @mac on A\tb configured",
  ],
  [
    "New-NetNeighbor 192.0.2.1",
    '1: refused "192.0.2.1" is no parameter of New-NetNeighbor',
  ],
  [
    'New-NetNeighbor -IPAddress "a$b"',
    '1: refused "-IPAddress "a$b"" is no parameter of New-NetNeighbor',
  ],
  [
    "New-NetNeighbor -IPAddress ('a' 'b')",
    `1: refused "-IPAddress ('a' 'b')" is no parameter of New-NetNeighbor`,
  ],
  ["Get-NetNeighbor", '1: skipped otherCommand "Get-NetNeighbor"'],
  ["$x = 1", '1: skipped otherCommand "$x = 1"'],
  ["} catch", '1: skipped otherCommand "} catch"'],
  ["hello", '1: refused "hello" is no command of PowerShell'],
]);
