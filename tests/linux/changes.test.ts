import { assert, assertEquals, assertMatch } from "@std/assert";
import { TemporaryFile } from "../helpers/linux/applying.ts";
import {
  attempt,
  DEVICE,
  ip,
  type Network,
  networkTest,
  run,
} from "../helpers/linux/network.ts";
import { Command, words } from "../helpers/linux/process.ts";
import { neighbor } from "../helpers/linux/command.ts";
import { notInstalled } from "../helpers/skipped.ts";
import { works } from "../helpers/linux/namespace.ts";
import { pause } from "../helpers/pause.ts";

/** What runs `neighbor watch --changes` on the device of the test. */
function changesWords(...more: readonly string[]): [string, ...string[]] {
  return [
    Deno.execPath(),
    ...words("--allow-ffi", "--allow-read"),
    ...["cli.ts", "watch", "--changes", "-i", DEVICE, ...more],
  ];
}

/**
 * Adds rows until the command tells of one, and waits for the last of them: then
 * it has read the table, and misses nothing.
 */
async function started(command: Command): Promise<void> {
  const line = command.line();
  let isTold = false;
  void line.then(() => isTold = true);
  let last = 0;
  while (!isTold && last < 250) {
    ip(`neigh add 10.9.9.${++last} lladdr 02:fc:00:00:09:09 dev ${DEVICE}`);
    // 250 of them are more than half a minute, for a slow start
    await pause(150);
  }
  let text = await line;
  while (!text!.includes(`10.9.9.${last}`)) text = await command.line();
  // Further lines may follow: those of a link-layer address on many addresses
  for (let i = 1; i <= last; i++) ip(`neigh del 10.9.9.${i} dev ${DEVICE}`);
}

/** The next line that is not about a row of `started`. */
async function next(command: Command): Promise<string> {
  for (;;) {
    const line = untimed(await command.line());
    if (!/10\.9\.9\.|02:fc:00:00:09:09/.test(line)) return line;
  }
}

/** Waits until a program captures packets here. */
async function captures(): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    const [, ...lines] = Deno.readTextFileSync("/proc/self/net/packet")
      .trim().split("\n");
    if (lines.length > 0) return;
    await pause(50);
  }
  throw new Error("arpwatch has not started");
}

/** The line without its time. */
function untimed(line: string | undefined): string {
  return line?.replace(/^(.) \d\d-\d\d \d\d:\d\d:\d\d /, "$1 ") ?? "(none)";
}

const [A, B] = ["02:fc:00:00:00:0a", "02:fc:00:00:00:0b"];

networkTest(
  "cli watch --changes prints new and changed stations, and the gateway's change",
  async () => {
    const here = `dev ${DEVICE} nud stale`;
    ip(`neigh add 10.0.0.9 lladdr ${A} ${here}`);
    ip(`route add default via 10.0.0.9 dev ${DEVICE}`);
    await using command = new Command(...changesWords());
    await started(command);
    // The row of the gateway was there: it is known
    ip(`neigh replace 10.0.0.9 lladdr ${B} ${here}`);
    assertEquals(
      await next(command),
      `~ changed 10.0.0.9 ${B} ${DEVICE} was ${A} default gateway`,
    );
    ip(`neigh replace 10.0.0.9 lladdr ${A} ${here}`);
    assertEquals(
      await next(command),
      `~ flip flop 10.0.0.9 ${A} ${DEVICE} was ${B} default gateway`,
    );
    ip(`route replace default via 10.0.0.8 dev ${DEVICE}`);
    assertEquals(
      await next(command),
      `> default gateway 10.0.0.8 ${DEVICE} was 10.0.0.9 ${DEVICE}`,
    );
    // One with a higher metric is not used
    ip(`route add default via 10.0.0.7 dev ${DEVICE} metric 50`);
    ip(`-6 route add default via fe80::9 dev ${DEVICE}`);
    assertEquals(
      await next(command),
      `> default gateway fe80::9 ${DEVICE} was none`,
    );
    // The kernel does not announce that it drops the routes of a device
    ip(`link set ${DEVICE} down`);
    const two = [await next(command), await next(command)].sort();
    assertEquals(two, [
      `> default gateway none was 10.0.0.8 ${DEVICE}`,
      `> default gateway none was fe80::9 ${DEVICE}`,
    ]);
    assertEquals(await command.end("SIGINT"), 0);
    assertEquals(await command.line(), undefined);
  },
);

networkTest(
  "cli watch --changes breaks a finding at 80 columns on a terminal only",
  async () => {
    ip(`neigh add 10.0.0.9 lladdr ${A} dev ${DEVICE} nud stale`);
    ip(`route add default via 10.0.0.9 dev ${DEVICE}`);
    // script(1) takes one line for a shell
    const line = changesWords().map((word) => `'${word}'`).join(" ");
    await using command = new Command("script", "-qec", line, "/dev/null");
    await started(command);
    ip(`neigh replace 10.0.0.9 lladdr ${B} dev ${DEVICE} nud stale`);
    assertEquals(
      await next(command),
      `~ changed 10.0.0.9 ${B} ${DEVICE} was ${A}\r`,
    );
    assertEquals(await next(command), "    default gateway\r");
    await command.end("SIGTERM");
  },
  works("script", "--version") ? undefined : notInstalled("script", "bsdutils"),
);

