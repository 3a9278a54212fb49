import { assertEquals, assertRejects } from "@std/assert";
import { NeighborError } from "../ffi/error.ts";
import { guardNeighbors } from "../ffi/guard.ts";
import type { GuardOptions } from "../ffi/guarded.ts";
import { pin, tableOf, VA } from "./guarding.ts";

for (
  const [options, message] of [
    [{ interval: 9 }, "The interval 9 is not"],
    [{ interval: "1s" as unknown as number }, 'The interval "1s" is not'],
    [{ report: "log" as unknown as () => void }, "takes a function"],
    [null as unknown as GuardOptions, "No options given"],
  ] as const
) {
  Deno.test(`guardNeighbors() refuses ${JSON.stringify(options)}`, async () => {
    const table = tableOf(true, [VA]);
    await assertRejects(
      () => guardNeighbors([pin("10.0.0.1")], options && { ...options, table }),
      NeighborError,
      message,
    );
    assertEquals(table.writes, 0);
  });
}
