import { assertEquals } from "@std/assert";
import { readInput } from "../../cli/input.ts";
import { parseCommand } from "../../cli/args.ts";
import { apply } from "../../cli/apply/apply.ts";
import { batch } from "../../cli/batch.ts";
import { watchChanges } from "../../cli/changes/changes.ts";
import { importFile } from "../../cli/import/import.ts";
import type { Line, Lines } from "../../cli/output/answer.ts";
import { FakeTable, interfaceOf } from "../helpers/fake_table.ts";

const ignore = Deno.build.os === "windows";

/** A file of that mode in a folder of that mode, both for one test. */
class Shared implements Disposable {
  readonly #outer = Deno.makeTempDirSync();
  readonly path: string;

  constructor(mode: number, folder: number, text = "[]") {
    const inner = `${this.#outer}/inner`;
    Deno.mkdirSync(inner);
    this.path = `${inner}/pins.json`;
    Deno.writeTextFileSync(this.path, text);
    // Past the umask
    Deno.chmodSync(this.path, mode);
    Deno.chmodSync(inner, folder);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#outer, { recursive: true });
  }
}

async function warnings(path: string): Promise<string[]> {
  const told: string[] = [];
  await readInput(path, (message) => told.push(message));
  return told;
}

const EVERYBODY =
  "The file may be written by every user: so may what is made of it";
const FOLDER =
  "The file may be replaced by every user, who may write its folder";

for (
  const [mode, folder, expected] of [
    [0o600, 0o700, []],
    [0o644, 0o755, []],
    [0o640, 0o750, []],
    [0o666, 0o755, [EVERYBODY]],
    [0o602, 0o700, [EVERYBODY]],
    [0o646, 0o777, [EVERYBODY]],
    [0o644, 0o777, [FOLDER]],
    [0o644, 0o703, [FOLDER]],
    // Sticky, like /tmp: only the owner can replace a file
    [0o644, 0o1777, []],
  ] as const
) {
  const name = `a file of mode ${mode.toString(8)} in a folder of ` +
    `${folder.toString(8)} gives ${expected.length === 0 ? "no" : "a"} warning`;
  Deno.test({
    name,
    ignore,
    async fn() {
      using file = new Shared(mode, folder);
      assertEquals(await warnings(file.path), [...expected]);
    },
  });
}

Deno.test({
  name:
    "a file that a group may write is warned of, but for a user's own group",
  ignore,
  async fn() {
    using file = new Shared(0o664, 0o755);
    const { uid, gid } = Deno.statSync(file.path);
    const isShared = uid === 0 || uid !== gid;
    const words = `The file may be written by the group ${gid}: ` +
      "so may what is made of it";
    assertEquals(await warnings(file.path), isShared ? [words] : []);
    if (uid !== 0) return;
    // Only root can change the owner to another user or group
    Deno.chownSync(file.path, 12345, 12345);
    assertEquals(await warnings(file.path), []);
    Deno.chownSync(file.path, 12345, 12346);
    assertEquals(await warnings(file.path), [
      words.replace(/group \d+/, "group 12346"),
    ]);
  },
});

async function linesOf({ lines }: Lines): Promise<Line[]> {
  const all: Line[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

const PIN = {
  address: "10.0.0.7",
  linkLayerAddress: "02:fc:00:00:00:05",
  interfaceAlias: "va",
};

for (const mode of [[], ["--check"], ["--dry-run"]]) {
  Deno.test({
    name: `apply ${mode} warns of a file that others may write`,
    ignore,
    async fn() {
      using file = new Shared(0o666, 0o755, JSON.stringify([PIN]));
      const command = parseCommand(["apply", file.path, ...mode]);
      const table = new FakeTable([interfaceOf(2, "va")]);
      const lines = await linesOf(await apply(table, command as never));
      const [complaint] = lines.flatMap((line) => line.complaint ?? []);
      assertEquals(complaint, `warning: ${file.path}: ${EVERYBODY}`);
      const told = lines.flatMap(({ json }) =>
        (json as { warnings?: unknown[] } | undefined)?.warnings ?? []
      );
      assertEquals(told, [{ message: EVERYBODY }]);
    },
  });
}

Deno.test({
  name: "batch warns of a file that others may write, before any change",
  ignore,
  async fn() {
    const change = JSON.stringify({ verb: "create", ...PIN });
    using file = new Shared(0o666, 0o755, change);
    const command = parseCommand(["batch", file.path]);
    const table = new FakeTable([interfaceOf(2, "va")]);
    const lines = await linesOf(await batch(table, command as never));
    assertEquals(
      lines[0]?.complaint,
      `warning: ${file.path}: ${EVERYBODY}`,
    );
    const { json } = lines.at(-1)!;
    const { warnings } = json as { warnings: unknown };
    assertEquals(warnings, [{ message: EVERYBODY }]);
  },
});

Deno.test({
  name: "import warns of a file that others may write, in words and as JSON",
  ignore,
  async fn() {
    const text = "192.0.2.7 dev eth0 lladdr 02:fc:00:00:00:05 PERMANENT\n";
    using file = new Shared(0o666, 0o755, text);
    const command = parseCommand(["import", file.path]);
    const lines = await linesOf(await importFile(command as never));
    assertEquals(lines.flatMap(({ complaint }) => complaint ?? []), [
      `warning: ${file.path}: ${EVERYBODY}`,
    ]);
    const [report] = lines.flatMap(({ complaintJson }) => complaintJson ?? []);
    const { warnings } = report as { warnings: unknown };
    assertEquals(warnings, [{ message: EVERYBODY }]);
  },
});

Deno.test({
  name: "watch --known warns of a file that others may write, before any event",
  ignore,
  async fn() {
    using file = new Shared(0o666, 0o755, "[]");
    const table = new FakeTable([interfaceOf(2, "va")]);
    table.isTold = true;
    const { lines, stop } = await watchChanges(
      table,
      { filter: {} },
      file.path,
    );
    const warnings = [{ message: EVERYBODY }];
    assertEquals<unknown>((await lines.next()).value, {
      complaintJson: { file: file.path, warnings },
    });
    assertEquals<unknown>((await lines.next()).value, {
      complaint: `warning: ${file.path}: ${EVERYBODY}`,
    });
    stop?.();
    await linesOf({ lines, kind: "watch" });
  },
});
