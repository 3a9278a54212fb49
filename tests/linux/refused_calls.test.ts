import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { CLI } from "../helpers/linux/command.ts";
import { DEVICE, ipNeighbor, networkTest } from "../helpers/linux/network.ts";

const OURS = "02:fc:00:00:00:05";

function helper(name: string): string {
  return fileURLToPath(new URL(`../helpers/linux/${name}`, import.meta.url));
}

/** Runs a script whose system calls are refused, by a real seccomp filter. */
function refused(
  which: "strict" | "ioctl",
  file: string,
  ...words: readonly string[]
): { code: number; stdout: string; stderr: string } {
  const run = ["run", "-A", "--quiet", "--no-check"];
  const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: [
      ...[...run, helper("seccomp.ts"), which, Deno.execPath()],
      ...[...run, file, ...words],
    ],
    stdin: "null",
  }).outputSync();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

networkTest(
  "a kernel before 5.0: every verb says so, and writes nothing",
  () => {
    const on = ["--interface", DEVICE];
    for (
      const words of [
        ["list"],
        ["interfaces"],
        ["add", "10.0.0.7", OURS, ...on],
        ["add", "2001:db8::7", OURS, ...on],
      ]
    ) {
      const { code, stdout, stderr } = refused("strict", CLI, ...words);
      assertEquals([code, stdout], [1, ""], stderr);
      assertStringIncludes(stderr, "92 ENOPROTOOPT");
      assertStringIncludes(stderr, "Linux 5.0 or newer is needed");
    }
    assertEquals(ipNeighbor("10.0.0.7"), undefined);
    assertEquals(ipNeighbor("2001:db8::7"), undefined);
  },
);

networkTest(
  "a sandbox that refuses ioctls of interfaces: every verb works",
  () => {
    const { code, stdout, stderr } = refused(
      ...["ioctl", helper("every_verb.ts"), DEVICE] as const,
    );
    assertEquals(code, 0, stderr);
    const outcomes = Object.entries(JSON.parse(stdout));
    assertEquals(outcomes.filter(([, outcome]) => outcome !== "done"), []);
    const one = refused(
      ...[
        "ioctl",
        CLI,
        "add",
        "10.0.0.9",
        OURS,
        "--interface",
        DEVICE,
      ] as const,
    );
    assertEquals([one.code, one.stderr], [0, ""]);
    assertEquals(ipNeighbor("10.0.0.9")?.lladdr, OURS);
    const rows = refused("ioctl", CLI, "list", "10.0.0.9", "--json");
    assertEquals(JSON.parse(rows.stdout)[0].interfaceAlias, DEVICE);
  },
);
