/**
 * A neighbor table in memory, behind the seam that the systems stand behind: it
 * refuses what a test says, and forgets a row in a scan where a test says so.
 *
 * @module
 */

import { lengthError } from "../../ffi/bind.ts";
import type {
  DefaultGateway,
  ScanFilter,
  SystemBackend,
  TableLimits,
} from "../../ffi/backend.ts";
import type { BoundInterface } from "../../ffi/bound_interface.ts";
import type { RawRow, RowVisitor } from "../../ffi/raw_row.ts";
import {
  CHANGED,
  CREATED,
  DELETED,
  describeInterface,
  type EntryList,
  NONE,
  type ParsedInterface,
  PENDING,
  UNCHANGED,
  VERBS,
  type WriteVerb,
} from "../../ffi/entry_list.ts";
import { isInSync } from "../../ffi/parse/change.ts";
import type { ParsedFilter } from "../../ffi/parse/filter.ts";
import { interfaceIdOf } from "../../ffi/parse/row.ts";
import { SystemTable } from "../../ffi/system_table.ts";
import { TableRow } from "../../ffi/table_backend.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { NetworkInterface } from "../../ffi/types/interface.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import type { ParsedWatch } from "../../ffi/parse/watch.ts";
import type { OpenSource } from "../../ffi/watch/iterator.ts";
import { WindowsWatch } from "../../ffi/windows/watch.ts";
import { FakeRows, ToldSource } from "./fake_rows.ts";

/** An interface with all its names. */
export function interfaceOf(
  interfaceIndex: number,
  interfaceAlias: string,
  interfaceLuid: string | null = null,
): NetworkInterface {
  return {
    interfaceAlias,
    altNames: [],
    interfaceIndex,
    interfaceLuid,
    linkLayerAddress: "02:fc:00:00:00:01",
    type: "ethernet",
    isUp: true,
  };
}

/** A row on an interface. */
export function rowOf(
  { interfaceAlias, interfaceIndex, interfaceLuid }: NetworkInterface,
  address: string,
  linkLayerAddress: string | null,
  state: Neighbor["state"] = "permanent",
): Neighbor {
  return {
    address,
    family: address.includes(":") ? "ipv6" : "ipv4",
    interfaceIndex,
    interfaceLuid,
    interfaceAlias,
    linkLayerAddress,
    state,
    isRouter: false,
    isUnreachable: false,
    reachabilityTime: null,
  };
}

/** A backend over rows in memory. */
export class FakeBackend implements SystemBackend {
  /** The interfaces; a test may remove or add one. */
  interfaces_: readonly NetworkInterface[];
  readonly rows = new FakeRows();
  /** Whether a watch gets events, as on Linux, or polls, as on Windows. */
  isTold = false;
  /** The error of a write, by its number from 1. */
  refuse: (write: number, address: string) => NeighborError | undefined = () =>
    undefined;
  /** The row that a scan omits. */
  loses: (row: Neighbor) => boolean = () => false;
  /** Called before each write. */
  before: (write: number) => void = () => {};
  /** The numbers of writes and of interface look-ups. */
  writes = 0;
  lookUps = 0;
  /** Whether a scan is complete. */
  isSnapshot = false;
  /** Whether an entry can be written with a protocol. */
  hasProtocols = true;
  hasProxies = true;
  /** The filter of the last watch. */
  watched: ParsedFilter | undefined;
  interfacesChanged: () => void = () => {};

  constructor(interfaces: readonly NetworkInterface[]) {
    this.interfaces_ = interfaces;
  }

  bind(names: readonly ParsedInterface[], given: unknown) {
    this.lookUps++;
    return names.map((named) => this.#find(named, given));
  }

  target(named: ParsedInterface, given: unknown): BoundInterface {
    const found = this.#find(named, given);
    if (found instanceof NeighborError) throw found;
    return found;
  }

  #find(
    { luid, index, alias }: ParsedInterface,
    entry: unknown,
  ): BoundInterface | NeighborError {
    const found = this.interfaces_.find((one) =>
      luid !== 0n
        ? one.interfaceLuid !== null && BigInt(one.interfaceLuid) === luid
        : index !== 0
        ? one.interfaceIndex === index
        : one.interfaceAlias === alias || one.altNames.includes(alias ?? "")
    );
    if (found !== undefined) {
      const { interfaceIndex, interfaceLuid } = found;
      const key = interfaceIdOf(found);
      return { key, index: interfaceIndex, luid: BigInt(interfaceLuid ?? 0) };
    }
    const what = describeInterface({ luid, index, alias });
    return new NeighborError(
      "INTERFACE_NOT_FOUND",
      `Cannot find ${what}: there is no such interface`,
      { entry },
    );
  }

  refresh(on: BoundInterface): BoundInterface {
    return on;
  }

  check(entries: EntryList, position: number): void {
    const length = entries.linkLayerLengths[position]!;
    if (length === 0 || length === 6) return;
    throw lengthError(entries, position, 6);
  }

  read(entries: EntryList, position: number): Neighbor | undefined {
    return this.rows.get(keyOf(entries, position));
  }

  scan({ family, on }: ScanFilter, visitor: RowVisitor): void {
    visitor.begin();
    const raw = new TableRow();
    for (const row of [...this.rows.values()]) {
      if (row.family !== family || this.loses(row)) continue;
      raw.read(row);
      if (on === null || raw.interfaceKey === on.key) visitor.row(raw);
    }
  }

