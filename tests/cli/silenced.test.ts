import { assert, assertEquals } from "@std/assert";
import type { Line } from "../../cli/output/answer.ts";
import { silenced } from "../../cli/output/silenced.ts";

Deno.test("silenced() leaves a warning, and no text", () => {
  const whole = { json: 1, text: "done", note: "so", warning: "mind" };
  assertEquals(silenced(whole), { json: 1, warning: "mind" });
  assertEquals(silenced({ json: 1, text: [["a"]] }), { json: 1 });
});

Deno.test("silenced() leaves complaints, progress and the exit code of lines", async () => {
  async function* lines(): AsyncGenerator<Line, number> {
    yield { text: "+ one", json: {}, color: "green" };
    yield { complaint: "refused" };
    yield { progress: { done: 1, of: 2 } };
    return 5;
  }
  const answer = silenced({ lines: lines(), kind: "guard", stop() {} });
  assert("lines" in answer);
  assertEquals(answer.kind, "guard");
  assert(answer.stop !== undefined);
  const told: Line[] = [];
  while (true) {
    const { value, done } = await answer.lines.next();
    if (done) {
      assertEquals(value, 5);
      break;
    }
    told.push(value);
  }
  assertEquals(told, [
    {},
    { complaint: "refused" },
    { progress: { done: 1, of: 2 } },
  ]);
});

Deno.test("silenced() ends the work of who stops asking, and hands errors on", async () => {
  let isEnded = false;
  async function* lines(): AsyncGenerator<Line, number> {
    try {
      yield {};
      throw new Error("broken");
    } finally {
      isEnded = true;
    }
  }
  const stopped = silenced({ lines: lines(), kind: "finite" });
  assert("lines" in stopped);
  await stopped.lines.next();
  await stopped.lines.return(0);
  assert(isEnded);
  const broken = silenced({ lines: lines(), kind: "finite" });
  assert("lines" in broken);
  await broken.lines.next();
  const error = await broken.lines.next().then(() => null, (error) => error);
  assertEquals(error?.message, "broken");
});
