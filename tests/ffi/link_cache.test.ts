/**
 * Which links of single writes are looked up again. Whether the kernel does
 * announce what a write depends on is shown by tests/linux/link_cache.test.ts.
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { LinuxBackend } from "../../ffi/linux/backend.ts";
import { LinkCache } from "../../ffi/linux/link_cache.ts";
import type { Libc } from "../../ffi/linux/netlink/libc.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { EAGAIN, ENOBUFS, FakeKernel, INDEX } from "../helpers/fake_kernel.ts";
import { message } from "../helpers/golden/messages.ts";

const BY_INDEX = { luid: 0n, index: INDEX, alias: null };
const EPERM = 1;

/** A backend over a fake kernel, and what it asks of it. */
function opened() {
  const kernel = new FakeKernel();
  // The functions of a C library cannot be replaced, those of the copy can
  const libc: { -readonly [Name in keyof Libc]: Libc[Name] } = {
    ...kernel.libc,
  };
  const backend = new LinuxBackend(() => libc);
  /** The look-ups of `count` targets. */
  const lookUps = (count: number, named = BY_INDEX) => {
    const before = kernel.count.links;
    for (let i = 0; i < count; i++) backend.target(named, undefined, true);
    return kernel.count.links - before;
  };
  return { kernel, libc, backend, lookUps };
}

function announce(kernel: FakeKernel): void {
  kernel.announce(message("LINK_VETH").array);
}

Deno.test("an interface is looked up until its announcements are received, then once", () => {
  const { lookUps } = opened();
  assertEquals(lookUps(1), 1);
  // The link may have changed between the first look-up and the subscription
  assertEquals(lookUps(1), 1);
  assertEquals(lookUps(100), 0);
});

Deno.test("an announcement of any link has an interface looked up again", () => {
  const { kernel, lookUps } = opened();
  lookUps(3);
  announce(kernel);
  assertEquals(lookUps(10), 1);
  announce(kernel);
  announce(kernel);
  // One of the queue with each write
  assertEquals(lookUps(10), 2);
});

Deno.test("an announcement during a look-up has the interface looked up again", () => {
  const { kernel, libc, lookUps } = opened();
  lookUps(1);
  const { send } = libc;
  libc.send = (...words) => {
    const sent = send(...words);
    announce(kernel);
    return sent;
  };
  assertEquals(lookUps(1), 1);
  libc.send = send;
  assertEquals(lookUps(10), 1);
});

Deno.test("lost announcements have an interface looked up until the queue is empty", () => {
  const { kernel, lookUps } = opened();
  lookUps(3);
  kernel.announce(ENOBUFS);
  announce(kernel);
  assertEquals(lookUps(1), 1);
  assertEquals(lookUps(1), 1);
  assertEquals(lookUps(10), 0);
});

Deno.test("each name of an interface is looked up for itself", () => {
  const { lookUps } = opened();
  const byName = { luid: 0n, index: 0, alias: "va" };
  lookUps(2);
  assertEquals(lookUps(10, byName as never), 1);
  assertEquals(lookUps(10), 0);
  assertEquals(lookUps(10, byName as never), 0);
});

Deno.test("a known alias is compared with the index that is given beside it", () => {
  const { backend } = opened();
  const named = { luid: 0n, index: 0, alias: "va" };
  for (let i = 0; i < 3; i++) backend.target(named, undefined, true);
  const both = { ...named, index: INDEX + 1 };
  const error = assertThrows(
    () => backend.target(both, undefined, true),
    NeighborError,
    `The alias "va" means interface ${INDEX}`,
  );
  assertEquals(error.code, "INVALID_PARAMETER");
});

Deno.test("a link that is down is not kept", () => {
  const { libc } = new FakeKernel();
  const cache = new LinkCache<{ link: never }>(libc);
  const linkOf = (flags: number) => ({ link: { flags } as never });
  const [down, up] = [linkOf(0), linkOf(1)];
  cache.keep("va", up);
  assertEquals(cache.get("va"), undefined);
  cache.keep("va", down);
  assertEquals(cache.get("va"), undefined);
  cache.keep("va", up);
  assert(cache.get("va") === up);
  cache.close();
});

for (const call of ["socket", "join", "noop"]) {
  Deno.test(`every write looks its interface up where ${call} is refused`, () => {
    const { kernel, backend, lookUps } = opened();
    kernel.fails.set(call, EPERM);
    assertEquals(lookUps(5), 5);
    assertEquals(kernel.open.size, 1);
    backend.close();
    assertEquals(kernel.open.size, 0);
  });
}

Deno.test("another error of the socket than an empty queue has it looked up", () => {
  const { kernel, lookUps } = opened();
  lookUps(3);
  for (const errno of [EPERM, ENOBUFS]) kernel.announce(errno);
  assertEquals(lookUps(10), 2);
  kernel.announce(EAGAIN);
  assertEquals(lookUps(1), 0);
});

Deno.test("closing a backend closes the socket of its announcements, before the library", () => {
  const { kernel, libc, backend, lookUps } = opened();
  lookUps(3);
  assertEquals(kernel.open.size, 2);
  const { unload } = libc;
  libc.unload = () => {
    assertEquals(kernel.open.size, 0);
    unload();
  };
  backend.close();
  assertEquals([kernel.open.size, kernel.count.unloads], [0, 1]);
});
