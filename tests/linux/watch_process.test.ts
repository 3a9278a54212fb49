import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { LIBC_PATHS } from "../../ffi/linux/libc.ts";
import { DEVICE, ip, networkTest } from "./network.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MOD = new URL("../../mod.ts", import.meta.url).href;

/** What `deno run` is begun with. */
function words(grant: string): string[] {
  return [
    ...["run", "--quiet", "--no-prompt", "--no-check", "--no-lock"],
    ...["--config", `${ROOT}/deno.json`, grant],
  ];
}

/** Runs a script; whether it ended by itself within ten seconds, and what it said. */
async function script(source: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...words("--allow-ffi"), "-"],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(source));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  clearTimeout(late);
  const text = new TextDecoder();
  assertEquals(code, 0, text.decode(stderr));
  return text.decode(stdout).trim();
}

for (
  const [how, body] of [
    [
      "was aborted at rest",
      `
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 50);
      const options = { signal: controller.signal };
      for await (const _ of watchNeighbors(options));`,
    ],
    ["was left", "for await (const _ of watchNeighbors()) break;"],
    ["was forgotten", "watchNeighbors(); await watchNeighbors().next();"],
    [
      "ended with its table",
      `
      const table = openNeighborTable();
      const watch = table.watch({ initial: false });
      setTimeout(() => table.close(), 50);
      await watch.next();`,
    ],
  ] as const
) {
  networkTest(`a process whose watch ${how} ends`, async () => {
    ip(`neigh add 10.0.0.7 lladdr 02:fc:00:00:00:05 dev ${DEVICE}`);
    assertEquals(
      await script(`
        import { openNeighborTable, watchNeighbors } from "${MOD}";
        void openNeighborTable;
        ${body}
        console.log("over");`),
      "over",
    );
  });
}

/** A command and the lines it prints, as they come. */
class Command implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(command: string, ...args: string[]) {
    this.#child = new Deno.Command(command, {
      args,
      cwd: ROOT,
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#lines = linesOf(this.#child.stdout);
  }

  async line(): Promise<string | undefined> {
    const { value, done } = await this.#lines.next();
    return done === true ? undefined : value;
  }

  async end(signal: Deno.Signal): Promise<number> {
    this.#child.kill(signal);
    return (await this.#child.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended
    }
    await this.#lines.return?.();
    await this.#child.status;
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>) {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

const LIBC = LIBC_PATHS[Deno.build.arch].find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  networkTest(
    `neighbor watch needs no privilege and one library, and ends with 0 by ${signal}`,
    async () => {
      ip(`neigh add 10.0.0.7 lladdr 02:fc:00:00:00:05 dev ${DEVICE}`);
      await using command = new Command(
        ...["setpriv", "--bounding-set=-all", "--inh-caps=-all"] as const,
        ...[Deno.execPath(), ...words(`--allow-ffi=${LIBC}`), "cli.ts"],
        ...["watch", "--json", "--subnet", "10.0.0.0/24"],
      );
      const next = async () => JSON.parse((await command.line())!);
      const first = await next();
      assertEquals([first.type, first.initial], ["added", true]);
      ip(`neigh del 10.0.0.7 dev ${DEVICE}`);
      const second = await next();
      assertEquals(second.type, "removed");
      assertEquals(second.neighbor, null);
      assertEquals(second.previous.address, "10.0.0.7");
      assert(Date.parse(second.time) >= Date.parse(first.time));
      assertEquals(await command.end(signal), 0);
    },
  );
}

networkTest("neighbor watch ends with 0 when its reader has gone", async () => {
  ip(`neigh add 10.0.0.7 lladdr 02:fc:00:00:00:05 dev ${DEVICE}`);
  const watch = [Deno.execPath(), ...words("--allow-ffi"), "cli.ts", "watch"];
  // The reader goes after a line; what is written then finds nobody
  await using command = new Command(
    ...[
      "bash",
      "-c",
      'set -o pipefail; "$@" | head -n 1; echo $?',
      "bash",
    ] as const,
    ...[...watch, "--subnet", "10.0.0.0/8"],
  );
  assert((await command.line())?.includes("10.0.0.7"));
  // head may need a moment to go
  for (let i = 8; i < 100; i++) {
    const made = `10.0.0.${i} lladdr 02:fc:00:00:00:05 dev ${DEVICE}`;
    ip(`neigh add ${made}`);
  }
  assertEquals(await command.line(), "0");
});
