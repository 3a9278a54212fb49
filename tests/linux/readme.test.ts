import { assert, assertEquals } from "@std/assert";
import { Clone, installWords } from "../helpers/clone.ts";
import { type Network, networkTest } from "../helpers/linux/network.ts";

const README = Deno.readTextFileSync(
  new URL("../../README.md", import.meta.url),
);
const GATEWAY = "192.0.2.1";

/** A command that README shows, and what it says that is printed. */
interface Shown {
  readonly command: string;
  readonly output: string;
}

/** Every `$ command` of README's console blocks, in their order. */
function shown(): Shown[] {
  const blocks = [...README.matchAll(/^```console\n(.*?)^```$/gms)];
  return blocks.flatMap(([, block]) =>
    block!.split(/^\$ /m).slice(1).map((text) => {
      const [command, ...output] = text.split("\n");
      return { command: command!, output: output.join("\n") };
    })
  );
}

/** Times, ages and indexes are another run's. */
function normal(text: string): string {
  return text
    .replaceAll(/(?<= stale +eth0 +)\d[0-9dhms]*$/gm, "AGE")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "TIME")
    .replaceAll(/("(interfaceIndex|reachabilityTime)"): \d+/g, "$1: NUMBER");
}

/** Runs a line as a shell does, at the far end; what it printed on both streams. */
async function run(
  clone: Clone,
  { far, there }: Network,
  line: string,
): Promise<string> {
  const [program, ...words] = far;
  const shell = ["sh", "-c", `exec 2>&1; exec ${line}`];
  const child = clone.command(program, [...words, ...shell]).spawn();
  if (!line.endsWith("--watch")) return await textOf(child.stdout);
  // It guards: the entry is changed. It has repaired: it is interrupted
  const steps: [word: string, step: () => void][] = [
    ["guarding", () => {
      const theirs = "lladdr 02:ee:00:00:00:01 nud stale";
      there(`neigh replace ${GATEWAY} ${theirs} dev eth0`);
    }],
    ["found", () => child.kill("SIGINT")],
  ];
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (steps[0] && text.includes(steps[0][0])) steps.shift()![1]();
  }
  return text;
}

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return await new Response(stream).text();
}

networkTest(
  "README: installed from a clone without a network, the five jobs print what it shows",
  async (network) => {
    const { there } = network;
    await using clone = await Clone.make();
    const { code, stderr } = await clone.deno(await installWords());
    assertEquals(code, 0, stderr);
    const [, script] = /^```ts\n(.*?)^```$/ms.exec(README)!;
    await clone.write("pin.ts", script!);
    there("link add eth0 type veth peer name eth1");
    try {
      there("address add 192.0.2.10/24 dev eth0");
      there("link set eth0 up");
      there("link set eth1 up");
      there(`neigh add ${GATEWAY} lladdr 02:fc:00:00:00:02 dev eth0 nud stale`);
      there("neigh add 192.0.2.7 lladdr 02:fc:00:00:00:05 dev eth0 nud stale");

      const commands = shown();
      assertEquals(commands.length, 9);
      for (const { command, output } of commands) {
        const line = command.replace("CLONE", `"${clone.root}"`);
        const printed = await run(clone, network, line);
        assertEquals(normal(printed), normal(output));
      }
      const row = there("neigh show 192.0.2.7");
      assert(row.includes("PERMANENT"), row);
    } finally {
      there("link del eth0");
    }
  },
);
