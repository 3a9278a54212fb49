import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  JsonError,
  JsonReader,
  MAX_DEPTH,
} from "../../cli/pins/json_reader.ts";
import { Lines, type Problem } from "../../cli/pins/lines.ts";

/** The value of a text, or its mistake. */
function parse(text: string): { value: unknown } | Problem {
  try {
    const reader = new JsonReader(text);
    const value = reader.value();
    reader.end();
    return { value };
  } catch (error) {
    assert(error instanceof JsonError, String(error));
    return { ...new Lines(text).placeOf(error.at), message: error.message };
  }
}

for (
  const [text, line, column, words] of [
    ["", 1, 1, "it is empty"],
    [" \n ", 2, 2, "it is empty"],
    ["{", 1, 2, 'the closing "}" is missing'],
    ['{"a": 1', 1, 8, 'the closing "}" is missing'],
    ["[1", 1, 3, 'the closing "]" is missing'],
    ["[1,", 1, 4, "a value is missing"],
    ["[1,\n 2,\n]", 3, 1, "nothing behind the last comma"],
    ['{\n  "a": 1,\n}', 3, 1, "nothing behind the last comma"],
    ['{"a":}', 1, 6, "a value is missing"],
    ["[,]", 1, 2, "a value is missing"],
    ["{1: 2}", 1, 2, "a name in double quotes is missing"],
    ['{"a" 1}', 1, 6, 'a colon is missing behind "a"'],
    ["[1 2]", 1, 4, 'a comma or the closing "]" is missing'],
    ["[\n  yes\n]", 2, 3, '"yes" is no JSON value'],
    ["[truely]", 1, 2, '"truely" is no JSON value'],
    ["['a']", 1, 2, "a text takes double quotes"],
    ["{'a': 1}", 1, 2, "a name in double quotes is missing"],
    ["[1] 2", 1, 5, "more behind its end"],
    ["[1, // one\n 2]", 1, 5, "a comment"],
    ["[1 // one\n, 2]", 1, 4, "a comment"],
    ["[/* one */ 1]", 1, 2, "a comment"],
    ["[1]\n# done", 2, 1, "a comment"],
    ['["a\nb"]', 1, 2, "a string has no end"],
    ['["a', 1, 2, "a string has no end"],
    ['["a\tb"]', 1, 4, "a string has a control character"],
    ['["\\x"]', 1, 3, "a string has an escape that is none"],
    ['["a\\u12"]', 1, 4, "a string has an escape that is none"],
    ["[01]", 1, 2, '"01" is no JSON value'],
    ["[1.]", 1, 2, '"1." is no JSON value'],
    ["[-]", 1, 2, '"-" is no JSON value'],
    ["[1e+]", 1, 2, '"1e+" is no JSON value'],
    ["[\ufeff1]", 1, 2, "is no JSON value"],
  ] as const
) {
  Deno.test(`JsonReader refuses ${JSON.stringify(text)} at ${line}:${column}`, () => {
    const problem = parse(text) as Problem;
    assertEquals([problem.line, problem.column], [line, column]);
    assert(problem.message.startsWith("This is no JSON: "), problem.message);
    assert(problem.message.includes(words), problem.message);
  });
}

Deno.test("JsonReader names the limit of nesting, for any depth", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  assert("value" in parse(nested(MAX_DEPTH)));
  for (const text of [nested(MAX_DEPTH + 1), "[".repeat(5_000_000)]) {
    assertEquals(parse(text), {
      line: 1,
      column: MAX_DEPTH + 1,
      message: "It is nested deeper than the limit of 64",
    });
  }
  const objects = '{"a":'.repeat(3000) + "1" + "}".repeat(3000);
  assertEquals((parse(objects) as Problem).column, 5 * MAX_DEPTH + 1);
});

Deno.test("JsonReader counts open brackets only", () => {
  const text = `[${Array(100).fill("[[],{}]").join(",")}]`;
  assert("value" in parse(text), JSON.stringify(parse(text)));
});

