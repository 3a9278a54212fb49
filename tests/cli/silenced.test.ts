import { assert, assertEquals } from "@std/assert";
import type { Line } from "../../cli/output/answer.ts";
import { silenced } from "../../cli/output/silenced.ts";

Deno.test("silenced() keeps only the warnings of a complete answer", async () => {
  for (const complaints of [["warning: mind"], undefined]) {
    const whole = { json: 1, text: "done", note: "so" };
    const { kind, lines } = silenced(
      complaints === undefined ? whole : { ...whole, complaints },
    );
    assertEquals(kind, "finite");
    if (complaints !== undefined) {
      const { value } = await lines.next();
      assertEquals(value, { complaint: "warning: mind" });
    }
    assertEquals(await lines.next(), { value: 0, done: true });
  }
});

Deno.test("silenced() keeps complaints, progress and the exit code of lines", async () => {
  async function* lines(): AsyncGenerator<Line, number> {
    yield { text: "+ one", json: {}, color: "green" };
    yield { complaint: "refused" };
    yield { progress: { done: 1, of: 2 } };
    return 5;
  }
  const answer = silenced({ lines: lines(), kind: "guard", stop() {} });
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

Deno.test("silenced() ends the work when its consumer stops, and rethrows errors", async () => {
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
  await stopped.lines.next();
  await stopped.lines.return(0);
  assert(isEnded);
  const broken = silenced({ lines: lines(), kind: "finite" });
  await broken.lines.next();
  const error = await broken.lines.next().then(() => null, (error) => error);
  assertEquals(error?.message, "broken");
});