  *stream(
    filter: ScanFilter,
    matches: (row: RawRow) => boolean,
  ): Generator<Neighbor, undefined> {
    const rows: Neighbor[] = [];
    this.scan(filter, {
      begin() {},
      row(row) {
        if (matches(row)) rows.push(row.neighbor());
      },
    });
    yield* rows;
  }

  write(entries: EntryList, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const isPending = entries.outcomes[i] === PENDING;
      if (!isPending || entries.verbs[i] === NONE) continue;
      try {
        this.#write(entries, i, VERBS[entries.verbs[i]!]!);
      } catch (error) {
        if (!(error instanceof NeighborError)) throw error;
        entries.fail(i, error);
      }
    }
  }

  #write(entries: EntryList, position: number, verb: WriteVerb): void {
    const { outcomes } = entries;
    const key = keyOf(entries, position);
    const previous = this.rows.get(key);
    if (verb === "create" && previous !== undefined) {
      throw new NeighborError("ALREADY_EXISTS", "It is there");
    }
    if ((verb === "set" || verb === "delete") && previous === undefined) {
      throw new NeighborError("NOT_FOUND", "There is no such entry");
    }
    if (verb === "replace" && previous !== undefined) {
      entries.previous.set(position, previous);
      if (isInSync(previous, entries, position)) {
        outcomes[position] = UNCHANGED;
        return;
      }
    }
    this.count(entries.address(position));
    if (verb === "delete") {
      this.rows.delete(key);
      outcomes[position] = DELETED;
      return;
    }
    const { index } = entries.on(position);
    const on = this.interfaces_.find((one) => one.interfaceIndex === index);
    if (on === undefined) {
      throw new NeighborError("INTERFACE_NOT_FOUND", "It has gone");
    }
    const address = entries.address(position);
    const row = rowOf(on, address, entries.linkLayerAddress(position));
    // As in the kernel, a write without a protocol keeps the one that is there
    const protocol = entries.protocols[position] || previous?.protocol;
    this.rows.set(key, protocol == null ? row : { ...row, protocol });
    outcomes[position] = previous === undefined ? CREATED : CHANGED;
  }

  /** Counts a write, which may be refused. */
  count(address: string): void {
    this.writes++;
    this.before(this.writes);
    const error = this.refuse(this.writes, address);
    if (error !== undefined) throw error;
  }

  restore(row: Neighbor): void {
    this.count(row.address);
    const key = `${row.interfaceIndex} ${row.address}`;
    if (row.linkLayerAddress === null) return void this.rows.delete(key);
    const isKept = row.state === "permanent" || row.state === "noarp";
    this.rows.set(key, isKept ? row : { ...row, state: "stale" });
  }

  interfaces(): NetworkInterface[] {
    return [...this.interfaces_];
  }

  operation(verb: WriteVerb): string {
    return verb;
  }

  broadcast(): string {
    return "ff:ff:ff:ff:ff:ff";
  }

  flush(): boolean {
    return false;
  }

  resolve(): Promise<Neighbor> {
    throw new Error("Nobody resolves");
  }

  gateways_: readonly DefaultGateway[] = [];
  limits_: readonly TableLimits[] = [];

  gateways(): DefaultGateway[] {
    return [...this.gateways_];
  }

  limits(): TableLimits[] {
    return [...this.limits_];
  }

  watch(options: ParsedWatch, interfacesChanged: () => void): OpenSource {
    this.interfacesChanged = interfacesChanged;
    this.watched = options.filter;
    if (this.isTold) return { source: new ToldSource(this.rows), first: [] };
    const read = () => [...this.rows.values()];
    const source = new WindowsWatch(read, options);
    return { source, first: source.first };
  }

  close(): void {}
}

function keyOf(entries: EntryList, position: number): string {
  return `${entries.on(position).index} ${entries.address(position)}`;
}

/** A table over the fake backend, with methods for tests. */
export class FakeTable extends SystemTable {
  readonly fake: FakeBackend;

  constructor(
    interfaces: readonly NetworkInterface[],
    rows: readonly Neighbor[] = [],
  ) {
    const fake = new FakeBackend(interfaces);
    super(() => fake);
    this.fake = fake;
    for (const row of rows) this.put(row);
  }

  /** Adds a row, as another program would. */
  put(row: Neighbor): void {
    this.rows.set(`${row.interfaceIndex} ${row.address}`, row);
  }

  /** All rows, sorted. */
  all(): Neighbor[] {
    return [...this.rows.keys()].toSorted()
      .map((key) => this.rows.get(key)!);
  }

  get rows(): FakeRows {
    return this.fake.rows;
  }

  /** A system with events reports interfaces too. */
  set interfaces(interfaces: readonly NetworkInterface[]) {
    this.fake.interfaces_ = interfaces;
    if (this.fake.isTold) this.fake.interfacesChanged();
  }

  get interfaces(): readonly NetworkInterface[] {
    return this.fake.interfaces_;
  }

  set isTold(isTold: boolean) {
    this.fake.isTold = isTold;
  }

  set refuse(refuse: FakeBackend["refuse"]) {
    this.fake.refuse = refuse;
  }

  set loses(loses: FakeBackend["loses"]) {
    this.fake.loses = loses;
  }

  set before(before: FakeBackend["before"]) {
    this.fake.before = before;
  }

  set writes(writes: number) {
    this.fake.writes = writes;
  }

  get writes(): number {
    return this.fake.writes;
  }
}
