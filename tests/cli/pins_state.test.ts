import { assertEquals } from "@std/assert";
import { parsePins } from "../../cli/pins/file.ts";
import { skippedText } from "../../cli/pins/rules.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";

const PIN = '{"address": "192.0.2.7", "linkLayerAddress": "02-fc-00-00-00-05"';

Deno.test("parsePins() warns of a pin that is skipped for a state written by hand", () => {
  const pin = `${PIN}, "interfaceAlias": "a"`;
  const file = parsePins(
    `[
  ${pin}, "state": "reachable"},
  ${pin}, "state": "reachable", "family": "ipv4"},
  ${pin}, "state": "reachable", "flags": []},
  ${pin}, "state": "permanent"}
]`,
    "-",
  );
  assertEquals(file.problems, []);
  assertEquals([file.skipped.notPermanent, file.pins.length], [3, 1]);
  assertEquals(file.warnings, [{
    line: 2,
    column: pin.length + 14,
    message: 'The state "reachable" makes this a row of a listing, which is ' +
      'skipped: without "state" it is a pin',
  }]);
  // Every member that a listing alone has marks a row, whatever its value
  for (const name of ["isRouter", "isUnreachable", "family", "flags"]) {
    const text = `[${pin}, "state": "stale", "${name}": 0}]`;
    assertEquals(parsePins(text, "-").warnings, [], name);
  }
  // A mistake is told instead
  const wrong = parsePins(`[${pin}, "state": "stale", "x": 1}]`, "-");
  assertEquals([wrong.warnings, wrong.problems.length], [[], 1]);
});

Deno.test("parsePins() refuses flags that are no list of texts, in which a proxy would be missed", () => {
  for (const state of ["permanent", "stale"]) {
    for (const flags of ['"proxy"', "{}", "5", "true", '["proxy", 5]']) {
      const text = `[${PIN}, "interfaceAlias": "a", "state": "${state}", ` +
        `"flags": ${flags}}]`;
      const { pins, problems } = parsePins(text, "-");
      assertEquals([pins.length, problems.length], [0, 1], text);
      assertEquals(problems[0]!.column, text.lastIndexOf(flags) + 1);
    }
    for (const flags of ["null", "[]", '["router"]']) {
      const text = `[${PIN}, "interfaceAlias": "a", "state": "${state}", ` +
        `"flags": ${flags}}]`;
      assertEquals(parsePins(text, "-").problems, [], text);
    }
  }
});

Deno.test("parsePins() takes a row with every member that a row can have", () => {
  // The compiler reports a missing member
  const row: Required<Neighbor> & { comment: string } = {
    address: "192.0.2.7",
    family: "ipv4",
    interfaceIndex: 3,
    interfaceLuid: null,
    interfaceAlias: "eth0",
    linkLayerAddress: "02:fc:00:00:00:05",
    state: "permanent",
    isRouter: false,
    isUnreachable: false,
    reachabilityTime: null,
    protocol: 42,
    flags: ["managed"],
    comment: "the gateway",
  };
  const { problems, entries } = parsePins(JSON.stringify([row]), "p");
  assertEquals(problems, []);
  assertEquals(entries.given, [{
    address: "192.0.2.7",
    linkLayerAddress: "02:fc:00:00:00:05",
    interfaceAlias: "eth0",
    protocol: 42,
    comment: "the gateway",
  }]);
});

Deno.test("parsePins() checks every name that a row has of its interface", () => {
  const row = {
    ...{ address: "192.0.2.7", linkLayerAddress: "02:fc:00:00:00:05" },
    ...{ state: "permanent", interfaceLuid: "0x6008000000000" },
    interfaceIndex: "x",
  };
  const text = JSON.stringify([row]);
  const { problems, pins } = parsePins(text, "-");
  assertEquals(problems.map(({ line, column }) => [line, column]), [
    [1, text.indexOf('"x"') + 1],
  ]);
  assertEquals(pins, []);
});

Deno.test("parsePins() puts the mistake of an edit at the address, or at the pin", () => {
  const pin = `${PIN}, "interfaceAlias": "a"}`;
  const text = `[${pin}, {"linkLayerAddress": "02-fc-00-00-00-05"}]`;
  const { problems } = parsePins(text, "-", () => "Not this one");
  const places = problems.filter(({ message }) => message === "Not this one")
    .map(({ column }) => column);
  assertEquals(places, [text.indexOf('"192') + 1, text.lastIndexOf("{") + 1]);
});

Deno.test("skippedText() counts the skipped rows by their reasons", () => {
  assertEquals(skippedText({}), undefined);
  assertEquals(skippedText({ proxy: 0 }), undefined);
  const one = skippedText({ proxy: 1, multicast: 0 });
  assertEquals(one, "1 row skipped: 1 proxy");
  assertEquals(
    skippedText({ notPermanent: 2, multicast: 1 }),
    "3 rows skipped: 2 not permanent, 1 multicast",
  );
});
