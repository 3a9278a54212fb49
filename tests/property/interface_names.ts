/**
 * Names of interfaces that a format could trip over.
 *
 * @module
 */

import fc from "fast-check";

/** Names with every character that a format could trip over. */
export const NAME: fc.Arbitrary<string> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.stringMatching(/^[a-z0-9]{1,3}$/) },
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        ...[" ", "'", '"', ";", "%", "$", "`", "#", "\\", "!", "=", "^", "&"],
        ...[
          "|",
          "<",
          ">",
          "(",
          ")",
          "{",
          "}",
          "[",
          "]",
          "*",
          "?",
          "@",
          ",",
          "~",
        ],
        ...["\n", "\r", "\t", "\x1b", "$(reboot)", "%PATH%"],
        ...[
          "\u2018",
          "\u2019",
          "\u201a",
          "\u201b",
          "\u201c",
          "\u201d",
          "\u200b",
        ],
        ...["\u202e", "\u00a0", "\u3000", "\ud83d\ude00", "\udcff", "\udc80"],
        ...["以太网", "é", "nud", "dev", "-", "--", "store=persistent"],
      ),
    },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 3 }) },
  ),
  { minLength: 1, maxLength: 6 },
).map((parts) => parts.join("").replaceAll("\0", "") || "eth0");
