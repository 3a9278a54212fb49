import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { ExportEntry } from "../../cli/export/entry.ts";
import { FORMATS } from "../../cli/export/formats.ts";
import { importText, pinsOf } from "../helpers/import_text.ts";
import { NAME } from "./interface_names.ts";

/** Entries of one interface each, without two of the same address. */
const ENTRIES: fc.Arbitrary<ExportEntry[]> = fc.uniqueArray(
  fc.record({
    number: fc.nat(0xffff),
    isIpv4: fc.boolean(),
    interfaceAlias: NAME,
    protocol: fc.option(fc.integer({ min: 1, max: 255 })),
    octets: fc.uint8Array({ minLength: 6, maxLength: 6 })
      // Not a group address, which import leaves out
      .map((octets) => [2, ...octets.subarray(1)]),
  }),
  { selector: ({ number }) => number, minLength: 1, maxLength: 20 },
).map((made) =>
  made.map((
    { number, isIpv4, interfaceAlias, octets, protocol },
  ): ExportEntry => ({
    protocol,
    address: isIpv4
      ? `10.1.${number >> 8}.${number & 255}`
      : `2001:db8::1:${number.toString(16)}`,
    family: isIpv4 ? "ipv4" : "ipv6",
    linkLayerAddress: octets.map((one) => one.toString(16).padStart(2, "0"))
      .join(":"),
    interfaceAlias,
    interfaceIndex: 3,
    interfaceLuid: null,
    state: "permanent",
  }))
);

const NAMES = [
  ...["ip-batch", "netsh", "powershell", "networkd", "ethers", "csv"] as const,
];

for (const name of NAMES) {
  Deno.test(`import reads back what export --to ${name} prints`, async () => {
    const format = FORMATS[name];
    let count = 0;
    await fc.assert(
      fc.asyncProperty(ENTRIES, async (made) => {
        const on = format.namesInterface ? {} : { interfaceAlias: "eth0" };
        const entries = made.map((entry) => ({ ...entry, ...on }))
          .filter((entry) => format.reason(entry) === undefined);
        if (entries.length === 0) return;
        count += entries.length;
        const text = format.head(entries) +
          entries.map((entry) => format.lines(entry, "active")).join("");
        const words = format.namesInterface ? [] : ["--interface", "eth0"];
        const imported = await importText(text, [
          "--from",
          name,
          ...words,
        ]);
        assertEquals(imported.thrown, undefined, imported.before.join("\n"));
        assertEquals(
          pinsOf(imported).map((pin) => [
            pin.address,
            pin.linkLayerAddress,
            pin.interfaceAlias ?? null,
            pin.protocol ?? null,
          ]),
          entries.map((entry) => [
            entry.address,
            entry.linkLayerAddress,
            entry.interfaceAlias,
            // Only ip has protocols
            name === "ip-batch" ? entry.protocol : null,
          ]),
        );
      }),
      { numRuns: 200 },
    );
    assert(count > 200, `${count} entries`);
  });
}
