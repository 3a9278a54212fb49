/**
 * Turns the kernel's announcements into events. It subscribes, then dumps the
 * table, then reads the announcements that were queued meanwhile, so that no
 * change is missed.
 *
 * A dump is not a snapshot. While the kernel's hash table grows, for this or
 * any other network namespace, a dump may miss rows. So a row that it lacks is
 * looked up before it is reported as removed.
 *
 * @module
 */

import type { NeighborEvent } from "../../types/watch.ts";
import { pushEvent, RowCache, rowKey } from "../../watch/row_cache.ts";
import type { Neighbor } from "../../types/neighbor.ts";
import type { ParsedWatch } from "../../parse/watch.ts";
import type { EventSource } from "../../watch/iterator.ts";
import { type Drained, Listener } from "./listener.ts";
import { decodeLink } from "../netlink/ifinfomsg.ts";
import {
  AF_INET,
  AF_INET6,
  AF_UNSPEC,
  ifinfomsg_ifi_family,
  ndmsg_ndm_family,
  ndmsg_ndm_ifindex,
  RTM_DELLINK,
  RTM_DELNEIGH,
  RTM_DELROUTE,
  RTM_NEWLINK,
  RTM_NEWNEIGH,
  RTM_NEWROUTE,
} from "../netlink/layout.ts";
import type { Libc } from "../netlink/libc.ts";
import { type DecodedNeighbor, decodeNeighbor } from "../netlink/ndmsg.ts";
import type { Bytes, Message } from "../netlink/message.ts";
import { isDefaultRoute } from "../netlink/rtmsg.ts";
import { type Poller, sharedPoller } from "./poller.ts";
import type { Snapshot } from "./snapshot.ts";

/** About 4 ms of work; then the event loop gets a turn. */
const MOST_LOOKUPS = 1000;

const RESYNC: NeighborEvent = {
  type: "resync",
  neighbor: null,
  previous: null,
};

/** {@linkcode EventSource} over rtnetlink. */
export class LinuxWatch implements EventSource {
  readonly #libc: Libc;
  readonly #poller: Poller;
  readonly #listener: Listener;
  readonly #table: Snapshot;
  readonly #known: RowCache;
  readonly #interfacesChanged: () => void;
  readonly #families: ReadonlySet<number>;
  /** Reported rows that the last dump lacks; to be looked up. */
  #doubtful: Neighbor[] = [];
  /** Rows announced as failed, which may be the first half of a removal. */
  readonly #failed = new Map<string, Neighbor>();
  #hasMoved = false;
  #isRerouted = false;
  /** Whether announcements were lost, and the queue was not empty since. */
  #isLost = false;
  readonly isPolled = false;
  /** The rows at the start, if they are to be reported. */
  readonly first: NeighborEvent[] = [];

