import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { NeighborTable } from "../../mod.ts";
import { begun, pinsFile, TemporaryFile } from "../helpers/linux/applying.ts";
import { THEIRS } from "../helpers/linux/guarding.ts";
import { addressOf } from "../helpers/linux/many.ts";
import { pinsOn } from "../helpers/linux/moving.ts";
import { works } from "../helpers/linux/namespace.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";
import { Command, words } from "../helpers/linux/process.ts";
import { soon } from "../helpers/linux/watching.ts";
import {
  assertAsBefore,
  indexOf,
  rowsOf,
  type Snapshot,
  snapshot,
} from "../helpers/linux/witness.ts";
import { notInstalled } from "../helpers/skipped.ts";

/** So many that there is a middle to be interrupted in. */
const COUNT = 40_000;
const FILE = pinsFile(pinsOn(DEVICE, COUNT) as never);

/** The exit code of a program ended by a signal: 128 plus its number. */
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const OPTIONS: readonly (readonly string[])[] = [
  [],
  ["--prune", "--json"],
  ["--watch"],
  ["--watch", "--json"],
];
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What the first pins meet: nothing, then rows of each kind, one to prune. */
function seed(): void {
  const on = `dev ${DEVICE}`;
  ip(`neigh replace ${addressOf(1)} lladdr ${THEIRS} nud permanent ${on}`);
  ip(`neigh replace ${addressOf(2)} lladdr ${THEIRS} nud stale ${on}`);
  ip(`neigh replace 10.0.0.9 lladdr ${THEIRS} nud permanent ${on}`);
}

/** Where a command ended that a signal came to in the middle of its work. */
interface Interrupted {
  readonly before: Snapshot;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Has a command apply the file, and interrupts it; again, where it was done
 * before the signal came.
 */
async function interrupted(
  table: NeighborTable,
  options: readonly string[],
  interrupt: (child: Deno.ChildProcess) => void | Promise<void>,
): Promise<Interrupted> {
  using file = new TemporaryFile(FILE);
  const first = { address: addressOf(0), interfaceAlias: DEVICE };
  for (let tries = 1;; tries++) {
    seed();
    const before = snapshot();
    const hasBegun = () => table.get(first) !== undefined;
    const child = await begun(file.path, hasBegun, ...options);
    await interrupt(child);
    const { code, stdout, stderr } = await soon(child.output());
    if (code !== 0 || tries === 5) {
      const text = new TextDecoder();
      return {
        before,
        code,
        stdout: text.decode(stdout),
        stderr: text.decode(stderr),
      };
    }
    table.flush({ interfaceAlias: DEVICE, permanent: true });
  }
}

for (const signal of SIGNALS) {
  for (const options of OPTIONS) {
    const words = ["apply", ...options].join(" ");
    networkTest(
      `${words} rolls everything back and ends with ${
        CODES[signal]
      } at ${signal}`,
      async ({ table }) => {
        const { before, code, stdout, stderr } = await interrupted(
          table,
          options,
          (child) => child.kill(signal),
        );
        assertAsBefore(before);
        assertEquals(code, CODES[signal], stderr.slice(0, 300));
        assertStringIncludes(stderr, "everything was put back as it was");
        if (!options.includes("--json")) return;
        assertEquals(stdout, "");
        const { error } = JSON.parse(stderr);
        const outcomes: string[] = error.entries.map(
          (one: { outcome: string }) => one.outcome,
        );
        // It was in the middle of it
        assertEquals([...new Set(outcomes)], ["restored", "untouched"]);
      },
    );
  }

  networkTest(
    `a busy guard ends with 0 at ${signal}, and its pins stay`,
    async () => {
      const pins = pinsOn(DEVICE, 20);
      using file = new TemporaryFile(pinsFile(pins as never));
      await using command = new Command(
        Deno.execPath(),
        ...words("--allow-ffi", `--allow-read=${file.path}`),
        ...["cli.ts", "apply", file.path, "--watch", "--json"],
      );
      assertEquals(JSON.parse((await command.line())!).type, "applied");
      const after = snapshot();
      const index = indexOf(after, DEVICE);
      assertEquals(Object.keys(rowsOf(after, index)).length, 20);
      // First busy, then idle
      ip(`neigh del ${addressOf(3)} dev ${DEVICE}`);
      assertEquals(JSON.parse((await command.line())!).type, "repaired");
      assertEquals(await command.end(signal), 0);
      const last = JSON.parse((await command.line()) ?? "null");
      assertEquals([last?.type, last?.repairs], ["ended", 1]);
      assertAsBefore(after);
      // Nobody guards any more
      ip(`neigh del ${addressOf(3)} dev ${DEVICE}`);
      await pause(100);
      assertEquals(Object.keys(rowsOf(snapshot(), index)).length, 19);
    },
  );

  networkTest(
    `a second ${signal} does not interrupt the rollback`,
    async ({ table }) => {
      const { before, code } = await interrupted(table, [], async (child) => {
        child.kill(signal);
        for (let i = 0; i < 5; i++) {
          await pause(5);
          try {
            child.kill(signal);
          } catch {
            // It has ended
            return;
          }
        }
      });
      assertAsBefore(before);
      assertEquals(code, CODES[signal]);
    },
  );
}

networkTest(
  "a terminal that hangs up in the first application leaves nothing half done",
  async ({ table }) => {
    using file = new TemporaryFile(FILE);
    const first = { address: addressOf(0), interfaceAlias: DEVICE };
    for (let tries = 1;; tries++) {
      seed();
      const before = snapshot();
      const shell = new Deno.Command("python3", {
        args: [
          ...["-c", HANGUP, Deno.execPath()],
          ...words("--allow-ffi", `--allow-read=${file.path}`),
          ...["cli.ts", "apply", file.path, "--watch"],
        ],
        cwd: new URL("../..", import.meta.url),
        env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
        stdin: "piped",
        stdout: "piped",
      }).spawn();
      const end = performance.now() + 60_000;
      while (table.get(first) === undefined) {
        assert(performance.now() < end, "nothing was applied");
        await pause(1);
      }
      await shell.stdin.close();
      const { stdout } = await soon(shell.output());
      const code = new TextDecoder().decode(stdout).trim();
      // A guard ends with 0: all was applied before the terminal was gone
      if (code !== "0" || tries === 5) {
        assertAsBefore(before);
        assertEquals(code, "129");
        return;
      }
      table.flush({ interfaceAlias: DEVICE, permanent: true });
    }
  },
  works("python3", "-c", "import pty") ? undefined : notInstalled("python3"),
);

/** Runs a command on a terminal, closes that, and prints its exit code. */
const HANGUP = `
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[1], sys.argv[1:])
sys.stdin.read()
os.close(terminal)
_, status = os.waitpid(child, 0)
code = os.waitstatus_to_exitcode(status)
print(code if code >= 0 else 128 - code)
`;
import { pause } from "../helpers/pause.ts";
