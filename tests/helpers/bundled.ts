/**
 * Helpers for tests of the bundle of the single binary.
 *
 * @module
 */

import { bundle, EX_UNAVAILABLE } from "../../.ci/bundle.ts";

/** The folder of a bundle, with the stand-ins in it. */
export interface Bundled {
  readonly folder: string;
}

/**
 * A test that gets a fresh bundle. Deno takes its bundler from npm at its first
 * use; where that is out of reach the test is skipped and says so.
 */
export function bundleTest(
  name: string,
  test: (bundled: Bundled) => Promise<void>,
): void {
  const missing = outcome.code === EX_UNAVAILABLE;
  if (missing) console.warn(`SKIPPED: ${name}: ${outcome.message}`);
  Deno.test({
    name,
    ignore: missing,
    async fn() {
      if (outcome.code !== 0) throw new Error(outcome.message);
      await test({ folder });
    },
  });
}

const folder = await Deno.makeTempDir({ prefix: "neighbor-bundle-" });
const outcome = await bundle(folder, false);
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
