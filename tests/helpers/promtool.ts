/**
 * promtool, which judges metrics and rules as Prometheus does.
 *
 * @module
 */

import { works } from "./linux/namespace.ts";
import { type Cause, notInstalled } from "./skipped.ts";

/** Why promtool cannot be run here; `undefined` where it can. */
export const promtoolMissing: Cause | undefined = works("promtool", "--version")
  ? undefined
  : notInstalled("promtool", "prometheus");

/** What `promtool check metrics` finds; `""` where all is well. */
export function checkMetrics(text: string): Promise<string> {
  return promtool(["check", "metrics"], text);
}

/** What `promtool` prints of a text on its standard input where it refuses it. */
async function promtool(
  args: readonly string[],
  stdin: string,
): Promise<string> {
  const child = new Deno.Command("promtool", {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  const said = decoder.decode(stdout) + decoder.decode(stderr);
  return success ? said : said || "promtool refused it";
}
