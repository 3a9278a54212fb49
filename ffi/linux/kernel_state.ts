/**
 * Reads what the kernel knows beside the rows: the default gateways, and how
 * full its neighbor tables are.
 *
 * @module
 */

import type { DefaultGateway, TableLimits } from "../backend.ts";
import { ENOENT } from "./netlink/errno.ts";
import { failure } from "./netlink/failure.ts";
import type { Answer, Bytes } from "./netlink/message.ts";
import { decodeTable, encodeTableDump } from "./netlink/ndtmsg.ts";
import {
  decodeDefaultRoute,
  type DefaultRoute,
  encodeRouteDump,
} from "./netlink/rtmsg.ts";
import type { NetlinkSocket } from "./netlink/socket.ts";

/**
 * The gateways of the default routes with the lowest metric of each family, in
 * the main table. `alias` looks up the name of an interface.
 */
export function readGateways(
  socket: NetlinkSocket,
  alias: (index: number) => string | null,
): DefaultGateway[] {
  return (["ipv4", "ipv6"] as const).flatMap((family) => {
    const routes: DefaultRoute[] = [];
    const answer = socket.dump(
      "RTM_GETROUTE",
      (sequence) => encodeRouteDump(socket.request, sequence, family),
      {
        begin: () => routes.length = 0,
        read(bytes: Bytes, start: number, end: number) {
          const route = decodeDefaultRoute(bytes, start, end);
          // A kernel without IPv6 answers with the routes of IPv4
          if (route?.family === family) routes.push(route);
        },
      },
    );
    // There is no main table before its first route
    if (answer.status !== ENOENT) check(answer, "RTM_GETROUTE", "read routes");
    const usable = routes.filter(({ hops }) => hops.length > 0);
    const metric = Math.min(...usable.map((route) => route.metric));
    return usable.filter((route) => route.metric === metric)
      .flatMap(({ hops }) => hops)
      .map((hop) => ({
        family,
        ...hop,
        interfaceAlias: alias(hop.interfaceIndex),
      }));
  });
}

/** How full the tables are. The kernel counts all network namespaces as one. */
export function readLimits(socket: NetlinkSocket): TableLimits[] {
  const tables: TableLimits[] = [];
  const answer = socket.dump(
    "RTM_GETNEIGHTBL",
    (sequence) => encodeTableDump(socket.request, sequence),
    {
      begin: () => tables.length = 0,
      read(bytes: Bytes, start: number, end: number) {
        const table = decodeTable(bytes, start, end);
        if (table !== undefined) tables.push(table);
      },
    },
  );
  check(answer, "RTM_GETNEIGHTBL", "read the limits of the neighbor tables");
  return tables;
}

function check(answer: Answer, operation: string, what: string): void {
  if (answer.status === 0) return;
  throw failure(answer, { operation, what, entry: undefined });
}
