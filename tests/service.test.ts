import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { works } from "./helpers/linux/namespace.ts";
import { notInstalled, skip } from "./helpers/skipped.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const UNIT = "examples/neighbor.service";
const DECODER = new TextDecoder();

/** `deno task test` counts what a computer without systemd cannot run. */
function systemdTest(name: string, test: () => void | Promise<void>): void {
  const isThere = works("systemd-analyze", "--version");
  if (!isThere) skip(name, notInstalled("systemd-analyze", "systemd"));
  Deno.test({ name, ignore: !isThere, fn: test });
}

function analyze(...args: string[]): { code: number; text: string } {
  const { code, stdout, stderr } = new Deno.Command("systemd-analyze", {
    args,
    env: { LC_ALL: "C", SYSTEMD_COLORS: "0" },
    stdin: "null",
  }).outputSync();
  return { code, text: DECODER.decode(stdout) + DECODER.decode(stderr) };
}

/** Verifies the text of a unit in a root that has the command, and other units. */
async function verify(
  unit: string,
  others: Readonly<Record<string, string>> = {},
): Promise<{ code: number; text: string }> {
  const root = await Deno.makeTempDir({ prefix: "neighbor-unit-" });
  try {
    await Deno.mkdir(`${root}/usr/local/bin`, { recursive: true });
    await Deno.mkdir(`${root}/etc/systemd/system`, { recursive: true });
    const command = `${root}/usr/local/bin/neighbor`;
    await Deno.writeTextFile(command, "#!/bin/sh\n", { mode: 0o755 });
    const units = { "neighbor.service": unit, ...others };
    for (const [name, text] of Object.entries(units)) {
      await Deno.writeTextFile(`${root}/etc/systemd/system/${name}`, text);
    }
    return analyze("verify", `--root=${root}`, ...Object.keys(units));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const unit = Deno.readTextFileSync(ROOT + UNIT);

systemdTest(
  "systemd-analyze verify has nothing to say of the unit",
  async () => {
    assertEquals(await verify(unit), { code: 0, text: "" });
  },
);

for (
  const [from, to] of [
    ["AmbientCapabilities=", "AmbientCapability="],
    ["ExecStart=/usr/local", "ExecStart=/usr/nowhere"],
    ["Type=exec", "Type=executed"],
  ] as const
) {
  systemdTest(`systemd-analyze verify sees ${to} in the unit`, async () => {
    assert(unit.includes(from));
    assert((await verify(unit.replace(from, to))).text !== "");
  });
}

/**
 * What cloud-init, systemd and systemd-networkd declare of their order on Debian
 * 12: cloud-init.service wants the network before sysinit.target.
 */
const AT_BOOT: Readonly<Record<string, string>> = {
  "sysinit.target": "[Unit]\nWants=early.service\n",
  "basic.target": "[Unit]\nRequires=sysinit.target\nAfter=sysinit.target\n",
  "network-pre.target": "[Unit]\nDescription=Before the network\n",
  "network.service": `[Unit]
DefaultDependencies=no
After=network-pre.target
[Service]
ExecStart=/usr/local/bin/neighbor
`,
  "early.service": `[Unit]
DefaultDependencies=no
Wants=network.service
After=network.service
Before=sysinit.target
[Service]
ExecStart=/usr/local/bin/neighbor
`,
};

systemdTest(
  "a service that needs the network before sysinit.target makes no cycle with the unit",
  async () => {
    assertEquals(await verify(unit, AT_BOOT), { code: 0, text: "" });
    // Without the line a start would leave out one of them
    const line = "DefaultDependencies=no\n";
    assert(unit.includes(line));
    const { text } = await verify(unit.replace(line, ""), AT_BOOT);
    assertStringIncludes(text, "Found ordering cycle");
  },
);

systemdTest("systemd-analyze security rates the unit 3.0 or less", () => {
  const { code, text } = analyze(
    ...["security", "--offline=yes", "--threshold=30", "--no-pager"],
    ROOT + UNIT,
  );
  const [, exposure] = /Overall exposure level for .*: ([0-9.]+)/.exec(text) ??
    [];
  assert(exposure !== undefined && Number(exposure) <= 3, text);
  assertEquals(code, 0, text);
});

Deno.test("the docs have no second copy of the unit", () => {
  assert(/^ExecStart=.* apply /m.test(unit));
  for (const { name } of Deno.readDirSync(`${ROOT}docs`)) {
    const text = Deno.readTextFileSync(`${ROOT}docs/${name}`);
    assert(!/^ExecStart=.* apply /m.test(text), name);
  }
});

/** An element of an XML file, as Python's parser reads it. */
type Element = [tag: string, attributes: Record<string, string>, Element[]];

const PARSE = `
import json, sys, xml.etree.ElementTree as tree
def of(one): return [one.tag, one.attrib, [of(inner) for inner in one]]
print(json.dumps(of(tree.parse(sys.argv[1]).getroot())))
`;
const TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}";
// Of the elements that Microsoft's pages on the schema name, those used here
const SCHEMA: Readonly<Record<string, readonly string[]>> = {
  Task: ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"],
  RegistrationInfo: ["Description"],
  Triggers: ["BootTrigger"],
  BootTrigger: ["Enabled"],
  Principals: ["Principal"],
  Principal: ["UserId", "RunLevel"],
  Settings: [
    "RestartOnFailure",
    "MultipleInstancesPolicy",
    "DisallowStartIfOnBatteries",
    "StopIfGoingOnBatteries",
    "RunOnlyIfNetworkAvailable",
    "ExecutionTimeLimit",
  ],
  RestartOnFailure: ["Interval", "Count"],
  Actions: ["Exec"],
  Exec: ["Command", "Arguments"],
};

const python = works("python3", "--version");
const XML_TEST = "the task for Windows is well-formed, and has known elements";
if (!python) skip(XML_TEST, notInstalled("python3"));
Deno.test({
  name: XML_TEST,
  ignore: !python,
  fn() {
    const path = `${ROOT}examples/neighbor-task.xml`;
    const { success, stdout, stderr } = new Deno.Command("python3", {
      args: ["-c", PARSE, path],
    }).outputSync();
    assert(success, DECODER.decode(stderr));
    const check = ([tag, , inner]: Element) => {
      const name = tag.slice(TASK.length);
      assertEquals(tag, TASK + name);
      const known = SCHEMA[name] ?? [];
      for (const one of inner) {
        assert(known.includes(one[0].slice(TASK.length)), one[0]);
        check(one);
      }
    };
    const root: Element = JSON.parse(DECODER.decode(stdout));
    assertEquals(root[0], `${TASK}Task`);
    check(root);
    // schtasks and PowerShell read it by different encodings
    // deno-lint-ignore no-control-regex
    assert(/^[\x00-\x7f]*$/.test(Deno.readTextFileSync(path)));
  },
});
