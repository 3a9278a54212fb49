/**
 * Puts the packages of JSR in the place of the stand-ins in `std/`, in this
 * checkout: without `links`, and without the lock file that names them. For a
 * checkout that is thrown away.
 *
 * @module
 */

const path = new URL("../deno.json", import.meta.url);
const { links: _, ...config } = JSON.parse(Deno.readTextFileSync(path));
// In the file, because many tests start Deno themselves
config.lock = false;
Deno.writeTextFileSync(path, JSON.stringify(config, null, 2) + "\n");
