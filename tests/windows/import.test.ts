import { assertEquals } from "@std/assert";
import { kernelIndex, kernelNeighbors } from "../helpers/wine/witness.ts";
import { neighbor } from "../helpers/windows/command.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

const SAMPLES = new URL("../cli/import/samples/", import.meta.url);

/** The sample as Windows PowerShell redirects text: UTF-16 with a mark, CR LF. */
function utf16(text: string): Uint8Array {
  const lines = "\ufeff" + text.replaceAll("\n", "\r\n");
  const units = Uint16Array.from(lines, (one) => one.charCodeAt(0));
  return new Uint8Array(units.buffer);
}

wineTest(
  "neighbor import and apply bring over what netsh and arp print",
  async () => {
    const index = await kernelIndex(ETHERNET);
    const folder = await Deno.makeTempDir();
    const reading = { permission: ["--allow-read", "--allow-ffi"] };
    try {
      for (
        const [sample, map, said] of [
          // A name in UTF-16, and an index
          ["netsh_german.txt", `LAN-Verbindung=${ETHERNET}`, "2 created"],
          ["arp_windows.txt", `11=${index}`, "2 unchanged"],
        ] as const
      ) {
        const text = await Deno.readTextFile(new URL(sample, SAMPLES));
        const [file, pins] = [`${folder}/${sample}`, `${folder}/pins.json`];
        await Deno.writeFile(file, utf16(text));
        const made = await neighbor(["import", file, "--map", map], {
          permission: ["--allow-read"],
        });
        assertEquals(made.code, 0, `${sample}: ${made.stderr}`);
        await Deno.writeTextFile(pins, made.stdout);
        const applied = await neighbor(["apply", pins], reading);
        assertEquals(applied.code, 0, `${sample}: ${applied.stderr}`);
        assertEquals(applied.stdout.includes(said), true, applied.stdout);
        // Then the next sample finds them as they are
        for (const [end, lladdr] of [["1", "05"], ["2", "06"]]) {
          const address = `192.0.2.${end}`;
          const [row] = await kernelNeighbors(address);
          assertEquals(row?.lladdr, `02:fc:00:00:00:${lladdr}`, sample);
        }
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
