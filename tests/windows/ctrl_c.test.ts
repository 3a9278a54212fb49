import { assertEquals } from "@std/assert";
import { CHECKOUT } from "../helpers/windows/command.ts";
import { kernelNeighbors } from "../helpers/wine/witness.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

/** Applies pins to a kernel that takes its time, until Ctrl-C; its exit code. */
async function interrupt(count: number, ...words: string[]): Promise<number> {
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
        ...[`--allow-read=${file}`, script, "apply", file, ...words],
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

wineTest(
  "Ctrl-C in the middle of an apply puts everything back: exit code 130",
  async () => {
    assertEquals(await interrupt(1500), 130);
    assertEquals(await pinned(), 0);
  },
);

wineTest("Ctrl-C ends apply --watch well and leaves the entries", async () => {
  assertEquals(await interrupt(2, "--watch", "--interval", "50"), 0);
  assertEquals(await pinned(), 2);
});
