/*
 * Rows as a native caller would make them, for the codec's tests: designated
 * initialisers over mingw-w64's own struct names, which are Microsoft's. C
 * zeroes what an initialiser does not name. tests/helpers/golden/compile.ts takes the
 * bytes of the sections out of the object file, each ROW in its order.
 */
#define _WIN32_WINNT 0x0A00
#include <winsock2.h>
#include <ws2ipdef.h>
#include <iphlpapi.h>
#include <netioapi.h>

#define SECTION(name) __attribute__((section(name), used))
#define ROW(name, ...) {__VA_ARGS__},
#define IPV4(a, b, c, d)                                                      \
  .Address.Ipv4 = {.sin_family = AF_INET,                                     \
                   .sin_addr.S_un.S_un_b = {a, b, c, d}}
#define IPV6(...)                                                             \
  .Address.Ipv6 = {.sin6_family = AF_INET6,                                   \
                   .sin6_addr.u.Byte = {__VA_ARGS__}}
#define PHYSICAL(length, ...)                                                 \
  .PhysicalAddress = {__VA_ARGS__}, .PhysicalAddressLength = length

const MIB_IPNET_ROW2 neighbors[] SECTION("neighbor") = {
  /* What Get, List and the table answer */
  ROW(IPV4_PERMANENT, IPV4(192, 0, 2, 7), .InterfaceIndex = 12,
      .InterfaceLuid.Info = {.NetLuidIndex = 0x8000, .IfType = 6},
      PHYSICAL(6, 0x02, 0xfc, 0x00, 0x00, 0x00, 0x05), .State = NlnsPermanent)
  ROW(IPV4_UNREACHABLE, IPV4(192, 0, 2, 8), .InterfaceIndex = 0xfffffffe,
      .InterfaceLuid.Value = 0xfedcba9876543210, .State = NlnsUnreachable,
      .IsUnreachable = 1, .ReachabilityTime.LastUnreachable = 0xfffffffd)
  ROW(IPV4_INCOMPLETE, IPV4(10, 1, 2, 3), .InterfaceIndex = 1,
      .InterfaceLuid.Value = 1, .State = NlnsIncomplete)
  ROW(IPV4_PROBE, IPV4(203, 0, 113, 254), .InterfaceIndex = 0x01020304,
      .InterfaceLuid.Value = 0x0102030405060708,
      PHYSICAL(8, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87),
      .State = NlnsProbe, .ReachabilityTime.LastReachable = 0x01020304)
  ROW(IPV4_MULTICAST, IPV4(239, 1, 2, 3), .InterfaceIndex = 12,
      .InterfaceLuid.Value = 0x0006008000000000,
      PHYSICAL(6, 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03), .State = NlnsPermanent)
  ROW(IPV6_DELAY,
      IPV6(0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x07),
      .InterfaceIndex = 12, .InterfaceLuid.Value = 0x0006008000000000,
      PHYSICAL(20, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09,
               0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x12, 0x13),
      .State = NlnsDelay)
  ROW(IPV6_LINK_LOCAL_STALE,
      IPV6(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0xfc, 0, 0xff, 0xfe, 0, 0, 0x05),
      .InterfaceIndex = 12, .InterfaceLuid.Value = 0x0006008000000000,
      PHYSICAL(6, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa), .State = NlnsStale,
      .IsRouter = 1, .ReachabilityTime.LastReachable = 60000)
  ROW(IPV6_REACHABLE,
      IPV6(0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
      .InterfaceIndex = 7, .InterfaceLuid.Value = 0x0047000001000000,
      PHYSICAL(32, 0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9,
               0xea, 0xeb, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf2, 0xf3,
               0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd,
               0xfe, 0xff),
      .State = NlnsReachable, .IsRouter = 1, .IsUnreachable = 1)
  ROW(IPV6_MULTICAST,
      IPV6(0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01, 0x23),
      .InterfaceIndex = 12, .InterfaceLuid.Value = 0x0006008000000000,
      PHYSICAL(6, 0x33, 0x33, 0x00, 0x00, 0x01, 0x23), .State = NlnsPermanent)

  /* What Set, Create, Delete and Get are asked */
  ROW(ASK_IPV4_BY_LUID, IPV4(192, 0, 2, 7),
      .InterfaceLuid.Value = 0x0006008000000000,
      PHYSICAL(6, 0x02, 0xfc, 0x00, 0x00, 0x00, 0x05))
  ROW(ASK_IPV4_BY_INDEX, IPV4(198, 51, 100, 255), .InterfaceIndex = 0xfffffffe,
      PHYSICAL(1, 0xaa))
  ROW(ASK_IPV6_BY_LUID,
      IPV6(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0xfc, 0, 0xff, 0xfe, 0, 0, 0x05),
      .InterfaceLuid.Value = 0xfedcba9876543210,
      PHYSICAL(32, 0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9,
               0xea, 0xeb, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf2, 0xf3,
               0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd,
               0xfe, 0xff))
  ROW(ASK_IPV6_KEY,
      IPV6(0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
      .InterfaceIndex = 0x01020304, .InterfaceLuid.Value = 0x0102030405060708)
};

#define TEN L"abcdefghij"
#define FIFTY TEN TEN TEN TEN TEN

const MIB_IF_ROW2 interfaces[] SECTION("iface") = {
  ROW(ETHERNET, .InterfaceLuid.Value = 0x0006008000000000,
      .InterfaceIndex = 12, .Alias = L"Ethernet",
      .Description = L"A network card",
      PHYSICAL(6, 0x02, 0xfc, 0x00, 0x00, 0x00, 0x09),
      .PermanentPhysicalAddress = {0x02, 0xfc, 0xff, 0xff, 0xff, 0xff},
      .Mtu = 1500, .Type = IF_TYPE_ETHERNET_CSMACD,
      .InterfaceAndOperStatusFlags = {.HardwareInterface = 1,
                                      .ConnectorPresent = 1},
      .OperStatus = IfOperStatusUp, .AdminStatus = NET_IF_ADMIN_STATUS_UP,
      .MediaConnectState = MediaConnectStateConnected)
  ROW(CHINESE, .InterfaceLuid.Value = 0xfedcba9876543210,
      .InterfaceIndex = 0xfffffffe, .Alias = L"\u4ee5\u592a\u7f51",
      PHYSICAL(8, 0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7),
      .Type = IF_TYPE_IEEE80211, .OperStatus = IfOperStatusDown)
  ROW(LOOPBACK, .InterfaceLuid.Value = 0x0018000000000000,
      .InterfaceIndex = 1, .Alias = L"Loopback Pseudo-Interface 1",
      .Type = IF_TYPE_SOFTWARE_LOOPBACK, .OperStatus = IfOperStatusUp)
  ROW(FILTER, .InterfaceLuid.Value = 0x0006000003000000, .InterfaceIndex = 13,
      .Alias = L"Ethernet-WFP Native MAC Layer LightWeight Filter-0000",
      PHYSICAL(6, 0x02, 0xfc, 0x00, 0x00, 0x00, 0x09),
      .Type = IF_TYPE_ETHERNET_CSMACD,
      .InterfaceAndOperStatusFlags = {.FilterInterface = 1},
      .OperStatus = IfOperStatusUp)
  ROW(LONGEST_ALIAS, .InterfaceLuid.Value = 2, .InterfaceIndex = 2,
      .Alias = FIFTY FIFTY FIFTY FIFTY FIFTY L"uvwxyz",
      PHYSICAL(32, 0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9,
               0xea, 0xeb, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf2, 0xf3,
               0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd,
               0xfe, 0xff),
      .Type = IF_TYPE_TUNNEL, .OperStatus = IfOperStatusDormant)
  ROW(NO_NUL, .InterfaceLuid.Value = 3, .InterfaceIndex = 3,
      .Alias = FIFTY FIFTY FIFTY FIFTY FIFTY L"tuvwxyz",
      .Description = L"behind it", .Type = IF_TYPE_PPP,
      .OperStatus = IfOperStatusNotPresent)
};

#define HOST4(a, b, c, d)                                                     \
  {.Ipv4 = {.sin_family = AF_INET,                                            \
            .sin_addr.S_un.S_un_b = {a, b, c, d}}}
#define HOST6(...)                                                            \
  {.Ipv6 = {.sin6_family = AF_INET6, .sin6_addr.u.Byte = {__VA_ARGS__},       \
            .sin6_scope_id = 12}}

const MIB_IPFORWARD_ROW2 routes[] SECTION("route") = {
  ROW(DEFAULT_IPV4, .InterfaceLuid.Value = 0x0006008000000000,
      .InterfaceIndex = 12,
      .DestinationPrefix = {.Prefix = HOST4(0, 0, 0, 0), .PrefixLength = 0},
      .NextHop = HOST4(192, 0, 2, 1), .Metric = 25,
      .ValidLifetime = 0xffffffff, .PreferredLifetime = 0xffffffff,
      .Immortal = 1, .Publish = 1, .Age = 7)
  ROW(DEFAULT_IPV6, .InterfaceLuid.Value = 0xfedcba9876543210,
      .InterfaceIndex = 0xfffffffe,
      .DestinationPrefix = {.Prefix = HOST6(0), .PrefixLength = 0},
      .NextHop = HOST6(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
      .SitePrefixLength = 64, .Metric = 256)
  ROW(ON_LINK, .InterfaceLuid.Value = 3, .InterfaceIndex = 3,
      .DestinationPrefix = {.Prefix = HOST4(0, 0, 0, 0), .PrefixLength = 0},
      .NextHop = HOST4(0, 0, 0, 0))
  ROW(NO_NEXT_HOP, .InterfaceLuid.Value = 3, .InterfaceIndex = 3,
      .DestinationPrefix = {.Prefix = HOST4(0, 0, 0, 0), .PrefixLength = 0})
  ROW(SUBNET, .InterfaceLuid.Value = 0x0006008000000000, .InterfaceIndex = 12,
      .DestinationPrefix = {.Prefix = HOST4(192, 0, 2, 0), .PrefixLength = 24},
      .NextHop = HOST4(0, 0, 0, 0))
  ROW(OTHER_FAMILY, .InterfaceLuid.Value = 3, .InterfaceIndex = 3,
      .NextHop = HOST4(192, 0, 2, 1))
};
