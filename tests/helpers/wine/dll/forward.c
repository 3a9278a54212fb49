/* Wine's own calls about interfaces and routes: only counted and breakable on the way. */
#include "neighbor.h"

#define FORWARD(call, name, parameters, arguments)              \
    NETIO_STATUS WINAPI name parameters                         \
    {                                                           \
        typedef DWORD(WINAPI * type) parameters;                \
        DWORD status;                                           \
        if (replaced(call, &status)) return status;             \
        return WINE(type, #name) arguments;                     \
    }

FORWARD(CALL_ALIAS_TO_LUID, ConvertInterfaceAliasToLuid, (const WCHAR *alias, NET_LUID *luid), (alias, luid))
FORWARD(CALL_LUID_TO_ALIAS, ConvertInterfaceLuidToAlias, (const NET_LUID *luid, WCHAR *alias, SIZE_T length),
        (luid, alias, length))
FORWARD(CALL_INDEX_TO_LUID, ConvertInterfaceIndexToLuid, (NET_IFINDEX index, NET_LUID *luid), (index, luid))
FORWARD(CALL_LUID_TO_INDEX, ConvertInterfaceLuidToIndex, (const NET_LUID *luid, NET_IFINDEX *index), (luid, index))
FORWARD(CALL_IF_ENTRY, GetIfEntry2, (MIB_IF_ROW2 * row), (row))
FORWARD(CALL_BEST_ROUTE, GetBestRoute2,
        (NET_LUID * luid, NET_IFINDEX index, const SOCKADDR_INET *source, const SOCKADDR_INET *destination,
         ULONG sort, MIB_IPFORWARD_ROW2 *route, SOCKADDR_INET *best),
        (luid, index, source, destination, sort, route, best))
