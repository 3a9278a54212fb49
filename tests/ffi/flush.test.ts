import { assertEquals, assertThrows } from "@std/assert";
import type { FlushFilter } from "../../ffi/types/change.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { parseFlush } from "../../ffi/parse/flush.ts";

Deno.test("parseFlush() refuses a member that is undefined: it would widen the flush", () => {
  for (const member of ["interfaceAlias", "state", "subnet", "permanent"]) {
    const filter = { family: "ipv4", [member]: undefined };
    const error = assertThrows(
      () => parseFlush(filter as unknown as FlushFilter),
      NeighborError,
      `member ${member} is undefined`,
    );
    assertEquals([error.code, error.status], ["INVALID_PARAMETER", null]);
  }
});
