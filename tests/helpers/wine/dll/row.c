/* Between MIB_IPNET_ROW2 and the entries of the backends, and the way to Wine's own iphlpapi.dll. */
#include "neighbor.h"

void *wine_call(const char *name)
{
    /* Under a name of its own in System32; kept for the life of the process. */
    return (void *)GetProcAddress(LoadLibraryA("wiphlp.dll"), name);
}

ULONG address_length(ADDRESS_FAMILY family)
{
    return family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;
}

void read_address(const SOCKADDR_INET *from, struct key *key)
{
    memset(key, 0, sizeof *key); /* keys are compared with memcmp */
    key->family = from->si_family;
    if (key->family == AF_INET) memcpy(key->address, &from->Ipv4.sin_addr, 4);
    if (key->family == AF_INET6) memcpy(key->address, &from->Ipv6.sin6_addr, 16);
}

NET_LUID luid_of(NET_IFINDEX index)
{
    typedef DWORD(WINAPI * convert)(NET_IFINDEX, NET_LUID *);
    static NET_LUID known[64]; /* never outdated: the index is part of it, and the kernel does not reuse one soon */
    NET_LUID luid = { .Value = 0 };

    if (index < 64) luid = known[index];
    if (luid.Value == 0 && WINE(convert, "ConvertInterfaceIndexToLuid")(index, &luid) != NO_ERROR) luid.Value = 0;
    if (index < 64) known[index] = luid;
    return luid;
}

void entry_to_row(const struct entry *entry, MIB_IPNET_ROW2 *row)
{
    /* Windows does not promise zeroes in padding and unused bytes: nobody may depend on them. */
    memset(row, 0xCC, sizeof *row);
    row->Address.si_family = entry->key.family;
    if (entry->key.family == AF_INET) {
        row->Address.Ipv4.sin_port = 0;
        memcpy(&row->Address.Ipv4.sin_addr, entry->key.address, 4);
    } else if (entry->key.family == AF_INET6) {
        row->Address.Ipv6.sin6_port = 0;
        row->Address.Ipv6.sin6_flowinfo = 0;
        memcpy(&row->Address.Ipv6.sin6_addr, entry->key.address, 16);
        row->Address.Ipv6.sin6_scope_id = 0;
    }
    row->InterfaceIndex = entry->key.index;
    row->InterfaceLuid = luid_of(entry->key.index);
    memcpy(row->PhysicalAddress, entry->physical, entry->length);
    row->PhysicalAddressLength = entry->length;
    row->State = entry->state;
    row->Flags = entry->flags;
    row->ReachabilityTime.LastReachable = entry->reachability;
}

void row_to_entry(const MIB_IPNET_ROW2 *row, struct entry *entry)
{
    memset(entry, 0, sizeof *entry);
    read_address(&row->Address, &entry->key);
    entry->key.index = row->InterfaceIndex ? row->InterfaceIndex : (NET_IFINDEX)row->InterfaceLuid.Info.NetLuidIndex;
    entry->length = min(row->PhysicalAddressLength, IF_MAX_PHYS_ADDRESS_LENGTH);
    memcpy(entry->physical, row->PhysicalAddress, entry->length);
    entry->state = row->State;
    entry->flags = row->Flags;
    entry->reachability = row->ReachabilityTime.LastReachable;
}