  /**
   * Subscribes, with `withRoutes` to routes too, and reads the table. Releases
   * its use of `libc` at the end.
   */
  constructor(
    libc: Libc,
    table: Snapshot,
    options: ParsedWatch,
    interfacesChanged: () => void,
    withRoutes: boolean,
  ) {
    this.#interfacesChanged = interfacesChanged;
    this.#libc = libc;
    this.#table = table;
    this.#known = new RowCache(options.filter.wants);
    this.#families = new Set(
      options.filter.families.map((one) => one === "ipv4" ? AF_INET : AF_INET6),
    );
    const undo: (() => void)[] = [() => libc.unload()];
    try {
      const poller = this.#poller = sharedPoller(libc);
      undo.push(() => poller.release());
      const listener = this.#listener = new Listener(libc, withRoutes);
      undo.push(() => listener.close());
      table.locate();
      for (const row of table.rows()) {
        const event = this.#known.update(row, true);
        if (options.initial) pushEvent(this.first, event);
      }
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    }
  }

  wait(): Promise<void> {
    return this.#doubtful.length > 0 || this.#isLost
      ? new Promise((go) => setTimeout(go, 0))
      : this.#poller.wait(this.#listener.descriptor);
  }

  async close(): Promise<void> {
    await this.#poller.forget(this.#listener.descriptor);
    this.#listener.close();
    this.#poller.release();
    this.#libc.unload();
  }

  read(): NeighborEvent[] {
    const events: NeighborEvent[] = [];
    if (this.#doubtful.length > 0) {
      this.#lookUp(events);
      return events;
    }
    if (this.#isLost) {
      this.#resync(events);
      return events;
    }
    this.#hasMoved = this.#isRerouted = false;
    const drained: Drained = this.#listener.drain((message, bytes) =>
      this.#visit(message, bytes, events)
    );
    if (drained === "lost") {
      this.#isLost = true;
      this.#failed.clear();
      events.push(RESYNC);
      this.#resync(events);
    } else {
      this.#settleAllFailed(events);
      if (this.#hasMoved) {
        if (this.#table.relocate()) this.#compare(events);
      }
      if (this.#hasMoved || this.#isRerouted) this.#interfacesChanged();
    }
    return events;
  }

  /** Reads the table again, once the queue of announcements was empty. */
  #resync(events: NeighborEvent[]): void {
    this.#isLost = !this.#listener.discard();
    if (this.#isLost) return;
    this.#table.forget();
    this.#table.relocate();
    this.#compare(events);
    this.#interfacesChanged();
  }

  #visit(
    { type, start, end }: Message,
    bytes: Bytes,
    events: NeighborEvent[],
  ): void {
    if (type === RTM_NEWLINK || type === RTM_DELLINK) {
      // Bridges announce their ports in the same group, with another family
      if (bytes.view.getUint8(start + ifinfomsg_ifi_family) !== AF_UNSPEC) {
        return;
      }
      const { index, name } = decodeLink(bytes, start, end);
      this.#onLink(index, type === RTM_DELLINK ? null : name, events);
    } else if (type === RTM_NEWROUTE || type === RTM_DELROUTE) {
      if (isDefaultRoute(bytes, start, end)) this.#isRerouted = true;
    } else if (type === RTM_NEWNEIGH || type === RTM_DELNEIGH) {
      // Bridges also announce link-layer addresses that they forward to
      if (!this.#families.has(bytes.view.getUint8(start + ndmsg_ndm_family))) {
        return;
      }
      const index = bytes.view.getInt32(start + ndmsg_ndm_ifindex, true);
      if (!this.#table.isOn(index)) return;
      const row = decodeNeighbor(bytes, start, end);
      if (type === RTM_DELNEIGH) this.#onDeleted(row, events);
      else this.#onNeighbor(row, events);
    }
  }

  /** A delete announces the row as failed first; both become one event. */
  #onNeighbor(row: DecodedNeighbor, events: NeighborEvent[]): void {
    const neighbor = this.#table.named(row);
    if (this.#failed.size > 0) this.#settleFailed(events, rowKey(neighbor));
    if (row.state === "failed" && this.#known.get(row) !== undefined) {
      this.#failed.set(rowKey(neighbor), neighbor);
    } else pushEvent(events, this.#known.update(neighbor));
  }

  #onDeleted(row: DecodedNeighbor, events: NeighborEvent[]): void {
    if (this.#failed.size > 0) this.#failed.delete(rowKey(row));
    pushEvent(events, this.#known.remove(row));
  }

  /** Reports a failed row as failed, because another announcement followed. */
  #settleFailed(events: NeighborEvent[], name: string): void {
    const failed = this.#failed.get(name);
    if (failed === undefined) return;
    this.#failed.delete(name);
    pushEvent(events, this.#known.update(failed));
  }

  /** Reports all failed rows: as failed, or as removed if they are gone. */
  #settleAllFailed(events: NeighborEvent[]): void {
    for (const row of this.#failed.values()) {
      const isThere = this.#table.lookUp(row) !== undefined;
      pushEvent(
        events,
        isThere ? this.#known.update(row) : this.#known.remove(row),
      );
    }
    this.#failed.clear();
  }

  /** Takes a link's name as announced, which may be outdated already. */
  #onLink(index: number, name: string | null, events: NeighborEvent[]): void {
    this.#hasMoved = true;
    const before = this.#table.rename(index, name);
    if (before === undefined || before === name || name === null) return;
    for (const row of [...this.#known.rows()]) {
      if (row.interfaceIndex !== index) continue;
      pushEvent(events, this.#known.update({ ...row, interfaceAlias: name }));
    }
  }

  /** Reads the table again and reports the differences. */
  #compare(events: NeighborEvent[]): void {
    const rows = this.#table.rows();
    for (const row of rows) pushEvent(events, this.#known.update(row));
    this.#doubtful = this.#known.missing(rows);
    this.#lookUp(events);
  }

  #lookUp(events: NeighborEvent[]): void {
    for (const row of this.#doubtful.splice(0, MOST_LOOKUPS)) {
      const now = this.#table.lookUp(row);
      pushEvent(
        events,
        now === undefined ? this.#known.remove(row) : this.#known.update(now),
      );
    }
  }
}
