import { assertEquals, assertThrows } from "@std/assert";
import { SystemTable } from "../../ffi/system_table.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { WatchOptions } from "../../ffi/types/watch.ts";
import { parseWatch } from "../../ffi/parse/watch.ts";

for (
  const [options, message] of [
    [null, "No options given"],
    ["eth0", "No options given"],
    [{ family: "ipv4" }, 'A watch has no option "family"'],
    [{ filter: { familly: "ipv4" } }, 'A filter has no member "familly"'],
    [{ filter: null }, "No filter given"],
    [{ filter: { proxy: true } }, "Proxy entries cannot be watched"],
    [{ filter: { proxy: false } }, "Proxy entries cannot be watched"],
    [{ signal: {} }, "The signal takes an AbortSignal, not an Object"],
    [{ initial: "no" }, "The option initial takes true or false"],
    ...[0, 9, -1, 10.5, NaN, Infinity, 2 ** 31, "1000", 1000n, null].map((
      interval,
    ) => [{ interval }, "is not a whole number of milliseconds"]),
  ] as unknown as readonly [WatchOptions, string][]
) {
  Deno.test(`watch() refuses ${Deno.inspect(options)} before anything is loaded`, () => {
    const table = new SystemTable(() => {
      throw new Error("loaded");
    });
    const error = assertThrows(
      () => table.watch(options),
      NeighborError,
      message,
    );
    assertEquals([error.code, error.status], ["INVALID_PARAMETER", null]);
    assertEquals(error.entry, options);
  });
}

Deno.test("parseWatch() has defaults: every 1000 ms, with initial rows", () => {
  const { interval, initial, signal } = parseWatch({});
  assertEquals([interval, initial, signal], [1000, true, undefined]);
  for (const interval of [10, 2 ** 31 - 1]) {
    assertEquals(parseWatch({ interval }).interval, interval);
  }
});

Deno.test("parseWatch() quotes the interval that it refuses", () => {
  for (
    const [interval, words] of [
      [9, "The interval 9 is not a whole number"],
      ["10", 'The interval "10" is not a whole number'],
      [null, "The interval null is not a whole number"],
    ] as const
  ) {
    assertThrows(
      () => parseWatch({ interval: interval as number }),
      NeighborError,
      words,
    );
  }
});

Deno.test("parseWatch() takes every option of its type", () => {
  const { signal } = new AbortController();
  // The compiler reports a missing option
  const options: Required<WatchOptions> = {
    signal,
    filter: { family: "ipv6" },
    interval: 50,
    initial: false,
  };
  const { filter, ...others } = parseWatch(options);
  assertEquals(filter.families, ["ipv6"]);
  assertEquals(others, { signal, interval: 50, initial: false });
});
