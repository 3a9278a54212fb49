/**
 * `deno publish` from a copy of the checkout in which `std/` lies outside.
 *
 * In the checkout itself Deno refuses to publish: `links` makes the stand-ins part
 * of the module graph, and `publish.exclude` keeps them out of the package. For a
 * dry run the copy has them beside the package, so that no registry is asked; for
 * a real publication it has none, as for users.
 *
 * ```sh
 * deno run -A .ci/publish.ts --dry-run
 * ```
 *
 * @module
 */

import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
// Generated and large
const LEFT_OUT = [".git", "build", "dist", "node_modules", "std"];

/** Copies the checkout into `folder`; returns the path of the package. */
export async function stage(folder: string, links: boolean): Promise<string> {
  const staged = `${folder}/package`;
  await copy(ROOT, staged, LEFT_OUT);
  await copy(`${ROOT}/std`, `${folder}/std`);
  const config = JSON.parse(await Deno.readTextFile(`${staged}/deno.json`));
  if (links) {
    config.links = config.links?.map((link: string) =>
      link.replace(/^\.\/std\//, "../std/")
    );
  } else delete config.links;
  await Deno.writeTextFile(
    `${staged}/deno.json`,
    JSON.stringify(config, null, 2) + "\n",
  );
  return staged;
}

/** Copies a folder without the top-level names that are skipped. */
export async function copy(
  from: string,
  to: string,
  leftOut: readonly string[] = [],
): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory, isFile } of Deno.readDir(from)) {
    if (leftOut.includes(name)) continue;
    if (isDirectory) await copy(`${from}/${name}`, `${to}/${name}`);
    if (isFile) await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

/** Runs Deno in a folder, without colour. */
export function denoIn(cwd: string, ...args: string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  });
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir({ prefix: "neighbor-publish-" });
  try {
    const staged = await stage(folder, Deno.args.includes("--dry-run"));
    // The copy is no git repository, so nothing is ever uncommitted in it
    const { code } = await denoIn(staged, "publish", ...Deno.args).spawn()
      .status;
    Deno.exitCode = code;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
