/**
 * The IP neighbor table (ARP and NDP cache) for Deno: read it, set it, pin it,
 * by calling the operating system itself.
 *
 * Needs `--allow-ffi`. Nothing is loaded at import, so importing works on every
 * system and without any permission.
 *
 * @example Set the link-layer address of an entry
 * ```ts no-eval
 * import { getNeighbor, setNeighbor } from "@ipnet/neighbor";
 *
 * const key = { address: "192.0.2.7", interfaceAlias: "Ethernet" };
 * setNeighbor({ ...key, linkLayerAddress: "02-fc-00-00-00-05" });
 * console.log(getNeighbor(key));
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
  resolveNeighbor,
} from "./ffi/reading.ts";
export { watchNeighbors } from "./ffi/watching.ts";
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
