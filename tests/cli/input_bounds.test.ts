import { assert, assertEquals } from "@std/assert";
import { parsePins } from "../../cli/pins/file.ts";
import { refuseFile } from "../../cli/output/refusal.ts";

const PIN = {
  address: "10.0.0.1",
  linkLayerAddress: "02-fc-00-00-00-05",
  interfaceAlias: "eth0",
};

/** All lines that refuse a text. */
function refusalOf(text: string): string[] {
  const { message, before } = refuseFile("p", parsePins(text, "p").problems);
  return [...before, message];
}

// What is not linear does not end here; how long these take, bench/refusal.ts tells
for (
  const [what, text, told] of [
    ["50 MB of blanks", () => " ".repeat(50e6), "it is empty"],
    ["50 MB of empty lines", () => "\n".repeat(50e6), "it is empty"],
    ["50 MB of brackets", () => "[".repeat(50e6), "limit of 64"],
    ["a name of 50 MB", () => `[{"${"x".repeat(50e6)}":1}]`, "4 mistakes"],
    [
      "a link-layer address of 1,600,000 octets",
      () =>
        JSON.stringify([{
          ...PIN,
          linkLayerAddress: Array(1_600_000).fill("02").join(":"),
        }]),
      "has 4799999 characters",
    ],
    [
      "an address of 50 MB",
      () => JSON.stringify([{ ...PIN, address: "1:".repeat(25e6) }]),
      "IPv6 is at most 45 characters",
    ],
    [
      "a state, a family and an index of 10 MB each",
      () =>
        JSON.stringify([{
          ...PIN,
          state: "x".repeat(10e6),
          family: "x".repeat(10e6),
          interfaceLuid: "x".repeat(10e6),
        }]),
      "3 mistakes",
    ],
    [
      "200,000 pins with 200,000 mistakes",
      () => JSON.stringify(Array(200_000).fill({ ...PIN, address: "x" })),
      "p: 200000 mistakes",
    ],
    [
      "200,000 pins with 200,000 mistakes, on many lines",
      () =>
        JSON.stringify(
          Array(200_000).fill({ ...PIN, linkLayerAddress: "0g" }),
          null,
          2,
        ),
      "p: 200000 mistakes",
    ],
  ] as const
) {
  Deno.test(`a pins file with ${what} is refused`, () => {
    const lines = refusalOf(text());
    assert(lines.at(-1)!.includes(told), lines.at(-1));
    assert(lines.every((line) => line.length < 400), "a line is too long");
  });
}

Deno.test("parsePins() stops at the limit of mistakes, and says so", () => {
  const { problems } = parsePins(`[${"1,".repeat(1_100_000)}1]`, "p");
  assertEquals(problems.length, 1_000_001);
  assertEquals(
    problems.at(-1)!.message,
    "Reading stops here, at the limit of 1,000,000 mistakes",
  );
});
