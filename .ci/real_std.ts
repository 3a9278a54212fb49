/**
 * Replaces the stand-ins in `std/` by the packages of JSR: removes `links` and the
 * lock file of this checkout. Use it in a temporary checkout only.
 *
 * @module
 */

const path = new URL("../deno.json", import.meta.url);
const { links: _, ...config } = JSON.parse(Deno.readTextFileSync(path));
// Changed in the file, because many tests start Deno themselves
config.lock = false;
Deno.writeTextFileSync(path, JSON.stringify(config, null, 2) + "\n");
