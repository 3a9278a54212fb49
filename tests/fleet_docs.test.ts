import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("..", import.meta.url);
const EXAMPLE = "examples/ansible/";

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT)).replaceAll("\r\n", "\n");
}

const page = read("docs/fleet.md");

Deno.test("the variables that docs/fleet.md shows are those of examples/ansible", () => {
  const [, block] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  const parts = [...block!.matchAll(/^# (.*)\n((?:(?!# ).*\n)+)/gm)];
  assertEquals(parts.map(([, path]) => path), [
    "group_vars/rack1.yml",
    "host_vars/host1.example.yml",
  ]);
  for (const [, path, text] of parts) {
    assertEquals(read(EXAMPLE + path), `---\n${text}`, path);
  }
});

Deno.test("docs/fleet.md has each option of the role, with its default", () => {
  const role = `${EXAMPLE}roles/neighbor/`;
  const options = [
    ...read(`${role}meta/argument_specs.yml`).matchAll(
      /^ {6}(neighbor_\w+):\n(?: {8}.*\n)*? {8}default: (.*)$/gm,
    ),
  ];
  assert(options.length >= 2);
  const defaults = read(`${role}defaults/main.yml`);
  for (const [, name, value] of options) {
    assert(defaults.includes(`\n${name}: ${value}\n`), name);
    assert(
      new RegExp(`^\\| \`${name}\` +\\| \`${value}\``, "m").test(page),
      name,
    );
  }
});
