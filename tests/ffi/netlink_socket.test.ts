import { assert, assertEquals, assertThrows } from "@std/assert";
import { LinuxBackend } from "../../ffi/linux/backend.ts";
import { SystemTable } from "../../ffi/system_table.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { Libc } from "../../ffi/linux/netlink/libc.ts";
import { message, type MessageName } from "../helpers/golden/messages.ts";

const EAGAIN = 11;
const EMFILE = 24;
const ENOBUFS = 105;
const EINTR = 4;
const ENOTTY = 25;
const ENOPROTOOPT = 92;
const EOPNOTSUPP = 95;

/** One thing that `recv` answers: bytes, or an errno. */
type Reply = Uint8Array | number;

/**
 * A C library with a kernel of its own: `answer` is asked for the replies to
 * each `send`, and how many calls of `close` and of `unload` there were.
 */
function fakeLibc(
  answer: (request: DataView, sent: number) => readonly Reply[] | number,
  setsockopt = 0,
): { libc: Libc; closed: () => number } {
  const queue: Reply[] = [];
  let errno = 0;
  let sent = 0;
  let opened = 0;
  let closed = 0;
  const fail = (number: number) => {
    errno = number;
    return -1;
  };
  const libc = {
    // One socket for requests, and none for the announcements of links
    socket: () => opened++ === 0 ? 3 : fail(EMFILE),
    setsockopt: () => setsockopt === 0 ? 0 : fail(setsockopt),
    send(_: number, buffer: BufferSource, length: bigint): number {
      const bytes = buffer as Uint8Array<ArrayBuffer>;
      const view = new DataView(bytes.buffer, 0, Number(length));
      const replies = answer(view, sent++);
      if (typeof replies === "number") return fail(replies);
      queue.push(...replies);
      return Number(length);
    },
    recv(_: number, buffer: BufferSource): number {
      const reply = queue.shift() ?? EAGAIN;
      if (typeof reply === "number") return fail(reply);
      (buffer as Uint8Array).set(reply);
      return reply.length;
    },
    ioctl: () => fail(ENOTTY),
    close: () => ++closed,
    errno: () => errno,
    unload: () => ++closed,
  };
  return { libc: libc as unknown as Libc, closed: () => closed };
}

/** A golden message as the reply to request number `offset` of a send. */
function reply(
  name: MessageName,
  request: DataView,
  { offset = 0, flags = 0 } = {},
): Uint8Array {
  const { array, view } = message(name);
  view.setUint32(8, request.getUint32(8, true) + offset, true);
  view.setUint16(6, view.getUint16(6, true) | flags, true);
  return array;
}

/** `NLMSG_OVERRUN`: the kernel had more to say than there was room for. */
function overrun(): Uint8Array {
  return Uint8Array.of(16, 0, 0, 0, 4, ...new Uint8Array(11));
}

const KEY = { address: "192.0.2.7", interfaceIndex: 100 };
const ENTRY = { ...KEY, linkLayerAddress: "02:fc:00:00:00:05" };
const GETLINK = 18;

/** Answers questions about the link, and leaves the rest to `answer`. */
function table(
  answer: (request: DataView, sent: number) => readonly Reply[] | number,
): SystemTable {
  const { libc } = fakeLibc((request, sent) =>
    request.getUint16(4, true) === GETLINK
      ? [reply("LINK_VETH", request)]
      : answer(request, sent)
  );
  return new SystemTable(() => new LinuxBackend(() => libc));
}

Deno.test("a write whose answer is lost is unknown", () => {
  for (const lost of [[ENOBUFS], [overrun()]]) {
    for (const write of ["set", "create", "replace", "delete"] as const) {
      const error = assertThrows(
        () => table(() => lost)[write](ENTRY),
        NeighborError,
        "the outcome is unknown",
      );
      assertEquals(error.code, "UNKNOWN_OUTCOME");
      assertEquals(error.status, null);
    }
  }
});