networkTest(
  "cli watch --changes --known tells what differs from an earlier list, or from pins",
  async () => {
    const here = `dev ${DEVICE} nud stale`;
    ip(`neigh add 10.0.0.7 lladdr ${A} ${here}`);
    ip(`neigh add 10.0.0.8 lladdr ${A} ${here}`);
    const { stdout } = await neighbor(["list", "--json", "-4"]);
    using list = new TemporaryFile(stdout);
    const [{ ifindex: interfaceIndex }] = JSON.parse(
      ip(`-j link show ${DEVICE}`),
    );
    const neighbors = ["10.0.0.7", "10.0.0.8"].map((address) => ({
      ...{ address, linkLayerAddress: A, interfaceIndex },
    }));
    using pins = new TemporaryFile(JSON.stringify({ neighbors }));
    ip(`neigh replace 10.0.0.8 lladdr ${B} ${here}`);
    ip(`neigh add 10.0.0.9 lladdr 02:fc:00:00:00:0c ${here}`);
    ip(`neigh del 10.0.0.7 dev ${DEVICE}`);
    for (const { path } of [list, pins]) {
      await using command = new Command(
        ...changesWords("-4", "--json", "--known", path),
      );
      const found: unknown[] = [];
      for (let i = 0; i < 2; i++) {
        const { type, address, previous } = JSON.parse((await command.line())!);
        found.push([type, address, previous]);
      }
      assertEquals(found.sort(), [
        ["changed", "10.0.0.8", A],
        ["new", "10.0.0.9", null],
      ]);
      assertEquals(await command.end("SIGTERM"), 0);
    }
  },
);

/** What the far end says: an address, and the link-layer address it has. */
const TRAFFIC = [
  ["192.0.2.2", "02:fc:00:00:00:02"],
  ["192.0.2.3", "02:fc:00:00:00:02"],
  ["192.0.2.2", "02:fc:00:00:00:66"],
  ["192.0.2.2", "02:fc:00:00:00:02"],
  ["192.0.2.2", "02:fc:00:00:00:66"],
  ["192.0.2.2", "02:fc:00:00:00:77"],
  // Back to one that is not the last before
  ["192.0.2.2", "02:fc:00:00:00:02"],
  ["192.0.2.4", "02:fc:00:00:00:04"],
] as const;

/** Has the far end ask for an address here, so that it says its own. */
function say({ there, far }: Network, address: string, mac: string): void {
  there(`link set vb address ${mac}`);
  there("addr flush dev vb");
  there(`addr add ${address}/24 dev vb`);
  there("neigh flush dev vb");
  run(...far, "bash", "-c", "echo >/dev/udp/192.0.2.1/9");
}

/** The findings in the mails and the log lines of arpwatch. */
function ofArpwatch(text: string): string[] {
  const types: Readonly<Record<string, string>> = {
    "new station": "new",
    "changed ethernet address": "changed",
    "flip flop": "flip-flop",
    "reused old ethernet address": "flip-flop",
  };
  const mails = text.matchAll(
    /Subject: ([a-z ]+) \((\S+)\)[^]*?\n +ethernet address: (\S+)/g,
  );
  const logged = text.matchAll(
    /^arpwatch: (reused old ethernet address) (\S+) (\S+)/gm,
  );
  return [...mails, ...logged].map(([, words, address, mac]) => {
    const type = types[words!];
    assert(type !== undefined, words);
    return `${type} ${address} ${mac}`;
  });
}

const isThere = attempt("sh", "-c", "command -v arpwatch").success;

networkTest(
  "cli watch --changes finds what arpwatch finds in the same traffic",
  async (network) => {
    // Other networks are left, so that arpwatch can ask no name server
    ip(`addr flush dev ${DEVICE}`);
    ip(`addr add 192.0.2.1/24 dev ${DEVICE}`);
    using data = new TemporaryFile("");
    const line = `exec arpwatch -d -N -i ${DEVICE} -f ${data.path} 2>&1`;
    await using arpwatch = new Command("sh", "-c", line);
    await using command = new Command(...changesWords("-4", "--json"));
    await started(command);
    await captures();
    const found: string[] = [];
    let shared = 0;
    const read = async () => {
      for (;;) {
        const one = JSON.parse(await next(command));
        const { type, address, linkLayerAddress } = one;
        if (type !== "shared") {
          return void found.push(`${type} ${address} ${linkLayerAddress}`);
        }
        shared++;
      }
    };
    for (const [address, mac] of TRAFFIC) {
      say(network, address, mac);
      await read();
    }
    // It reads packets once a second, and each mail is printed by a process of
    // its own
    let text = "";
    const [last] = TRAFFIC.at(-1)!;
    while (!text.includes(`(${last})`)) text += await arpwatch.line() + "\n";
    await pause(500);
    await arpwatch.end("SIGTERM");
    for (let one; (one = await arpwatch.line()) !== undefined;) {
      text += one + "\n";
    }
    const theirs = ofArpwatch(text);
    // It also hears what this end says
    const own = theirs.filter((one) => one.includes(" 192.0.2.1 "));
    assertEquals(own, ["new 192.0.2.1 02:fc:00:00:00:01"]);
    assertEquals(
      theirs.filter((one) => !own.includes(one)).toSorted(),
      found.toSorted(),
    );
    assertEquals(found.length, TRAFFIC.length);
    // 192.0.2.3 came to the link-layer address of 192.0.2.2: arpwatch has no
    // word for it
    assertMatch(`${shared}`, /^[1-9]$/);
  },
  isThere ? undefined : notInstalled("arpwatch"),
);
