/**
 * The memory layout of the structures of the IP Helper API. It is the same on
 * x64, x86 and arm64: the C compiler checks tests/helpers/windows/layout.h
 * against the declarations of Microsoft's names. Numbers are little-endian, IP
 * addresses and ports in network order.
 *
 * @module
 */

// ws2def.h: ADDRESS_FAMILY (Linux gives AF_INET6 another number)
export const AF_INET = 2;
export const AF_INET6 = 23;

// ws2ipdef.h: SOCKADDR_INET, a union of SOCKADDR_IN and SOCKADDR_IN6
export const SIZEOF_SOCKADDR_INET = 28;
export const SOCKADDR_INET_si_family = 0; // ADDRESS_FAMILY
export const SOCKADDR_IN_sin_addr = 4; // IN_ADDR
export const SOCKADDR_IN6_sin6_addr = 8; // IN6_ADDR

// netioapi.h: MIB_IPNET_ROW2
export const SIZEOF_MIB_IPNET_ROW2 = 88;
export const MIB_IPNET_ROW2_Address = 0; // SOCKADDR_INET
export const MIB_IPNET_ROW2_InterfaceIndex = 28; // NET_IFINDEX
export const MIB_IPNET_ROW2_InterfaceLuid = 32; // NET_LUID
export const MIB_IPNET_ROW2_PhysicalAddress = 40; // UCHAR[32]
export const MIB_IPNET_ROW2_PhysicalAddressLength = 72; // ULONG
export const MIB_IPNET_ROW2_State = 76; // NL_NEIGHBOR_STATE
export const MIB_IPNET_ROW2_Flags = 80; // UCHAR, three bytes of padding follow
export const MIB_IPNET_ROW2_ReachabilityTime = 84; // ULONG, milliseconds

export const IF_MAX_PHYS_ADDRESS_LENGTH = 32;
export const FLAG_IsRouter = 0x01;
export const FLAG_IsUnreachable = 0x02;

// netioapi.h: MIB_IPNET_TABLE2, MIB_IF_TABLE2 and MIB_IPFORWARD_TABLE2. The rows
// are aligned to 8.
export const MIB_TABLE_NumEntries = 0; // ULONG
export const MIB_TABLE_Table = 8;

// netioapi.h: MIB_IF_ROW2
export const SIZEOF_MIB_IF_ROW2 = 1352;
export const MIB_IF_ROW2_InterfaceLuid = 0; // NET_LUID
export const MIB_IF_ROW2_InterfaceIndex = 8; // NET_IFINDEX
export const MIB_IF_ROW2_Alias = 28; // WCHAR[257]
export const MIB_IF_ROW2_PhysicalAddressLength = 1056; // ULONG
export const MIB_IF_ROW2_PhysicalAddress = 1060; // UCHAR[32]
export const MIB_IF_ROW2_Type = 1128; // IFTYPE
export const MIB_IF_ROW2_InterfaceAndOperStatusFlags = 1152; // bit field, BOOLEAN
export const MIB_IF_ROW2_OperStatus = 1156; // IF_OPER_STATUS

// netioapi.h: MIB_IPFORWARD_ROW2, and its IP_ADDRESS_PREFIX
export const SIZEOF_MIB_IPFORWARD_ROW2 = 104;
export const MIB_IPFORWARD_ROW2_InterfaceLuid = 0; // NET_LUID
export const MIB_IPFORWARD_ROW2_InterfaceIndex = 8; // NET_IFINDEX
export const MIB_IPFORWARD_ROW2_DestinationPrefix = 12; // IP_ADDRESS_PREFIX
export const MIB_IPFORWARD_ROW2_NextHop = 44; // SOCKADDR_INET
export const IP_ADDRESS_PREFIX_PrefixLength = 28; // UINT8

/** `IF_MAX_STRING_SIZE` and the NUL. */
export const IF_ALIAS_LENGTH = 257;
export const FLAG_FilterInterface = 0x02;
export const IfOperStatusUp = 1;
