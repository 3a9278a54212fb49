import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { FORMATS } from "../../cli/export/formats.ts";
import type { ExportEntry } from "../../cli/export/entry.ts";
import { NAME } from "./interface_names.ts";
import { INVISIBLE } from "../../cli/output/text.ts";
import {
  cmdWords,
  ipBatchWords,
  powershellWords,
} from "../helpers/tokenizers.ts";

const MAC = "02:fc:00:00:00:05";
const DASHED = "02-fc-00-00-00-05";
const RUNS = { numRuns: 5000 };

function entryOf(interfaceAlias: string, address = "192.0.2.7"): ExportEntry {
  return {
    address,
    family: address.includes(":") ? "ipv6" : "ipv4",
    linkLayerAddress: MAC,
    interfaceAlias,
    interfaceIndex: 3,
    interfaceLuid: null,
    state: "permanent",
  };
}

/** Counts what is said and what is refused, so that neither is never tried. */
function checkEach(
  format: typeof FORMATS[keyof typeof FORMATS],
  check: (lines: string, name: string, entry: ExportEntry) => void,
  mayRefuse: (name: string) => boolean,
): void {
  let [said, refused] = [0, 0];
  fc.assert(
    fc.property(NAME, (name) => {
      const entry = entryOf(name);
      const reason = format.reason(entry);
      if (reason !== undefined) {
        refused++;
        assert(mayRefuse(name), `${JSON.stringify(name)} ${reason}`);
        assertThrows(() => format.lines(entry, "active"));
        return;
      }
      said++;
      check(format.lines(entry, "active"), name, entry);
    }),
    RUNS,
  );
  assert(said > 100, `${said} said`);
  assert(refused > 100, `${refused} refused`);
}

const hasInvisible = (name: string) => name.search(INVISIBLE) >= 0;

Deno.test("ip -batch reads back each name that is exported", () => {
  checkEach(
    FORMATS["ip-batch"],
    (lines, name) => {
      const words = ["neigh", "replace", "192.0.2.7", "lladdr", MAC];
      assertEquals(ipBatchWords(lines), [
        [...words, "dev", name, "nud", "permanent"],
      ]);
    },
    (name) =>
      hasInvisible(name) || name.includes("#") ||
      (/['"]/.test(name) && /^["']| /.test(name)),
  );
});

Deno.test("cmd and netsh read back each name that is exported", () => {
  checkEach(
    FORMATS.netsh,
    (lines, name) => {
      assertEquals(cmdWords(lines), [
        ["netsh", "interface", "ipv4", "set", "neighbors", name, "192.0.2.7"]
          .concat(DASHED, "store=active"),
      ]);
    },
    (name) =>
      hasInvisible(name) || /["%!=]|\\$/.test(name) || /^[0-9]+$/.test(name),
  );
});

Deno.test("PowerShell reads back each name that is exported", () => {
  checkEach(
    FORMATS.powershell,
    (lines, name) => {
      const what = ["-InterfaceAlias", name, "-IPAddress", "192.0.2.7"]
        .concat("-LinkLayerAddress", DASHED, "-PolicyStore", "ActiveStore");
      assertEquals(powershellWords(lines), [[
        ...["try", "{", "New-NetNeighbor", ...what, "-State", "Permanent"],
        ...["-ErrorAction", "Stop", "}", "catch", "{", "Set-NetNeighbor"],
        ...[...what, "}"],
      ]]);
    },
    (name) => /\p{Cs}/u.test(name) || /[*?[\]`]/.test(name),
  );
});

Deno.test("a name in the comment of networkd stays in the comment", () => {
  fc.assert(
    fc.property(NAME, (name) => {
      const entry = entryOf(name);
      const head = FORMATS.networkd.head([entry]);
      assert(/^# [^\n]*\n$/.test(head), JSON.stringify(head));
      assert(!hasInvisible(head.trimEnd()), JSON.stringify(head));
      assertEquals(FORMATS.networkd.reason(entry), undefined);
    }),
    RUNS,
  );
});

Deno.test("the tokenizers refuse what another program would read otherwise", () => {
  assertEquals(ipBatchWords('a "b c" d # e\nf\\\ng'), [["a", "b c", "d"], [
    "fg",
  ]]);
  assertEquals(ipBatchWords("a'b \"c'd\""), [["a'b", "c'd"]]);
  assertThrows(() => ipBatchWords('a "b'));
  assertEquals(cmdWords('a "b c" d\\e\r\n'), [["a", "b c", "d\\e"]]);
  assertEquals(cmdWords('"a\\\\" b'), [["a\\", "b"]]);
  assertThrows(() => cmdWords('"a\\" b'));
  assertThrows(() => cmdWords('"%PATH%"'));
  assertThrows(() => cmdWords("a & b"));
  assertEquals(powershellWords("a 'b''c' ('d' + [char]0x2019)"), [
    ["a", "b'c", "d\u2019"],
  ]);
  for (const bad of ["'a\u2019", "$a", "'a", "([char]0x41)", "a; b", '"$a"']) {
    assertThrows(() => powershellWords(bad), Error, undefined, bad);
  }
});
