/**
 * Waiting for sockets: one `poll` on a thread of Deno's for all of them. It
 * cannot be called off, so an eventfd stands among them, which ends it at once.
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

/** All that wait at a time share one, as they share the C library. */
const pollers = new Map<Libc, Poller>();

/** The poller of that library; to be released once for each time. */
export function sharedPoller(libc: Libc): Poller {
  const poller = pollers.get(libc) ?? new Poller(libc);
  pollers.set(libc, poller);
  return poller.retain();
}

/** One eventfd, and one `poll` as long as anybody waits. */
export class Poller {
  readonly #libc: Libc;
  readonly #eventfd: number;
  readonly #value = new BigUint64Array(1);
  readonly #waiting = new Map<number, () => void>();
  /** What the poll under way looks at. */
  #polled: readonly number[] = [];
  /** Resolves when the poll under way has returned. */
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

  /** One user more. */
  retain(): this {
    this.#users++;
    return this;
  }

  /** One less; the last closes the eventfd. Nobody may be waiting for it. */
  release(): void {
    if (--this.#users > 0) return;
    pollers.delete(this.#libc);
    this.#libc.close(this.#eventfd);
  }

  /** Resolves when there is something to receive, or an error, or `forget`. */
  wait(descriptor: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(descriptor, resolve);
    if (this.#returned === undefined) void this.#run();
    else if (!this.#polled.includes(descriptor)) this.#kick();
    return promise;
  }

  /** Resolves once the system no longer looks at it: then it may be closed. */
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
      // What was forgotten meanwhile may be closed: before any other poll
      resolve();
      for (const descriptor of ready) {
        this.#waiting.get(descriptor)?.();
        this.#waiting.delete(descriptor);
      }
    }
  }

  /** Answers which are ready: all of them where it cannot be told. */
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
    // Its errno is on another thread; who is woken in vain will wait again
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
