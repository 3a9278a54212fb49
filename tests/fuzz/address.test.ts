import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { fileURLToPath } from "node:url";
import { EntryList } from "../../ffi/entry_list.ts";
import {
  formatAddress,
  isLoopback,
  isMulticast,
  isUnspecified,
  parseAddress,
} from "../../ffi/parse/address.ts";
import { brokenAddressRule, parseKey } from "../../ffi/parse/entry.ts";
import { parseFilter } from "../../ffi/parse/filter.ts";
import type { RawRow } from "../../ffi/raw_row.ts";
import {
  ADDRESS_BYTES,
  ADDRESS_TEXT,
  attempt,
} from "../property/arbitraries.ts";
import { CASES, report, SEED } from "./fuzz.ts";

const SCRIPT = fileURLToPath(new URL("address.py", import.meta.url));
/** So many texts are asked for at a time. */
const CHUNK = 20_000;

/** Why the oracle cannot be asked here. */
function missing(): string | undefined {
  try {
    // Older ones take leading zeroes, and know no zones
    const asked = new Deno.Command("python3", {
      args: [
        "-c",
        "import ipaddress, sys; sys.exit(sys.version_info < (3, 9, 5))",
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).outputSync();
    return asked.success
      ? undefined
      : "python3 does not run, or is older than 3.9.5";
  } catch {
    return "there is no python3, install it";
  }
}

const reason = missing();

/** Hands out the texts of an arbitrary with what Python says of each. */
async function* asked<T>(
  kind: "address" | "subnet",
  texts: fc.Arbitrary<string>,
): AsyncGenerator<{ text: string; says: T | null }> {
  const child = new Deno.Command("python3", {
    args: [SCRIPT, kind],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  const answers = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (let done = 0, chunk = 0; done < CASES; done += CHUNK, chunk++) {
      const numRuns = Math.min(CHUNK, CASES - done);
      const drawn = fc.sample(texts, { numRuns, seed: SEED + chunk });
      await writer.write(
        new TextEncoder().encode(JSON.stringify(drawn) + "\n"),
      );
      while (!rest.includes("\n")) {
        const { value, done } = await answers.read();
        assert(!done, "python3 has ended");
        rest += value;
      }
      const [line = ""] = rest.split("\n", 1);
      rest = rest.slice(line.length + 1);
      const said: (T | null)[] = JSON.parse(line);
      for (const [i, text] of drawn.entries()) yield { text, says: said[i]! };
    }
  } finally {
    await writer.close();
    await answers.cancel();
    await child.status;
  }
}

/** A test that needs Python; ignored, and not in silence, without it. */
function pythonTest(name: string, test: () => Promise<void>): void {
  if (reason !== undefined) console.warn(`SKIPPED: ${name}: ${reason}`);
  Deno.test({ name, ignore: reason !== undefined, fn: test });
}

interface Address {
  readonly octets: readonly number[];
  readonly zone: string | null;
  readonly text: string;
  readonly isUnspecified: boolean;
  readonly isLoopback: boolean;
  readonly isMulticast: boolean;
}

const TEXT = fc.oneof(
  { weight: 4, arbitrary: ADDRESS_TEXT },
  { weight: 1, arbitrary: ADDRESS_BYTES.map(formatAddress) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...["::", "::1", "0.0.0.0", "255.255.255.255", "127.0.0.1", "224.0.0.1"],
      ...["::ffff:127.0.0.1", "::127.0.0.1", "1::2::3", "1:2:3:4:5:6:7::"],
      ...["::1%0", "fe80::1%va%1", "1.2.3.4%va", "\u0661.2.3.4", "\uff11::"],
      ...[
        " ::1",
        "::1 ",
        "::1\n",
        "[::1]",
        "1:2:3:4:5:6:7:8:",
        ":1:2:3:4:5:6:7",
      ],
    ),
  },
);

pythonTest("parseAddress() agrees with Python's ipaddress", async () => {
  const counts = new Map([["address", 0], ["zoned", 0], ["refused", 0]]);
  const count = (kind: string) => counts.set(kind, counts.get(kind)! + 1);
  for await (const { text, says } of asked<Address>("address", TEXT)) {
    const parsed = attempt(() => parseAddress(text));
    const about = `${JSON.stringify(text)}, seed ${SEED}`;
    // The one difference: a zone may have a "%", as names of interfaces have
    const isOdd = says === null && text.split("%").length > 2;
    if ("refused" in parsed) {
      assertEquals(parsed.refused, "INVALID_PARAMETER", about);
      assertEquals(says, null, about);
      count("refused");
      continue;
    }
    const { bytes, zone } = parsed.value;
    count(zone === null ? "address" : "zoned");
    if (isOdd) continue;
    assert(says !== null, about);
    assertEquals([...bytes], says.octets, about);
    assertEquals(zone, says.zone, about);
    assertEquals(formatAddress(bytes), says.text, about);
    assertEquals(isUnspecified(bytes), says.isUnspecified, about);
    assertEquals(isLoopback(bytes), says.isLoopback, about);
    assertEquals(isMulticast(bytes), says.isMulticast, about);
    if (says.isUnspecified || says.isLoopback) {
      assert(brokenAddressRule(bytes) !== undefined, about);
    }
    // The list that entries are parsed into says the same
    const entries = new EntryList();
    const key = attempt(() =>
      parseKey(entries, { address: text, interfaceAlias: "va" })
    );
    if ("value" in key) assertEquals(entries.address(0), says.text, about);
    else assert(zone !== null, about);
  }
  report("addresses", counts);
});

interface Subnet {
  readonly first: readonly number[];
  readonly last: readonly number[];
}

const SUBNET = fc.oneof(
  fc.tuple(ADDRESS_BYTES, fc.nat(140), fc.boolean()).map(
    ([bytes, length, isCut]) => {
      const octets = bytes.slice();
      // Without host bits, most of the time
      for (let bit = length; isCut && bit < 8 * octets.length; bit++) {
        octets[bit >> 3]! &= ~(0x80 >> (bit & 7));
      }
      return `${formatAddress(octets)}/${length}`;
    },
  ),
  fc.tuple(ADDRESS_TEXT, fc.stringMatching(/^\/[0-9 +-]{0,4}$/))
    .map((parts) => parts.join("")),
  fc.constantFrom("0.0.0.0/0", "::/0", "10.0.0.0/8/8", "10.0.0.0/", "/8", "/"),
);

/** A row of an address, as much of it as a filter of a subnet looks at. */
function rowOf(octets: readonly number[]): RawRow {
  return {
    octets: Uint8Array.from(octets),
    addressStart: 0,
    addressEnd: octets.length,
    isProxy: false,
  } as unknown as RawRow;
}

/** The next address above, or below. */
function besides(octets: readonly number[], by: 1 | -1): number[] {
  const next = [...octets];
  for (let i = next.length - 1; i >= 0; i--) {
    next[i] = (next[i]! + by + 256) % 256;
    if (next[i] !== (by === 1 ? 0 : 255)) break;
  }
  return next;
}

pythonTest(
  "parseFilter() agrees with Python's ipaddress on subnets",
  async () => {
    const counts = new Map([["subnet", 0], ["refused", 0]]);
    for await (const { text, says } of asked<Subnet>("subnet", SUBNET)) {
      const about = `${JSON.stringify(text)}, seed ${SEED}`;
      const parsed = attempt(() => parseFilter({ subnet: text }));
      if ("refused" in parsed) {
        counts.set("refused", counts.get("refused")! + 1);
        // Python takes leading zeroes, an address alone, and a zone
        const isStricter = /\/0[0-9]|%|^[^/]*$/.test(text);
        assert(says === null || isStricter, about);
        continue;
      }
      counts.set("subnet", counts.get("subnet")! + 1);
      assert(says !== null, about);
      const { matches, wants } = parsed.value;
      const { first, last } = says;
      const isAll = first.every((one) => one === 0) &&
        last.every((one) => one === 255);
      for (
        const [octets, isIn] of [
          [first, true],
          [last, true],
          [besides(first, -1), isAll],
          [besides(last, 1), isAll],
        ] as const
      ) {
        assertEquals(matches(rowOf(octets)), isIn, about);
        const address = formatAddress(Uint8Array.from(octets));
        assertEquals(wants({ address } as never), isIn, `${about} ${address}`);
      }
    }
    report("subnets", counts);
  },
);
