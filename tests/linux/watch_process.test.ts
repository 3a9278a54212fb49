import { assert, assertEquals } from "@std/assert";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";
import { Command, LIBC, MOD, script, words } from "../helpers/linux/process.ts";

for (
  const [how, body] of [
    [
      "was aborted at rest",
      `
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 50);
      const options = { signal: controller.signal };
      for await (const _ of watchNeighbors(options));`,
    ],
    ["was left", "for await (const _ of watchNeighbors()) break;"],
    ["was forgotten", "watchNeighbors(); await watchNeighbors().next();"],
    [
      "ended with its table",
      `
      const table = openNeighborTable();
      const watch = table.watch({ initial: false });
      setTimeout(() => table.close(), 50);
      await watch.next();`,
    ],
  ] as const
) {
  networkTest(`a process whose watch ${how} ends`, async () => {
    ip(`neigh add 10.0.0.7 lladdr 02:fc:00:00:00:05 dev ${DEVICE}`);
    assertEquals(
      await script(`
        import { openNeighborTable, watchNeighbors } from "${MOD}";
        void openNeighborTable;
        ${body}
        console.log("over");`),
      "over",
    );
  });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  networkTest(
    `neighbor watch needs no privilege and one library, and ends with 0 by ${signal}`,
    async () => {
      ip(`neigh add 10.0.0.7 lladdr 02:fc:00:00:00:05 dev ${DEVICE}`);
      await using command = new Command(
        ...["setpriv", "--bounding-set=-all", "--inh-caps=-all"] as const,
        ...[Deno.execPath(), ...words(`--allow-ffi=${LIBC}`), "cli.ts"],
        ...["watch", "--json", "--subnet", "10.0.0.0/24"],
      );
      const next = async () => JSON.parse((await command.line())!);
      const first = await next();
      assertEquals([first.type, first.initial], ["added", true]);
      ip(`neigh del 10.0.0.7 dev ${DEVICE}`);
      const second = await next();
      assertEquals(second.type, "removed");
      assertEquals(second.neighbor, null);
      assertEquals(second.previous.address, "10.0.0.7");
      assert(Date.parse(second.time) >= Date.parse(first.time));
      assertEquals(await command.end(signal), 0);
    },
  );
}

networkTest("neighbor watch ends with 0 when its reader is gone", async () => {
  ip(`neigh add 10.0.0.7 lladdr 02:fc:00:00:00:05 dev ${DEVICE}`);
  const watch = [Deno.execPath(), ...words("--allow-ffi"), "cli.ts", "watch"];
  // The reader ends after one line, and the next write fails
  await using command = new Command(
    ...[
      "bash",
      "-c",
      'set -o pipefail; "$@" | head -n 1; echo $?',
      "bash",
    ] as const,
    ...[...watch, "--subnet", "10.0.0.0/8"],
  );
  assert((await command.line())?.includes("10.0.0.7"));
  // head may need a moment to go
  for (let i = 8; i < 100; i++) {
    const made = `10.0.0.${i} lladdr 02:fc:00:00:00:05 dev ${DEVICE}`;
    ip(`neigh add ${made}`);
  }
  assertEquals(await command.line(), "0");
});