Deno.test("a write without a reply has succeeded", () => {
  // No answer is asked for: it would be one a write, to say what silence says
  const flags: number[] = [];
  const silent = table((request) => {
    flags.push(request.getUint16(6, true));
    return [];
  });
  silent.set(ENTRY);
  silent.create(ENTRY);
  silent.delete(KEY);
  const NLM_F_ACK = 4;
  assertEquals(flags.map((one) => one & NLM_F_ACK), [0, 0, 0]);
});

Deno.test("a look-up without a reply has lost its answer", () => {
  for (const lost of [[], [ENOBUFS]]) {
    const error = assertThrows(
      () => table(() => lost).get(KEY),
      NeighborError,
      "the outcome is unknown",
    );
    assertEquals(error.code, "UNKNOWN_OUTCOME");
  }
});

Deno.test("a late reply to an earlier request is ignored", () => {
  table((request) => [
    reply("ERROR_WITH_TEXT", request, { offset: -1 }),
    EINTR,
    reply("ACKNOWLEDGEMENT", request),
  ]).set(ENTRY);
});

Deno.test("an errno of send is the error", () => {
  const error = assertThrows(() => table(() => 12).set(ENTRY), NeighborError);
  assertEquals(error.code, "NO_MEMORY");
  assertEquals(error.symbol, "ENOMEM");
});

Deno.test("a full table (in band) is NO_MEMORY and names gc_thresh3", () => {
  const full = (request: DataView) => {
    const bytes = reply("ERROR_WITH_TEXT", request);
    new DataView(bytes.buffer).setInt32(16, -ENOBUFS, true);
    return [bytes];
  };
  const error = assertThrows(
    () => table(full).create(ENTRY),
    NeighborError,
    "gc_thresh3",
  );
  assertEquals(error.code, "NO_MEMORY");
  assertEquals(error.status, ENOBUFS);
});

Deno.test("change() tells done, refused and unknown apart", () => {
  const changes = Array.from(
    { length: 4 },
    (_, i) => ({ verb: "set", ...ENTRY, address: `192.0.2.${i}` }) as const,
  );
  const outcomes = (replies: (request: DataView) => Reply[]) =>
    table(replies).change(changes).map((one) => one.outcome);
  // What is not refused was done: nothing is said of it
  for (const acknowledged of [[], [3]]) {
    assertEquals(
      outcomes((request) => [
        reply("ERROR_WITH_TEXT", request, { offset: 1 }),
        ...acknowledged.map((offset) =>
          reply("ACKNOWLEDGEMENT", request, { offset })
        ),
      ]),
      ["done", "refused", "done", "done"],
    );
  }
  // The socket says that it dropped something: what was refused is known alone,
  // whatever came after
  for (const lost of [ENOBUFS, overrun()]) {
    for (const more of [true, false]) {
      assertEquals(
        outcomes((request) => [
          reply("ERROR_WITH_TEXT", request, { offset: 1 }),
          lost,
          ...(more ? [reply("ACKNOWLEDGEMENT", request, { offset: 3 })] : []),
        ]),
        ["unknown", "refused", "unknown", "unknown"],
      );
    }
  }
  const [{ error }] = table(() => [ENOBUFS]).change(changes) as unknown as [
    { error: NeighborError },
  ];
  assertEquals(error.code, "UNKNOWN_OUTCOME");
  assertEquals(
    table(() => 12).change(changes).map((one) => one.outcome),
    Array(4).fill("refused"),
  );
});

Deno.test("a replace that reads back another row is not a success", () => {
  const replies = (after: MessageName) => (request: DataView) => [
    reply("ACKNOWLEDGEMENT", request, { offset: 1 }),
    reply(after, request, { offset: 2 }),
  ];
  const stale = table(replies("IPV4_NOARP_EXTERN_LEARN"));
  assertThrows(
    () => stale.replace(ENTRY),
    NeighborError,
    "success, yet it has 02:fc:00:00:00:08, noarp where",
  );
  const gone = table(replies("ERROR_WITH_TEXT"));
  assertThrows(
    () => gone.replace(ENTRY),
    NeighborError,
    "success, yet there is no entry where",
  );
  assertEquals(
    table(replies("IPV4_PERMANENT_PROTOCOL")).replace(ENTRY),
    "created",
  );
});

