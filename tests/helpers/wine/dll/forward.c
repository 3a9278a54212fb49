/* Wine's own calls about routes: only counted, and the first breakable, on the way. */
#include "neighbor.h"

NETIO_STATUS WINAPI GetBestRoute2(NET_LUID *luid, NET_IFINDEX index, const SOCKADDR_INET *source,
                                  const SOCKADDR_INET *destination, ULONG sort, MIB_IPFORWARD_ROW2 *route,
                                  SOCKADDR_INET *best)
{
    typedef DWORD(WINAPI * get)(NET_LUID *, NET_IFINDEX, const SOCKADDR_INET *, const SOCKADDR_INET *, ULONG,
                                MIB_IPFORWARD_ROW2 *, SOCKADDR_INET *);
    DWORD status;
    if (replaced(CALL_BEST_ROUTE, &status)) return status;
    return WINE(get, "GetBestRoute2")(luid, index, source, destination, sort, route, best);
}

NETIO_STATUS WINAPI GetIpForwardTable2(ADDRESS_FAMILY family, PMIB_IPFORWARD_TABLE2 *table)
{
    typedef DWORD(WINAPI * get_table)(ADDRESS_FAMILY, PMIB_IPFORWARD_TABLE2 *);
    DWORD status = WINE(get_table, "GetIpForwardTable2")(family, table);
    if (table) count_table(*table);
    return status;
}
