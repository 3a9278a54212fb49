/**
 * Waits for sockets by one `poll` for all of them, on another thread of Deno.
 * It cannot be cancelled, so it also waits for an eventfd, which ends it at
 * once.
 *
 * @module
 */

import { failure } from "../netlink/failure.ts";
import {
  EFD_CLOEXEC,
  EFD_NONBLOCK,
  pollfd_events,
  pollfd_fd,
  pollfd_revents,
  POLLIN,
  SIZEOF_pollfd,
} from "../netlink/layout.ts";
import type { Libc } from "../netlink/libc.ts";

const FOREVER = -1;

/** One for each loaded C library, shared by all watches. */
const pollers = new Map<Libc, Poller>();

/** The poller of a library. Each call has to be followed by one `release`. */
export function sharedPoller(libc: Libc): Poller {
  const poller = pollers.get(libc) ?? new Poller(libc);
  pollers.set(libc, poller);
  return poller.retain();
}

/** One eventfd, and one `poll` while any descriptor is waited for. */
export class Poller {
  readonly #libc: Libc;
  readonly #eventfd: number;
  readonly #value = new BigUint64Array(1);
  readonly #waiting = new Map<number, () => void>();
  /** The descriptors of the running poll. */
  #polled: readonly number[] = [];
  /** Resolves when the running poll has returned. */
  #returned: Promise<void> | undefined;
  #isKicked = false;
  #users = 0;

  /** Opens the eventfd. */
  constructor(libc: Libc) {
    this.#libc = libc;
    this.#eventfd = libc.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (this.#eventfd < 0) {
      throw failure({ status: libc.errno(), text: null }, {
        operation: "eventfd",
        what: "watch neighbors",
        entry: undefined,
      });
    }
  }

  /** Adds a user. */
  retain(): this {
    this.#users++;
    return this;
  }

  /** Removes a user; the last closes the eventfd. None may be waiting. */
  release(): void {
    if (--this.#users > 0) return;
    pollers.delete(this.#libc);
    this.#libc.close(this.#eventfd);
  }

  /** Resolves when there is data or an error to receive, or at `forget`. */
  wait(descriptor: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(descriptor, resolve);
    if (this.#returned === undefined) void this.#run();
    else if (!this.#polled.includes(descriptor)) this.#kick();
    return promise;
  }

  /**
   * Stops waiting; resolves once no poll uses the descriptor: it may be closed.
   */
  async forget(descriptor: number): Promise<void> {
    this.#waiting.get(descriptor)?.();
    this.#waiting.delete(descriptor);
    if (this.#returned === undefined) return;
    this.#kick();
    await this.#returned;
  }

  async #run(): Promise<void> {
    while (this.#waiting.size > 0) {
      this.#polled = [...this.#waiting.keys()];
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#returned = promise;
      const ready = await this.#poll(this.#polled);
      this.#polled = [];
      this.#returned = undefined;
      // Forgotten descriptors may be closed now, before the next poll
      resolve();
      for (const descriptor of ready) {
        this.#waiting.get(descriptor)?.();
        this.#waiting.delete(descriptor);
      }
    }
  }

  /** Returns the descriptors that are ready; all of them if poll failed. */
  async #poll(descriptors: readonly number[]): Promise<readonly number[]> {
    const all = [this.#eventfd, ...descriptors];
    const view = new DataView(new ArrayBuffer(all.length * SIZEOF_pollfd));
    all.forEach((descriptor, i) => {
      view.setInt32(i * SIZEOF_pollfd + pollfd_fd, descriptor, true);
      view.setInt16(i * SIZEOF_pollfd + pollfd_events, POLLIN, true);
    });
    const count = await this.#libc.poll(view, BigInt(all.length), FOREVER);
    if (this.#isKicked) {
      this.#libc.eventfd_read(this.#eventfd, this.#value);
      this.#isKicked = false;
    }
    // Its errno is on another thread. Waking all is safe: they wait again
    if (count < 0) return descriptors;
    return descriptors.filter((_, i) =>
      view.getInt16((i + 1) * SIZEOF_pollfd + pollfd_revents, true) !== 0
    );
  }

  #kick(): void {
    if (this.#isKicked) return;
    this.#isKicked = true;
    this.#libc.eventfd_write(this.#eventfd, 1n);
  }
}
