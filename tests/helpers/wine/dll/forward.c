/* Wine's own call about routes: only counted and breakable on the way. */
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
