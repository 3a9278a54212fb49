import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../cli/args.ts";
import {
  linesOf,
  looksLikeAddress,
  looksLikeDashed,
} from "../../../cli/import/format.ts";
import { detectFormat } from "../../../cli/import/formats.ts";

Deno.test("looksLikeAddress() takes what can only be meant as an IP address", () => {
  for (
    const word of [
      ..."192.0.2.1 0.0.0.0 9.90.99.1 1234.1.1.1 1.1234.1.1".split(" "),
      ..."0::0 :: 9::9 2001:db8::1 FE80::1%eth0 1:2 ::ffff:192.0.2.1".split(
        " ",
      ),
    ]
  ) assertEquals(looksLikeAddress(word), true, word);
  for (
    const word of [
      ..."1.2.3 1.2.3.4.5 12345.1.1.1 1.12345.1.1 a.b.c.d host".split(" "),
      ..."g::1 1::g eth0%1 02-fc".split(" "),
      "",
    ]
  ) assertEquals(looksLikeAddress(word), false, word);
});

Deno.test("looksLikeDashed() takes what can only be meant as an address with dashes", () => {
  const good = "02-fc-00-00-00-05 2-fc 0-0 9-9 f-F 002-000 99f-90f 02-";
  for (const word of good.split(" ")) {
    assertEquals(looksLikeDashed(word), true, word);
  }
  for (const word of "02 -02 0000-1 1-0000 g-1 1-g 02:fc".split(" ")) {
    assertEquals(looksLikeDashed(word), false, word);
  }
});

Deno.test("linesOf() numbers the lines and takes the blanks off their ends", () => {
  for (
    const [text, ...lines] of [
      ["", ""],
      ["\nx", "", "x"],
      ["a\n\nb", "a", "", "b"],
      [" a \t\r\n \n\f\vb c\v", "a", "", "b c"],
      ["a\n", "a", ""],
    ] as const
  ) {
    assertEquals(
      [...linesOf(text)],
      lines.map((text, i) => ({ line: i + 1, text })),
    );
  }
});

Deno.test("detectFormat() names the formats that take lines, the nearest first", () => {
  const arp = "? (192.0.2.1) at 02:fc:00:00:00:05 [ether] on eth0\n";
  const ip = "192.0.2.2 dev eth0 lladdr 02:fc:00:00:00:06 STALE\n";
  assertThrows(
    () => detectFormat(ip + arp + arp, "FILE"),
    UsageError,
    "no format takes every line: arp 2 of 3, ip 1 of 3; say which it is by " +
      "--from. The first line that is not arp is 1: ",
  );
});
