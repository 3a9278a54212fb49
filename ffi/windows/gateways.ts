/**
 * Reads the default gateways of each interface.
 *
 * @module
 */

import type { DefaultGateway } from "../backend.ts";
import { failure } from "./failure.ts";
import { AF_INET, AF_INET6, SIZEOF_MIB_IPFORWARD_ROW2 } from "./layout.ts";
import type { WindowsLibrary } from "./library.ts";
import { copyTable } from "./native_table.ts";
import { decodeDefaultRoute } from "./route_row.ts";
import { ERROR_NOT_FOUND, ERROR_NOT_SUPPORTED, NO_ERROR } from "./status.ts";

/**
 * GetIpForwardTable2: the next hops of all default routes. Which of them is used
 * also depends on the metrics of the interfaces, which are not read. `alias`
 * looks up the name of an interface.
 */
export function readGateways(
  library: WindowsLibrary,
  alias: (luid: bigint) => string | null,
): DefaultGateway[] {
  const operation = "GetIpForwardTable2";
  const call = library.call(operation);
  const gateways: DefaultGateway[] = [];
  for (const family of [AF_INET, AF_INET6]) {
    const { status, count, bytes } = copyTable(
      library,
      operation,
      SIZEOF_MIB_IPFORWARD_ROW2,
      (table) => call(family, table),
    );
    // A family that this computer lacks has no routes either
    if (
      status !== NO_ERROR && status !== ERROR_NOT_FOUND &&
      status !== ERROR_NOT_SUPPORTED
    ) {
      const what = "read routes";
      throw failure(library, status, { operation, what, entry: undefined });
    }
    for (let i = 0; i < count; i++) {
      const route = decodeDefaultRoute(bytes, i * SIZEOF_MIB_IPFORWARD_ROW2);
      if (route === undefined) continue;
      const { interfaceLuid, ...gateway } = route;
      gateways.push({ ...gateway, interfaceAlias: alias(interfaceLuid) });
    }
  }
  return gateways;
}
