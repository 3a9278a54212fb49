import {
  assert,
  assertEquals,
  assertExists,
  assertInstanceOf,
  AssertionError,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  fail,
} from "@std/assert";

/** Runs what must fail, without the functions under test. */
function failure(run: () => unknown): AssertionError {
  try {
    run();
  } catch (error) {
    if (error instanceof AssertionError) return error;
    throw error;
  }
  throw new Error("Nothing failed");
}

async function asyncFailure(
  run: () => Promise<unknown>,
): Promise<AssertionError> {
  let passed = false;
  try {
    await run();
    passed = true;
  } catch (error) {
    if (error instanceof AssertionError) return error;
    throw error;
  }
  throw new Error(`Nothing failed: ${passed}`);
}

function expectTrue(value: boolean): void {
  if (!value) throw new Error("Expected true");
}

Deno.test("AssertionError is an Error with a name, a message and a cause", () => {
  const error = new AssertionError("told you", { cause: 1 });
  expectTrue(error instanceof Error);
  expectTrue(error.name === "AssertionError");
  expectTrue(error.message === "told you");
  expectTrue(error.cause === 1);
});

Deno.test("assert() fails when the value is falsy", () => {
  for (const value of [true, 1, "a", [], {}, -1n]) assert(value);
  for (const value of [false, 0, "", null, undefined, NaN, 0n]) {
    expectTrue(failure(() => assert(value, "why")).message === "why");
  }
});

Deno.test("assert() narrows its argument", () => {
  const value = JSON.parse('"a"') as string | undefined;
  assert(value);
  expectTrue(value.length === 1);
});

Deno.test("fail() fails and says why", () => {
  expectTrue(failure(() => fail("why")).message.includes("why"));
  failure(() => fail());
});

const sameStack = [1, 2].map(() => new RangeError("far"));

