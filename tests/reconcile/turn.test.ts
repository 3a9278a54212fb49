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
  // A timer takes a millisecond at least: 20,000 of them, 20 seconds
  let isOver = false;
  const timer = setTimeout(() => isOver = true, 15_000);
  for (let i = 0; i < 20_000 && !isOver; i++) await yieldToEventLoop();
  clearTimeout(timer);
  assertEquals(isOver, false);
});