Deno.test("an interrupted dump is restarted, repeated rows are dropped", () => {
  const NLM_F_DUMP_INTR = 0x10;
  let dumps = 0;
  const rows = table((request) => {
    dumps++;
    const flags = dumps < 3 ? NLM_F_DUMP_INTR : 0;
    return [
      reply("IPV4_PERMANENT_PROTOCOL", request),
      reply("IPV4_PERMANENT_PROTOCOL", request),
      reply("DONE", request, { flags }),
    ];
  }).list({ family: "ipv4" });
  assertEquals(dumps, 3);
  assertEquals(rows.map((row) => row.address), ["192.0.2.7"]);
});

Deno.test("a dump that keeps being interrupted is an error", () => {
  let dumps = 0;
  for (const end of [[ENOBUFS], []]) {
    const broken = table((request) => {
      dumps++;
      return [reply("IPV4_PERMANENT_PROTOCOL", request), ...end];
    });
    assertThrows(() => broken.list(), NeighborError, "never ended well");
  }
  assertEquals(dumps, 16);
});

Deno.test("a row that cannot be decoded is an error, and the rest is drained", () => {
  const broken = table((request, sent) => {
    if (sent > 0) {
      return [
        reply("IPV4_PERMANENT_PROTOCOL", request),
        reply("DONE", request),
      ];
    }
    const bad = reply("IPV4_PERMANENT_PROTOCOL", request);
    bad[16] = 7;
    return [bad, reply("IPV4_PROXY", request), reply("DONE", request)];
  });
  const filter = { family: "ipv4" } as const;
  assertThrows(() => broken.list(filter), NeighborError, "Cannot decode ndmsg");
  assertEquals(broken.list(filter).length, 1);
});

Deno.test("a socket whose options are refused is closed", () => {
  const { libc, closed } = fakeLibc(() => [], ENOPROTOOPT);
  const error = assertThrows(
    () => new SystemTable(() => new LinuxBackend(() => libc)).listInterfaces(),
    NeighborError,
  );
  assertEquals(error.code, "NOT_SUPPORTED");
  assertEquals(error.operation, "setsockopt");
  assert(closed() === 2);
});

Deno.test("the error of a kernel before 5.0 names the version needed, whichever feature it lacks", () => {
  // NETLINK_GET_STRICT_CHK came with 4.20
  const { libc } = fakeLibc(() => [], ENOPROTOOPT);
  const needed = "Linux 5.0 or newer is needed";
  const strict = assertThrows(
    () => new SystemTable(() => new LinuxBackend(() => libc)).list(),
    NeighborError,
    needed,
  );
  assertEquals([strict.code, strict.status], ["NOT_SUPPORTED", ENOPROTOOPT]);
  // And the look-up of one entry with 5.0
  const lookUp = assertThrows(
    () =>
      table((request) => {
        const error = message("ERROR_WITH_TEXT").array.slice(0, 36);
        const view = new DataView(error.buffer);
        view.setUint32(0, 36, true);
        view.setUint16(6, 0, true);
        view.setUint32(8, request.getUint32(8, true), true);
        view.setInt32(16, -EOPNOTSUPP, true);
        return [error];
      }).get(KEY),
    NeighborError,
    needed,
  );
  assertEquals([lookUp.code, lookUp.status], ["NOT_SUPPORTED", EOPNOTSUPP]);
});

Deno.test("an interface is found by its name where the ioctl is refused", () => {
  const asked: number[] = [];
  const { libc } = fakeLibc((request) => {
    asked.push(request.getUint16(4, true));
    return [
      reply(
        asked.at(-1) === GETLINK ? "LINK_VETH" : "ACKNOWLEDGEMENT",
        request,
      ),
    ];
  });
  const { address, linkLayerAddress } = ENTRY;
  new SystemTable(() => new LinuxBackend(() => libc)).set({
    address,
    linkLayerAddress,
    interfaceAlias: "veth",
  });
  assertEquals(asked[0], GETLINK);
});
