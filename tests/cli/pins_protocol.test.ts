import { assertEquals } from "@std/assert";
import { parsePins } from "../../cli/pins/file.ts";

const MAC = "02:fc:00:00:00:05";
const PIN = '{"address": "192.0.2.7", "linkLayerAddress": "02-fc-00-00-00-05"';

function mistakesOf(text: string): string[] {
  return parsePins(text, "p").problems
    .map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

Deno.test("parsePins() reads the protocol of a pin, of a row and of the file", () => {
  const { entries, protocol, problems } = parsePins(
    `{"protocol": 42, "neighbors": [
  ${PIN}, "interfaceAlias": "a"},
  ${PIN}, "interfaceAlias": "b", "protocol": 11},
  ${PIN}, "interfaceAlias": "c", "protocol": null},
  ${PIN}, "interfaceAlias": "d", "state": "permanent", "protocol": 255},
  ${PIN}, "interfaceAlias": "e", "state": "permanent", "protocol": null}
]}`,
    "p",
  );
  assertEquals([problems, protocol], [[], 42]);
  // The protocol of the file is given to the others by apply
  assertEquals([...entries.protocols.subarray(0, 5)], [0, 11, 0, 255, 0]);
  assertEquals(
    parsePins(`{"neighbors": [], "protocol": null}`, "p").protocol,
    0,
  );
});

Deno.test("parsePins() refuses a protocol that is none, wherever it stands", () => {
  assertEquals(
    mistakesOf(`{"protocol": 0, "neighbors": [
  ${PIN}, "interfaceAlias": "a", "protocol": "zebra"},
  ${PIN}, "interfaceAlias": "b", "protocol": 256},
  {"address": "192.0.2.8", "state": "stale", "protocol": 1.5},
  {"address": "192.0.2", "linkLayerAddress": "${MAC}",
   "interfaceAlias": "a", "protocol": 999}
], "protocol": 42}`),
    [
      "1:14: The protocol 0 is that of an entry without one: omit it",
      '2:104: The protocol takes a number from 1 to 255, not "zebra"',
      "3:104: The protocol 256 is not a whole number from 1 to 255",
      "4:58: The protocol 1.5 is not a whole number from 1 to 255",
      '5:15: Cannot parse IP address "192.0.2": IPv4 is four decimal octets with dots between',
      "6:39: The protocol 999 is not a whole number from 1 to 255",
      '7:4: The member "protocol" stands twice',
    ],
  );
});