for (
  const [text, words] of [
    ["02:fc:00:00:00:05 192.0.2.1", "--from ethers"],
    ["# /etc/ethers\n\n2:fc:0:0:0:5\tgateway\n", "an ethers file"],
    ["192.0.2.1 dev eth0 lladdr 02:fc:00:00:00:05 STALE", "ip neigh"],
    ["fe80::1 dev eth0 lladdr 02:fc:00:00:00:05 router STALE", "ip neigh"],
    ["? (192.0.2.1) at 02:fc:00:00:00:05 [ether] on eth0", "--from arp "],
    ["gateway (192.0.2.1) at 02:fc:00:00:00:05 on en0", "--from arp-bsd "],
    ["\r\nInterface: 192.0.2.9 --- 0xc\r\n  Internet Address", "arp prints"],
    ["\nSchnittstelle: 192.0.2.9 --- 0xc\n", "--from arp-windows "],
    ["Address                  HWtype  HWaddress", "arp prints"],
    ["IP address       HW type     Flags", "/proc/net/arp"],
    ["\nifIndex IPAddress     LinkLayerAddress      State", "Get-NetNeighbor"],
    ["ADDRESS    LINK-LAYER-ADDRESS  STATE", "prints for people"],
    ["neigh add 192.0.2.1 lladdr 02:fc:00:00:00:05 dev eth0", "ip -batch"],
    ["address,link-layer,interface\n192.0.2.1,02:fc:00:00:00:05,eth0", "CSV"],
    ["192.0.2.1,02:fc:00:00:00:05,eth0\r\n", "CSV"],
    ["ip;mac;dev\r\n192.0.2.1;02fc00000005;eth0\r\n", "--from csv "],
    ["[Match]\nName=eth0\n", "--from networkd "],
    ["Neighbor      Linklayer Address  Netif Expire", "--from ndp "],
    [
      "Schnittstelle 11: LAN\n\nInternetadresse  Typ\n" +
      `${"-".repeat(44)}  ${"-".repeat(17)}  -----------\n`,
      "--from netsh ",
    ],
    ["---\n- address: 192.0.2.1\n", "YAML"],
    ["neighbors:\n- address: 192.0.2.1\n", "YAML"],
    ["# pins of the office\nneighbors:\n", "YAML"],
    ["# comment", "has a comment"],
    ["// x\n[]", "has a comment"],
    ["/* x */ []", "has a comment"],
  ] as const
) {
  Deno.test(`JsonReader calls ${JSON.stringify(text)} what it looks like`, () => {
    const { message } = parse(text) as Problem;
    assert(message.startsWith("This is no JSON: it "), message);
    assert(message.includes(words), message);
  });
}

Deno.test("JsonReader gives no format hint for text that only resembles one", () => {
  for (const text of ["192.0.2.1", "02:fc", "eth0: up", "a b c", "- one"]) {
    const { message } = parse(text) as Problem;
    assert(!message.includes("look"), message);
  }
});

Deno.test("JsonReader knows the offset of a value, and returns repeated members", () => {
  const text = '{\r\n  "a": [1,\n\t{ "b": null, "b": "c" }]\n}';
  const lines = new Lines(text);
  const seen: unknown[] = [];
  const json = new JsonReader(text);
  const note = (what: unknown, at: number) => {
    const { line, column } = lines.placeOf(at);
    seen.push([what, line, column]);
  };
  json.kind();
  json.members((name, at) => {
    note(name, at);
    note(json.kind(), json.at);
    json.items(() => {
      note(json.kind(), json.at);
      if (json.kind() === "number") return void json.value();
      json.members((name, at) => {
        note(name, at);
        json.value();
      });
    });
  });
  json.end();
  assertEquals(seen, [
    ["a", 2, 3],
    ["array", 2, 8],
    ["number", 2, 9],
    ["object", 3, 2],
    ["b", 3, 4],
    ["b", 3, 15],
  ]);
});

Deno.test("JsonReader reads __proto__ as an ordinary member", () => {
  const found = parse('{"__proto__": {"a": 1}}') as { value: object };
  assertEquals(Object.getPrototypeOf(found.value), Object.prototype);
  assertEquals(Object.keys(found.value), ["__proto__"]);
});

Deno.test("Lines finds the end of a text and empty lines", () => {
  const lines = new Lines("\n\nab\n");
  assertEquals(
    [0, 1, 2, 3, 4, 5].map((at) => Object.values(lines.placeOf(at))),
    [[1, 1], [2, 1], [3, 1], [3, 2], [3, 3], [4, 1]],
  );
});

Deno.test("Lines agrees with counting line by line, in texts of many blocks", () => {
  const piece = fc.constantFrom("\n", "\n\n\n", "a", "x".repeat(700), "\r\n");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join("");
      const lines = new Lines(text);
      for (let at = 0; at <= text.length; at++) {
        const before = text.slice(0, at);
        assertEquals(lines.placeOf(at), {
          line: before.split("\n").length,
          column: at - before.lastIndexOf("\n"),
        });
      }
    }),
    { numRuns: 30 },
  );
});

Deno.test("JsonReader reads what JSON.parse accepts, with the same value", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      assertEquals(
        JSON.stringify((parse(text) as { value: unknown }).value),
        JSON.stringify(JSON.parse(text)),
      );
    }),
    { numRuns: 2000 },
  );
});

Deno.test("JsonReader refuses what JSON.parse refuses, at an offset in the text", () => {
  const broken = fc.tuple(
    fc.json(),
    fc.nat(),
    fc.constantFrom(...'{}[]",:\\/0.-eE\u00a0\ufeff\n'),
  ).map(([text, at, character]) => {
    const where = at % (text.length + 1);
    return text.slice(0, where) + character + text.slice(where);
  });
  fc.assert(
    fc.property(fc.oneof(broken, fc.string()), (text) => {
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      const found = parse(text);
      assertEquals("message" in found, !isJson, JSON.stringify(found));
      if (!("message" in found)) return;
      const lines = text.split("\n");
      assert(found.line >= 1 && found.line <= lines.length);
      assert(found.column >= 1);
      assert(found.column <= lines[found.line - 1]!.length + 1);
    }),
    { numRuns: 5000 },
  );
});
