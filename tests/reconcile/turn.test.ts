import { assert, assertEquals } from "@std/assert";
import { yieldToEventLoop } from "../../reconcile/timing.ts";

Deno.test("yieldToEventLoop() lets due timers and signals be handled", async () => {
  for (let i = 0; i < 20; i++) {
    let isHeard = false;
    const timer = new Promise<void>((done) =>
      setTimeout(() => {
        isHeard = true;
        done();
      }, 1)
    );
    const signal = AbortSignal.timeout(1);
    const end = performance.now() + 4;
    while (performance.now() < end);
    await yieldToEventLoop();
    assert(isHeard && signal.aborted);
    await timer;
  }
});

Deno.test("yieldToEventLoop() does not sleep", async () => {
  const times: number[] = [];
  for (let i = 0; i < 51; i++) {
    const start = performance.now();
    await yieldToEventLoop();
    times.push(performance.now() - start);
  }
  assertEquals(times.toSorted((a, b) => a - b)[25]! < 1, true);
});
