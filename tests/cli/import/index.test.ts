import { assertEquals, assertStringIncludes } from "@std/assert";
import { importText } from "../../helpers/import_text.ts";

for (
  const [what, text, from, index] of [
    [
      "a heading of arp -a of Windows",
      "Interface: 192.0.2.10 --- 0x0\n  192.0.2.1  02-fc-00-00-00-05  static\n",
      "arp-windows",
      "0",
    ],
    ["a column", "ip,mac,ifindex\n192.0.2.1,02:fc:00:00:00:05,0\n", "csv", "0"],
    ["a zone", "fe80::1%0 lladdr 02:fc:00:00:00:05 PERMANENT\n", "ip", "0"],
    [
      "a number beyond 32 bits",
      "ip,mac,ifindex\n192.0.2.1,02:fc:00:00:00:05,4294967296\n",
      "csv",
      "4294967296",
    ],
  ] as const
) {
  Deno.test(`import refuses an index that no interface has: ${what}`, async () => {
    const { thrown, out } = await importText(text, ["--from", from]);
    assertEquals(out, []);
    assertStringIncludes(thrown!, "interface");
    assertStringIncludes(thrown!, index);
  });
}
