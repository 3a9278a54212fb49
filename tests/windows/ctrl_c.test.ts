import { assert, assertEquals } from "@std/assert";
import { CHECKOUT } from "../helpers/windows/command.ts";
import { kernelNeighbors } from "../helpers/wine/witness.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

/** What happens to the command, and the exit code of one that it has ended. */
const EVENTS = [
  ["ctrl-c", [130]],
  ["ctrl-break", [130, 149]],
  ["close", [129, 130]],
] as const;

/** Applies pins to a kernel that takes its time, until it happens. */
async function interrupt(
  what: string,
  count: number,
  ...words: string[]
): Promise<number> {
  const file = await Deno.makeTempFile();
  const pins = Array.from({ length: count }, (_, i) => ({
    address: `10.9.${i >> 8}.${i & 255}`,
    linkLayerAddress: "02-fc-00-00-00-05",
    interfaceAlias: ETHERNET,
  }));
  try {
    await Deno.writeTextFile(file, JSON.stringify(pins));
    const script =
      new URL("tests/helpers/windows/interrupted.ts", CHECKOUT).href;
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--cached-only", "--allow-ffi"],
        ...[`--allow-read=${file}`, script, what, "apply", file, ...words],
      ],
      cwd: CHECKOUT,
      env: { NEIGHBOR_TEST: "delay=CreateIpNetEntry2:2" },
      stdin: "null",
    }).output();
    return code;
  } finally {
    await Deno.remove(file);
  }
}

async function pinned(): Promise<number> {
  return (await kernelNeighbors("dev", ETHERNET))
    .filter(({ lladdr }) => lladdr === "02:fc:00:00:00:05").length;
}

for (const [what, codes] of EVENTS) {
  for (const words of [[], ["--watch", "--interval", "50"]]) {
    wineTest(
      `${what} in the middle of ${
        ["apply", ...words].join(" ")
      } puts everything back`,
      async () => {
        const code = await interrupt(what, 5000, ...words);
        assertEquals(await pinned(), 0);
        assert(
          (codes as readonly number[]).includes(code),
          `exit code ${code}`,
        );
      },
    );
  }

  wineTest(
    `${what} ends apply --watch at work and leaves the entries`,
    async () => {
      const code = await interrupt(what, 2, "--watch", "--interval", "50");
      assertEquals([code, await pinned()], [0, 2]);
    },
  );
}
