import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  filePin,
  pinsFile,
  standing,
  TemporaryFile,
} from "../helpers/linux/applying.ts";
import { OURS, Pair, THEIRS } from "../helpers/linux/guarding.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";
import { Command, LIBC, words } from "../helpers/linux/process.ts";
import { pause } from "../helpers/pause.ts";

/** What runs `neighbor apply FILE --watch`. */
function watchWords(
  file: TemporaryFile,
  grant = "--allow-ffi",
): [string, ...string[]] {
  return [
    Deno.execPath(),
    ...words(grant, `--allow-read=${file.path}`),
    ...["cli.ts", "apply", file.path, "--watch"],
  ];
}

/** The line without its time. */
function untimed(line: string | undefined): string {
  return line?.replace(/ \d{4}-\d\d-\d\dT[\d:.]+Z /, " TIME ") ?? "(no line)";
}

const PINS = [filePin("10.0.0.7"), filePin("10.0.0.8")];
const APPLIED = PINS.map(({ address }) => `${address} ${OURS} PERMANENT`);

/** Waits until the pins are there, at most a minute. */
async function untilApplied(): Promise<void> {
  const end = performance.now() + 60_000;
  while (standing().join() !== APPLIED.join()) {
    assert(performance.now() < end, standing().join());
    await pause(50);
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  networkTest(
    `cli apply --watch prints each repair with the row found, and ends with 0 at ${signal}`,
    async () => {
      using file = new TemporaryFile(pinsFile(PINS));
      await using command = new Command(
        ...watchWords(file, `--allow-ffi=${LIBC}`),
      );
      const next = async () => untimed(await command.line());
      assertEquals(await next(), `+ 10.0.0.7        ${OURS} ${DEVICE}`);
      assertEquals(await next(), `+ 10.0.0.8        ${OURS} ${DEVICE}`);
      assertEquals(await next(), "2 created; 0 unchanged");
      assertMatch((await next())!, /^\. TIME guarding 2 entries of /);
      const here = `dev ${DEVICE}`;
      ip(`neigh replace 10.0.0.7 lladdr ${THEIRS} nud reachable ${here}`);
      assertEquals(
        await next(),
        `~ TIME 10.0.0.7        ${OURS} ${DEVICE} found ${THEIRS} reachable`,
      );
      ip(`neigh del 10.0.0.7 ${here}`);
      assertEquals(
        await next(),
        `+ TIME 10.0.0.7        ${OURS} ${DEVICE} found nothing (repair 2)`,
      );
      assertEquals(standing(), APPLIED);
      assertEquals(await command.end(signal), 0);
      assertEquals(await next(), ". TIME ended: 2 repairs, 0 refused");
      assertEquals(await command.line(), undefined);
      assertEquals(standing(), APPLIED);
    },
  );
}

networkTest("cli apply --watch --json prints one object per line", async () => {
  const pins = [PINS[0]!, filePin("10.9.0.7", OURS, "late")];
  using file = new TemporaryFile(pinsFile(pins));
  await using command = new Command(
    ...watchWords(file),
    ...["--json", "--prune", "--interval", "20"],
  );
  const next = async () => JSON.parse((await command.line()) ?? "null");
  const start = Date.now();
  const applied = await next();
  assertEquals(applied.type, "applied");
  assertEquals(applied.summary.created, 1);
  assert(Math.abs(Date.parse(applied.time) - start) < 60_000);
  const waiting = await next();
  assertEquals([waiting.type, waiting.entries], ["waiting", [pins[1]]]);
  assertEquals(waiting.error.code, "INTERFACE_NOT_FOUND");
  using pair = new Pair("late");
  const arrived = await next();
  assertEquals([arrived.type, arrived.entries], ["arrived", [pins[1]]]);
  const made = await next();
  assertEquals(
    [made.type, made.outcome, made.entry, made.found, made.repairs],
    ["repaired", "created", pins[1], null, 1],
  );
  ip(`neigh add 10.0.0.9 lladdr ${THEIRS} nud permanent dev ${DEVICE}`);
  const pruned = await next();
  assertEquals([pruned.type, pruned.outcome], ["repaired", "removed"]);
  assertEquals(pruned.found.linkLayerAddress, THEIRS);
  pair.go();
  assertEquals((await next()).type, "waiting");
  const sysctl = `/proc/sys/net/ipv6/conf/${DEVICE}/disable_ipv6`;
  Deno.writeTextFileSync(sysctl, "1");
  await pause(30);
  assertEquals(await command.end("SIGTERM"), 0);
  const { type, repairs, refusals } = await next();
  assertEquals([type, repairs, refusals], ["ended", 2, 0]);
});

networkTest("cli apply --watch reports a refused repair once", async () => {
  const pins = [...PINS, filePin("2001:db8::7")];
  using file = new TemporaryFile(pinsFile(pins));
  await using command = new Command(...watchWords(file), "--json");
  const next = async () => JSON.parse((await command.line()) ?? "null");
  assertEquals((await next()).type, "applied");
  const sysctl = `/proc/sys/net/ipv6/conf/${DEVICE}/disable_ipv6`;
  Deno.writeTextFileSync(sysctl, "1");
  const refused = await next();
  assertEquals([refused.type, refused.entry], ["refused", pins[2]]);
  assertEquals(refused.error.code, "NOT_SUPPORTED");
  // The next tries, of which nothing tells
  await pause(1000);
  ip(`neigh del 10.0.0.7 dev ${DEVICE}`);
  const repaired = await next();
  assertEquals([repaired.type, repaired.entry], ["repaired", pins[0]]);
  assertEquals(await command.end("SIGINT"), 0);
  const { repairs, refusals } = await next();
  assertEquals(repairs, 1);
  assert(refusals >= 2, `${refusals}`);
});

networkTest(
  "cli apply --watch continues when its reader is gone",
  async () => {
    using file = new TemporaryFile(pinsFile(PINS));
    // The complaint goes past the reader, to the end of this pipe
    await using command = new Command(
      "bash",
      "-c",
      'exec 3>&1; "$@" 2>&3 > >(head -n 1 >&3) & echo $!; wait $!; echo exit $?',
      "bash",
      ...watchWords(file),
    );
    const pid = Number(await command.line());
    assert((await command.line())?.startsWith("+ 10.0.0.7 "));
    const complaint = command.line();
    // Lines already read do not count: the first unread one is reported
    for (let i = 0; i < 240; i++) {
      const isTold = await Promise.race([
        complaint.then(() => true),
        pause(120),
      ]);
      if (isTold === true) break;
      ip(`neigh replace 10.0.0.7 lladdr ${THEIRS} dev ${DEVICE}`);
    }
    assertMatch(
      (await complaint) ?? "",
      /Broken pipe.*: the guard continues without output/,
    );
    ip(`neigh replace 10.0.0.7 lladdr ${THEIRS} dev ${DEVICE}`);
    await untilApplied();
    Deno.kill(pid, "SIGTERM");
    assertEquals(await command.line(), "exit 0");
  },
);

networkTest(
  "a stalled reader blocks neither cli apply --watch nor a signal",
  async () => {
    const count = 3000;
    const pins = Array.from(
      { length: count },
      (_, i) => filePin(`10.3.${i >> 8}.${i & 255}`),
    );
    using file = new TemporaryFile(pinsFile(pins));
    await using command = new Command(...watchWords(file), "--json");
    assertEquals(JSON.parse((await command.line())!).type, "applied");
    const start = performance.now();
    for (let round = 0; round < 2; round++) {
      ip(`link set ${DEVICE} down`);
      ip(`link set ${DEVICE} up`);
      // More lines than a pipe and the queue before it hold
      while (standing().length < count) {
        assert(performance.now() - start < 60_000, "repairs have stopped");
        await pause(50);
      }
    }
    const end = performance.now();
    assertEquals(await command.end("SIGTERM"), 0);
    assert(performance.now() - end < 30_000, "the signal was not heard");
  },
);

networkTest(
  "cli apply --watch reports the number of lines lost to a full disk",
  async () => {
    using file = new TemporaryFile(pinsFile(PINS));
    await using command = new Command(
      "bash",
      "-c",
      'exec 3>&1; "$@" 2>&3 >/dev/full & echo $!; wait $!; echo exit $?',
      "bash",
      ...watchWords(file),
    );
    const pid = Number(await command.line());
    assertMatch(
      (await command.line())!,
      /No space left.*: the guard continues without output/,
    );
    ip(`neigh replace 10.0.0.7 lladdr ${THEIRS} dev ${DEVICE}`);
    await untilApplied();
    Deno.kill(pid, "SIGTERM");
    assertMatch((await command.line())!, /Cannot write the answer: No space/);
    assertEquals(await command.line(), "exit 1");
  },
);
