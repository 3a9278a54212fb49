/**
 * Captures golden messages: capture.c asks the kernel over a socket of its own
 * in a network namespace that capture.sh sets up, and lays requests out over
 * the kernel's own headers. Needs gcc, iproute2 and the kernel's headers; only
 * interface indexes and ages differ from run to run:
 *
 *   deno run -A tests/helpers/linux/capture/capture.ts
 *
 * @module
 */

import { fileURLToPath } from "node:url";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

function run(command: string, ...args: string[]): string {
  const { success, stdout } = new Deno.Command(command, {
    args,
    stderr: "inherit",
  }).outputSync();
  if (!success) throw new Error(`${command} failed`);
  return new TextDecoder().decode(stdout);
}

const program = Deno.makeTempFileSync();
try {
  run("gcc", "-Wall", "-Wextra", "-o", program, here("capture.c"));
  const lines = run("unshare", "-rn", "sh", here("capture.sh"), program)
    .trim().split("\n").map((line) => {
      const [name, hex = ""] = line.split(" ");
      return `  ${name}: \`\n${hex.replace(/.{1,72}/g, "$&\n")}\`,\n`;
    });
  const kernel = run("uname", "-r").trim().replace(/-.*/, "");
  Deno.writeTextFileSync(
    here("../../golden/netlink.ts"),
    `// Netlink messages as Linux ${kernel} sent them, and requests as gcc lays them out.
// Made by: deno run -A tests/helpers/linux/capture/capture.ts

export const NETLINK = {
${lines.join("")}} as const;
`,
  );
} finally {
  Deno.removeSync(program);
}
