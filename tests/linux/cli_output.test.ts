import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import {
  begunVerb,
  filePin,
  pinsFile,
  standing,
  TemporaryFile,
} from "../helpers/linux/applying.ts";
import { THEIRS } from "../helpers/linux/guarding.ts";
import { addressOf, linkLayerOf } from "../helpers/linux/many.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";
import { Command, words } from "../helpers/linux/process.ts";
import { soon } from "../helpers/linux/watching.ts";
import { pause } from "../helpers/pause.ts";

const COUNT = 10_000;
const PINS = Array.from(
  { length: COUNT },
  (_, i) => filePin(addressOf(i), linkLayerOf(i)),
);
const NARROW = fileURLToPath(
  new URL("../helpers/linux/narrow.ts", import.meta.url),
);

/** What runs the command, or a script that does, with a file. */
function commandOf(
  file: TemporaryFile,
  script: string,
  ...rest: string[]
): [string, ...string[]] {
  const grants = words("--allow-ffi", `--allow-read=${file.path}`);
  return [Deno.execPath(), ...grants, script, ...rest];
}

/** Runs a line of bash with the command as its arguments; returns how it ended. */
async function bash(line: string, command: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", line, "bash", ...command],
    cwd: new URL("../..", import.meta.url),
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  return { code, stdout: out!, stderr: err! };
}

/** Reads slowly what a command writes to streams that do not wait. */
async function narrow(
  streams: string,
  file: TemporaryFile,
  ...rest: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const [program, ...args] = commandOf(file, NARROW, streams, ...rest);
  const child = new Deno.Command(program, {
    args,
    cwd: new URL("../..", import.meta.url),
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const slowly = async (stream: ReadableStream<Uint8Array>) => {
    await pause(700);
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      text += decoder.decode(chunk, { stream: true });
      await pause(1);
    }
    return text;
  };
  const [stdout, stderr] = await Promise.all([
    slowly(child.stdout),
    slowly(child.stderr),
  ]);
  return { code: (await child.status).code, stdout, stderr };
}

networkTest(
  "cli writes its whole answer to a non-blocking stream",
  async () => {
    using file = new TemporaryFile(pinsFile(PINS));
    const applied = await narrow("1,2", file, "apply", file.path);
    assertEquals([applied.code, applied.stderr], [0, ""]);
    const lines = applied.stdout.split("\n");
    assertEquals(lines.length, COUNT + 2);
    assertEquals(lines[COUNT], `${COUNT} created; 0 unchanged`);

    const listed = await narrow("1", file, "list", "--json");
    assertEquals([listed.code, listed.stderr], [0, ""]);
    const rows: { state: string }[] = JSON.parse(listed.stdout);
    assertEquals(
      rows.filter(({ state }) => state === "permanent").length,
      COUNT,
    );

    const changes = PINS.map((pin) => JSON.stringify({ verb: "set", ...pin }));
    using many = new TemporaryFile(changes.join("\n"));
    const changed = await narrow("1", many, "batch", many.path, "--json");
    assertEquals([changed.code, changed.stderr], [0, ""]);
    assertEquals(changed.stdout.split("\n").length, COUNT + 2);
  },
);

networkTest(
  "cli writes a whole error to a non-blocking stream",
  async () => {
    const changes = PINS.map((pin) => JSON.stringify({ verb: "set", ...pin }));
    using file = new TemporaryFile(changes.join("\n"));
    const words = ["batch", file.path, "--keep-going"];
    const { code, stderr } = await narrow("2", file, ...words);
    assertEquals(code, 3);
    assertEquals(stderr.split("\n").length, COUNT + 1);
  },
);

networkTest(
  "cli apply --watch drops no line when stdout is a file",
  async () => {
    using file = new TemporaryFile(pinsFile(PINS));
    using output = new TemporaryFile("");
    const command = commandOf(file, "cli.ts", "apply", file.path, "--watch");
    await using guard = new Command(
      "bash",
      ...["-c", `exec "$@" > ${output.path}`, "bash", ...command],
    );
    const end = performance.now() + 60_000;
    let lines: string[] = [];
    while (!lines.some((line) => line.includes(" guarding "))) {
      assert(performance.now() < end, `${lines.length} lines`);
      await pause(50);
      lines = Deno.readTextFileSync(output.path).split("\n");
    }
    assertEquals(lines.filter((line) => line.startsWith("+ ")).length, COUNT);
    assertEquals(lines.filter((line) => line.startsWith("! ")), []);
    assertEquals(lines[COUNT], `${COUNT} created; 0 unchanged`);
    assertEquals(await guard.end("SIGTERM"), 0);
  },
);

for (const options of ["", "--json"]) {
  networkTest(
    `cli apply ${options} reports its result on standard error where stdout is full`,
    async () => {
      const pins = PINS.slice(0, 3);
      using file = new TemporaryFile(pinsFile(pins));
      const command = commandOf(file, "cli.ts", "apply", file.path);
      const { code, stderr } = await bash(
        `"$@" ${options} > /dev/full`,
        command,
      );
      assertEquals(code, 1);
      assertStringIncludes(stderr, "Cannot write the answer: No space left");
      assertStringIncludes(stderr, "3 created; 0 unchanged");
      if (options !== "") assertEquals(JSON.parse(stderr).error.code, "OTHER");
      assertEquals(standing().length, 3);
      // Both streams are full, so only the exit code reports it
      const silent = await bash(
        `"$@" ${options} > /dev/full 2> /dev/full`,
        command,
      );
      assertEquals(silent, { code: 1, stdout: "", stderr: "" });
    },
  );
}

networkTest(
  "cli batch makes every change while its output is blocked",
  async () => {
    const changes = PINS.slice(0, 300)
      .map((pin) => JSON.stringify({ verb: "create", ...pin }));
    using file = new TemporaryFile(changes.join("\n"));
    const command = commandOf(file, "cli.ts", "batch", file.path, "--json");
    const { code, stderr } = await bash('"$@" > /dev/full', command);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "300 done, 0 refused");
    assertEquals(standing().length, 300);
  },
);

