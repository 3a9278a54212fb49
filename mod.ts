/**
 * The IP neighbor table of this computer, which is the ARP cache of IPv4 and the
 * NDP cache of IPv6: read it, change it, pin entries and keep them pinned. The
 * functions call the operating system itself: iphlpapi on Windows, rtnetlink on
 * Linux 5.0 or newer. They start no process and parse no text.
 *
 * It needs Deno 2.4 or newer and `--allow-ffi`. Nothing is loaded at import, so
 * importing works on every system and without any permission. Reading needs no
 * privilege of the system; writing needs `CAP_NET_ADMIN` on Linux, an elevated
 * administrator on Windows.
 *
 * - Make an entry permanent, whatever is there: {@linkcode replaceNeighbor}; the
 *   single steps are {@linkcode setNeighbor}, {@linkcode createNeighbor} and
 *   {@linkcode deleteNeighbor}, many at once {@linkcode changeNeighbors}
 * - Read: {@linkcode getNeighbor}, {@linkcode listNeighbors}, row by row
 *   {@linkcode readNeighbors}, {@linkcode listInterfaces}; ask the network:
 *   {@linkcode resolveNeighbor}
 * - Make a list of entries so, all or nothing: {@linkcode applyNeighbors}, and
 *   {@linkcode planNeighbors} for the difference; keep them so:
 *   {@linkcode guardNeighbors}
 * - Pin an entry for as long as a block lasts: {@linkcode pinNeighbor}
 * - Hear of every change: {@linkcode watchNeighbors}
 *
 * Every function throws {@linkcode NeighborError}, whose `code` means the same on
 * both systems. The command is `@ipnet/neighbor/cli`:
 *
 * ```sh
 * deno run --allow-ffi jsr:@ipnet/neighbor/cli list
 * ```
 *
 * @example Pin a gateway
 * ```ts no-eval
 * import { getNeighbor, replaceNeighbor } from "@ipnet/neighbor";
 *
 * const key = { address: "192.0.2.1", interfaceAlias: "Ethernet" };
 * const linkLayerAddress = "02-fc-00-00-00-01";
 * console.log(replaceNeighbor({ ...key, linkLayerAddress })); // "created"
 * console.log(getNeighbor(key)?.state); // "permanent"
 * ```
 *
 * @example Who does not answer
 * ```ts no-eval
 * import { listNeighbors } from "@ipnet/neighbor";
 *
 * console.table(listNeighbors({ family: "ipv4", state: "failed" }));
 * ```
 *
 * @example Keep entries pinned until Ctrl-C
 * ```ts no-eval
 * import { guardNeighbors } from "@ipnet/neighbor";
 *
 * const controller = new AbortController();
 * Deno.addSignalListener("SIGINT", () => controller.abort());
 * await guardNeighbors([{
 *   address: "192.0.2.1",
 *   linkLayerAddress: "02-fc-00-00-00-01",
 *   interfaceAlias: "eth0",
 * }], {
 *   signal: controller.signal,
 *   report: (event) => console.log(event.type),
 * });
 * ```
 *
 * @module
 */

export {
  changeNeighbors,
  createNeighbor,
  deleteNeighbor,
  flushNeighbors,
  replaceNeighbor,
  setNeighbor,
} from "./ffi/writing.ts";
export {
  getNeighbor,
  listInterfaces,
  listNeighbors,
  readNeighbors,
  resolveNeighbor,
  watchNeighbors,
} from "./ffi/reading.ts";
export { openNeighborTable } from "./ffi/open.ts";
export { applyNeighbors } from "./reconcile/apply.ts";
export {
  type AppliedEntry,
  type ApplyOptions,
  type ApplyOutcome,
  type ApplyReport,
  NeighborApplyError,
} from "./reconcile/apply_report.ts";
export {
  type NeighborPlan,
  type PlannedEntry,
  planNeighbors,
  type PlanOptions,
} from "./reconcile/plan.ts";
export type { RollbackOutcome } from "./reconcile/rollback.ts";
export { guardNeighbors } from "./reconcile/guard.ts";
export type {
  GuardEvent,
  GuardOptions,
  GuardSummary,
} from "./reconcile/guard_event.ts";
export {
  type NeighborPin,
  pinNeighbor,
  type PinOptions,
} from "./reconcile/pin.ts";
export {
  type EntryMember,
  NeighborError,
  type NeighborErrorCode,
} from "./ffi/types/error.ts";
export type {
  ChangeResult,
  FlushFilter,
  NeighborChange,
  ReplaceResult,
  ResolveOptions,
} from "./ffi/types/change.ts";
export type {
  NeighborEvent,
  NeighborWatch,
  WatchOptions,
} from "./ffi/types/watch.ts";
export type {
  InterfaceKey,
  InterfaceNames,
  InterfaceType,
  NetworkInterface,
} from "./ffi/types/interface.ts";
export type {
  AddressFamily,
  Neighbor,
  NeighborEntry,
  NeighborFilter,
  NeighborFlag,
  NeighborKey,
  NeighborRow,
  NeighborState,
  ZonedAddress,
} from "./ffi/types/neighbor.ts";
export type { NeighborTable, WritePreview } from "./ffi/types/table.ts";
