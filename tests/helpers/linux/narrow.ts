/**
 * The command with streams that do not wait, as ssh, Node and CI runners hand
 * them down: the first word names them by their numbers, such as 1,2.
 *
 * @module
 */

import { main } from "../../../cli.ts";

const [F_GETFL, F_SETFL, O_NONBLOCK] = [3, 4, 0o4000];
const [streams, ...words] = Deno.args;

const libc = Deno.dlopen("libc.so.6", {
  fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
});
for (const fd of streams!.split(",").map(Number)) {
  const flags = libc.symbols.fcntl(fd, F_GETFL, 0);
  if (libc.symbols.fcntl(fd, F_SETFL, flags | O_NONBLOCK) !== 0) Deno.exit(99);
}
Deno.exit(await main(words));