networkTest(
  "cli import and apply --check, which change nothing, report only that stdout is full",
  async () => {
    const [pin] = PINS;
    const line = `${pin!.linkLayerAddress} ${pin!.address}`;
    using ethers = new TemporaryFile(line);
    using pins = new TemporaryFile(pinsFile(PINS.slice(0, 3)));
    for (
      const command of [
        commandOf(ethers, "cli.ts", "import", ethers.path, "-i", DEVICE),
        commandOf(pins, "cli.ts", "apply", pins.path, "--check"),
      ]
    ) {
      const { code, stderr } = await bash('"$@" > /dev/full', command);
      assertEquals(code, 1);
      assertEquals(
        stderr,
        "neighbor: Cannot write the answer: No space left on device " +
          "(os error 28)\n",
      );
    }
  },
);

networkTest(
  "cli ends with the same exit code where a stream is closed",
  async () => {
    // The Rust runtime opens /dev/null in its place, so the two look the same
    using file = new TemporaryFile(pinsFile(PINS.slice(0, 3)));
    const apply = commandOf(file, "cli.ts", "apply", file.path);
    const none = { code: 0, stdout: "", stderr: "" };
    assertEquals(await bash('"$@" >&- 2>&-', apply), none);
    assertEquals(standing().length, 3);
    assertEquals(await bash('"$@" >&-', apply), none);
    const wrong = commandOf(file, "cli.ts", "get");
    assertEquals(await bash('"$@" 2>&-', wrong), { ...none, code: 2 });
  },
);

for (
  const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], [
    "SIGHUP",
    129,
  ]] as const
) {
  networkTest(
    `cli batch stops between two changes at ${signal}: ${code}`,
    async ({ table }) => {
      const count = 80_000;
      const changes = Array.from({ length: count }, (_, i) =>
        JSON.stringify({
          verb: "create",
          ...filePin(addressOf(i), linkLayerOf(i)),
        }));
      using file = new TemporaryFile(changes.join("\n"));
      const first = { address: addressOf(0), interfaceAlias: DEVICE };
      const interrupted = async () => {
        const child = await begunVerb(
          "batch",
          file.path,
          () => table.get(first) !== undefined,
        );
        child.kill(signal);
        return await soon(child.output());
      };
      let ended = await interrupted();
      // Again, where it was done before the signal came
      for (let tries = 1; ended.code === 0 && tries < 5; tries++) {
        table.flush({ interfaceAlias: DEVICE, permanent: true });
        ended = await interrupted();
      }
      const [stdout, stderr] = [ended.stdout, ended.stderr].map((bytes) =>
        new TextDecoder().decode(bytes)
      );
      assertEquals([ended.code, stderr], [
        code,
        "neighbor: Interrupted: what was done stays\n",
      ]);
      const [, done, rest] =
        /^(\d+) done, 0 refused, (\d+) not tried\n$/.exec(stdout!) ?? [];
      assertEquals(standing().length, Number(done));
      assertEquals(Number(done) + Number(rest), count);
    },
  );
}

networkTest(
  "an interrupted cli apply does not wait for a stalled reader",
  async () => {
    using file = new TemporaryFile(pinsFile(PINS));
    const [program, ...args] = commandOf(file, "cli.ts", "apply", file.path);
    const child = new Deno.Command(program, {
      args,
      cwd: new URL("../..", import.meta.url),
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const end = performance.now() + 60_000;
    while (standing().length < COUNT) {
      assert(performance.now() < end, "not applied");
      await pause(50);
    }
    // All is applied when lines come, and 640 KB of them do not fit into the pipe
    const lines = child.stdout.getReader();
    await soon(lines.read());
    await pause(500);
    child.kill("SIGTERM");
    const { code } = await soon(child.status);
    assertEquals(code, 143);
    const stderr = await new Response(child.stderr).text();
    assertStringIncludes(stderr, "interrupted while its reader stalled");
    assertStringIncludes(stderr, `${COUNT} created; 0 unchanged`);
    await lines.cancel();
    assertEquals(standing().length, COUNT);
  },
);

networkTest(
  "cli apply --watch ends with 0 at SIGHUP during repairs",
  async () => {
    ip(`neigh add ${addressOf(1)} lladdr ${THEIRS} dev ${DEVICE}`);
    using file = new TemporaryFile(pinsFile(PINS.slice(0, 2)));
    await using guard = new Command(
      ...commandOf(file, "cli.ts", "apply", file.path, "--watch"),
    );
    while (!(await guard.line())?.includes(" guarding 2 entries ")) {
      // Until it is at work
    }
    assertEquals(await guard.end("SIGHUP"), 0);
    assertEquals(standing().length, 2);
  },
);