const equalPairs: Record<string, [unknown, unknown]> = {
  "numbers": [1, 1],
  "NaN": [NaN, NaN],
  "zeros of either sign": [0, -0],
  "nested zeros of either sign": [{ a: [0] }, { a: [-0] }],
  "bigints": [2n ** 64n, 2n ** 64n],
  "null": [null, null],
  "plain objects": [{ a: 1, b: { c: [2, 3] } }, { b: { c: [2, 3] }, a: 1 }],
  "frozen and not": [Object.freeze({ a: 1 }), { a: 1 }],
  "an object without a prototype and a plain one": [
    Object.assign(Object.create(null), { a: 1 }),
    { a: 1 },
  ],
  "arrays": [[1, [2]], [1, [2]]],
  "byte arrays": [Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
  "byte arrays over different buffers": [
    Uint8Array.of(9, 1, 2).subarray(1),
    Uint8Array.of(1, 2),
  ],
  "buffers": [Uint8Array.of(1).buffer, Uint8Array.of(1).buffer],
  "maps in any order": [
    new Map([[1, "a"], [2, "b"]]),
    new Map([[2, "b"], [1, "a"]]),
  ],
  "maps with object keys": [new Map([[{ a: 1 }, 1]]), new Map([[{ a: 1 }, 1]])],
  "sets in any order": [new Set([1, 2]), new Set([2, 1])],
  "sets of objects": [new Set([[1], [2]]), new Set([[2], [1]])],
  "dates": [new Date(5), new Date(5)],
  "regular expressions": [/a/g, /a/g],
  "URLs": [new URL("http://a/b"), new URL("http://a/b")],
  "errors from one place": [sameStack[0], sameStack[1]],
  "symbol keys": [{ [Symbol.for("a")]: 1 }, { [Symbol.for("a")]: 1 }],
};

const unequalPairs: Record<string, [unknown, unknown]> = {
  "number and string": [1, "1"],
  "number and bigint": [1, 1n],
  "null and undefined": [null, undefined],
  "undefined and missing": [{ a: undefined }, {}],
  "undefined under another name": [{ a: undefined, b: 1 }, {
    b: 1,
    c: undefined,
  }],
  "values": [{ a: 1 }, { a: 2 }],
  "more properties": [{ a: 1 }, { a: 1, b: 2 }],
  "array order": [[1, 2], [2, 1]],
  "array length": [[1, 2], [1]],
  "a hole and undefined": [new Array(1).concat(1), [undefined, 1]],
  "array and object": [[], {}],
  "bytes": [Uint8Array.of(1, 2), Uint8Array.of(1, 3)],
  "bytes and an array": [Uint8Array.of(1), [1]],
  "bytes and words": [Uint8Array.of(1), Uint16Array.of(1)],
  "buffers": [Uint8Array.of(1).buffer, Uint8Array.of(2).buffer],
  "map values": [new Map([["a", 1]]), new Map([["a", 2]])],
  "map keys": [new Map([["a", undefined]]), new Map([["b", undefined]])],
  "sets": [new Set([1]), new Set([2])],
  "set and map": [new Set(), new Map()],
  "dates": [new Date(5), new Date(6)],
  "flags": [/a/, /a/g],
  "URLs": [new URL("http://a/"), new URL("http://b/")],
  "error classes": [new Error("a"), new TypeError("a")],
  "error messages": [new Error("a"), new Error("b")],
  "errors from two places": [new Error("a"), new Error("a")],
  "a class and a plain object": [
    new (class A {
      a = 1;
    })(),
    { a: 1 },
  ],
  "symbol keys": [{ [Symbol.for("a")]: 1 }, {}],
  "functions": [() => 1, () => 1],
};

for (const [name, [actual, expected]] of Object.entries(equalPairs)) {
  Deno.test(`assertEquals() passes for equal values: ${name}`, () => {
    assertEquals(actual, expected);
    assertEquals({ in: [actual] }, { in: [expected] });
    failure(() => assertNotEquals(actual, expected));
  });
}

for (const [name, [actual, expected]] of Object.entries(unequalPairs)) {
  Deno.test(`assertEquals() fails for different values: ${name}`, () => {
    failure(() => assertEquals(actual, expected));
    failure(() => assertEquals({ in: [actual] }, { in: [expected] }));
    assertNotEquals(actual, expected);
  });
}

Deno.test("assertEquals() compares values that contain themselves", () => {
  const ring = (name: string) => {
    const object: Record<string, unknown> = { name };
    object.self = object;
    return object;
  };
  assertEquals(ring("a"), ring("a"));
  assertNotEquals(ring("a"), ring("b"));
});

Deno.test("assertEquals() and assertNotEquals() say the given message", () => {
  expectTrue(failure(() => assertEquals(1, 2, "why")).message.includes("why"));
  expectTrue(
    failure(() => assertNotEquals(1, 1, "why")).message.includes("why"),
  );
});

Deno.test("assertStrictEquals() compares with Object.is()", () => {
  const object = {};
  assertStrictEquals(object, object);
  assertStrictEquals(NaN, NaN);
  assertStrictEquals("a", "a");
  failure(() => assertStrictEquals({}, {}));
  failure(() => assertStrictEquals(0, -0));
  const { message } = failure(() => assertStrictEquals<unknown>(1, 2n, "why"));
  expectTrue(message.includes("why"));
});

Deno.test("assertStrictEquals() narrows its argument", () => {
  const value: unknown = JSON.parse("1");
  assertStrictEquals(value, 1);
  expectTrue(value.toFixed(1) === "1.0");
});

Deno.test("assertMatch() searches with the expression", () => {
  assertMatch("neighbor", /bor$/);
  const { message } = failure(() => assertMatch("neighbor", /^bor/, "why"));
  expectTrue(message.includes("why"));
});

Deno.test("assertStringIncludes() searches for the text", () => {
  assertStringIncludes("neighbor", "igh");
  assertStringIncludes("neighbor", "");
  const { message } = failure(() => assertStringIncludes("a", "b", "why"));
  expectTrue(message.includes("why"));
});

Deno.test("assertInstanceOf() follows instanceof and narrows", () => {
  const value: unknown = new RangeError("far");
  assertInstanceOf(value, Error);
  expectTrue(value.message === "far");
  const { message } = failure(() => assertInstanceOf(value, TypeError, "why"));
  expectTrue(message.includes("why"));
  for (const other of [null, undefined, 1, {}, Error]) {
    failure(() => assertInstanceOf(other, Error));
  }
});

Deno.test("assertExists() fails for null and undefined only, and narrows", () => {
  for (const value of [0, "", false, NaN]) assertExists(value);
  const value = JSON.parse('"a"') as string | null;
  assertExists(value);
  expectTrue(value.length === 1);
  for (const nothing of [null, undefined]) {
    const { message } = failure(() => assertExists(nothing, "why"));
    expectTrue(message.includes("why"));
  }
});

class CodedError extends Error {
  readonly code = "NOT_FOUND";
}

Deno.test("assertThrows() returns what was thrown", () => {
  const thrown = new CodedError("no such entry");
  const run = () => {
    throw thrown;
  };
  expectTrue(assertThrows(run) === thrown);
  expectTrue(assertThrows(run, "why") === thrown);
  expectTrue(assertThrows(run, Error) === thrown);
  const error: CodedError = assertThrows(run, CodedError, "such", "why");
  expectTrue(error.code === "NOT_FOUND");
});

Deno.test("assertThrows() returns a thrown value that is no error", () => {
  const run = () => {
    throw "text";
  };
  expectTrue(assertThrows(run) === "text");
  failure(() => assertThrows(run, Error));
});

Deno.test("assertThrows() fails when the error is another one, or none", () => {
  const run = () => {
    throw new RangeError("far");
  };
  const messages = [
    failure(() => assertThrows(run, TypeError, "far", "why")),
    failure(() => assertThrows(run, RangeError, "near", "why")),
    failure(() => assertThrows(() => 1, Error, "", "why")),
    failure(() => assertThrows(() => 1, "why")),
  ].map((error) => error.message);
  expectTrue(messages.every((message) => message.includes("why")));
  failure(() => assertThrows(() => 1));
});

Deno.test("assertRejects() resolves to the reason", async () => {
  const thrown = new CodedError("no such entry");
  const run = () => Promise.reject(thrown);
  expectTrue(await assertRejects(run) === thrown);
  expectTrue(await assertRejects(run, "why") === thrown);
  const error: CodedError = await assertRejects(run, CodedError, "such", "why");
  expectTrue(error.code === "NOT_FOUND");
  expectTrue(await assertRejects(() => Promise.reject("text")) === "text");
  await asyncFailure(() => assertRejects(() => Promise.reject("text"), Error));
});

Deno.test("assertRejects() fails when the reason is another one, or none", async () => {
  const run = () => Promise.reject(new RangeError("far"));
  const errors = [
    await asyncFailure(() => assertRejects(run, TypeError, "far", "why")),
    await asyncFailure(() => assertRejects(run, RangeError, "near", "why")),
    await asyncFailure(() =>
      assertRejects(() => Promise.resolve(), Error, "", "why")
    ),
    await asyncFailure(() => assertRejects(() => Promise.resolve(), "why")),
  ];
  expectTrue(errors.every(({ message }) => message.includes("why")));
});

Deno.test("assertRejects() fails when the function throws before its promise", async () => {
  await asyncFailure(() =>
    assertRejects(() => {
      throw new RangeError("far");
    }, RangeError)
  );
});
