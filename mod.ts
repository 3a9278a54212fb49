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
export { applyNeighbors } from "./ffi/apply.ts";
export {
  type AppliedEntry,
  type ApplyOptions,
  type ApplyOutcome,
  type ApplyReport,
  NeighborApplyError,
} from "./ffi/applied.ts";
export {
  type NeighborPlan,
  type PlannedEntry,
  planNeighbors,
  type PlanOptions,
} from "./ffi/plan.ts";
export type { PutBack } from "./ffi/put_back.ts";
export { guardNeighbors } from "./ffi/guard.ts";
export type { GuardEvent, GuardOptions, GuardSummary } from "./ffi/guarded.ts";
export { type NeighborPin, pinNeighbor, type PinOptions } from "./ffi/pin.ts";
export {
  NeighborError,
  type NeighborErrorCode,
  type NeighborErrorOptions,
} from "./ffi/error.ts";
export type {
  ChangeResult,
  FlushFilter,
  NeighborChange,
  Replacement,
  ResolveOptions,
} from "./ffi/change.ts";
export type {
  NeighborEvent,
  NeighborWatch,
  WatchOptions,
} from "./ffi/event.ts";
export type {
  InterfaceKey,
  InterfaceNames,
  InterfaceType,
  NetworkInterface,
} from "./ffi/interface.ts";
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
} from "./ffi/neighbor.ts";
export type { NeighborTable, Preview } from "./ffi/table.ts";
