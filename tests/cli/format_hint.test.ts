import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parsePins } from "../../cli/pins/file.ts";

const MAC = "02:fc:00:00:00:05";

function mistakesOf(text: string): string[] {
  return parsePins(text, "pins.json").problems
    .map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

Deno.test("parsePins() says once that a file is what ip -j neigh prints", () => {
  const row = { dst: "192.0.2.1", dev: "eth0", lladdr: MAC, state: ["STALE"] };
  assertEquals(mistakesOf(JSON.stringify([row, row])), [
    "1:2: The row looks like what ip -j neigh prints: " +
    "neighbor import --from ip-json makes a pins file of it",
  ]);
  const other = { IPAddress: "192.0.2.1", LinkLayerAddress: MAC, State: 6 };
  assertEquals(mistakesOf(JSON.stringify([other, other])), [
    "1:2: The row looks like what Get-NetNeighbor | ConvertTo-Json prints: " +
    "neighbor import --from powershell makes a pins file of it",
  ]);
});

Deno.test("parsePins() knows a row of Get-NetNeighbor by one member", () => {
  const [mistake] = mistakesOf('[{"IPAddress": "192.0.2.1"}]');
  assertStringIncludes(mistake!, "looks like what Get-NetNeighbor");
});

Deno.test("parsePins() names each foreign member of a pin that has an address", () => {
  const pin = { address: "192.0.2.1", linkLayerAddress: MAC };
  const foreign = { interfaceAlias: "a", dst: "x", dev: "y", lladdr: "z" };
  const mistakes = mistakesOf(JSON.stringify([{ ...pin, ...foreign }]));
  assertEquals(
    mistakes.map((one) => /has no member "(\w+)"/.exec(one)?.[1]),
    ["dst", "dev", "lladdr"],
  );
});

Deno.test("parsePins() throws an error that is no mistake of the file", () => {
  const text = `[{"address": "192.0.2.1", "linkLayerAddress": "${MAC}"}]`;
  assertThrows(
    () =>
      parsePins(text, "-", () => {
        throw new TypeError("A bug");
      }),
    TypeError,
    "A bug",
  );
});
