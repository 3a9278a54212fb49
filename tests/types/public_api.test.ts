import { assert, assertEquals } from "@std/assert";
import { ACCEPTED } from "./accepted.ts";
import { Compiler, type Diagnostic, type Mutation } from "./compiler.ts";
import { REFUSED, type RefusedProgram } from "./refused.ts";

const compiler = new Compiler();
const [refused, accepted] = split(compiler.check([...REFUSED, ...ACCEPTED]));

function split(answers: readonly Diagnostic[][]) {
  return [answers.slice(0, REFUSED.length), answers.slice(REFUSED.length)];
}

/** The reason why a program is not refused as expected; `null` where it is. */
function misjudged(
  { code, message }: RefusedProgram,
  diagnostics: readonly Diagnostic[],
): string | null {
  const [first, ...others] = diagnostics;
  if (first === undefined) return "it compiles";
  if (others.length > 0) return `it has ${diagnostics.length} mistakes`;
  return first.code === code && first.message.includes(message)
    ? null
    : `it gets TS${first.code}: ${first.message}`;
}

for (const [i, program] of REFUSED.entries()) {
  Deno.test(`the public API refuses ${program.name}`, () => {
    assertEquals(misjudged(program, refused![i]!), null);
  });
}

for (const [i, program] of ACCEPTED.entries()) {
  Deno.test(`the public API accepts ${program.name}`, () => {
    assertEquals(accepted![i], []);
  });
}

Deno.test("the type tests have a unique name for each program", () => {
  const names = [...REFUSED, ...ACCEPTED].map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  assert(REFUSED.length >= 10);
  assert(ACCEPTED.length >= 10);
});

Deno.test("the type tests fail where a program to refuse compiles", () => {
  const [answer] = compiler.check([ACCEPTED[0]!]);
  assertEquals(misjudged(REFUSED[0]!, answer!), "it compiles");
});

Deno.test("the type tests fail where the compiler reports another mistake", () => {
  const other = REFUSED.find(({ code }) => code !== REFUSED[0]!.code)!;
  const [answer] = compiler.check([other]);
  assert(
    misjudged(REFUSED[0]!, answer!)?.startsWith(`it gets TS${other.code}`),
  );
});

Deno.test("the type tests fail where a program has a second mistake", () => {
  const { source } = REFUSED[0]!;
  const [answer] = compiler.check([
    { name: "two", source: `${source}export const text: string = 1;\n` },
  ]);
  assertEquals(misjudged(REFUSED[0]!, answer!), "it has 2 mistakes");
});

/** What a careless change of the API would let through. */
const CARELESS: readonly (Mutation & { readonly lets: readonly string[] })[] = [
  {
    path: "ffi/types/interface.ts",
    from: "bigint | string",
    to: "bigint | string | number",
    lets: ["a number for a LUID"],
  },
  {
    path: "ffi/types/neighbor.ts",
    from: "readonly ",
    to: "",
    lets: ["a member of a row written to"],
  },
  {
    path: "ffi/types/neighbor.ts",
    from: "readonly linkLayerAddress: string | Uint8Array;",
    to: "readonly linkLayerAddress?: string | Uint8Array | null;",
    lets: [
      "an entry without a link-layer address",
      "a row given back whose link-layer address may be null",
      "a set previewed with a key alone",
    ],
  },
  {
    path: "ffi/types/neighbor.ts",
    from: '  | "failed";',
    to: '  | "failed"\n  | (string & {});',
    lets: [
      "a misspelt state",
      "a misspelt state in a list",
      "a state compared with what is none",
    ],
  },
  {
    path: "ffi/types/error.ts",
    from: "readonly code: NeighborErrorCode;",
    to: "code: string;",
    lets: [
      "an error compared with an unknown code",
      "an error whose code is written to",
    ],
  },
];

for (const careless of CARELESS) {
  Deno.test(`the type tests notice ${careless.lets.join(", ")}`, () => {
    const answers = compiler.check(REFUSED, careless);
    for (const name of careless.lets) {
      const i = REFUSED.findIndex((program) => program.name === name);
      assertEquals(misjudged(REFUSED[i]!, answers[i]!), "it compiles", name);
    }
  });
}
