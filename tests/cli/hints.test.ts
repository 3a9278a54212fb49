import { assertEquals } from "@std/assert";
import { parseCommand, type RunCommand } from "../../cli/args.ts";
import { withHint } from "../../cli/hints.ts";
import { exitCode } from "../../cli/output/answer.ts";
import {
  NeighborError,
  type NeighborErrorCode,
  type NeighborErrorOptions,
} from "../../ffi/types/error.ts";
import { FakeTable, interfaceOf } from "../helpers/fake_table.ts";

const IP = "192.0.2.7";
const MAC = "02-fc-00-00-00-05";
const TABLE = new FakeTable([interfaceOf(1, "eth0"), interfaceOf(2, "12")]);

function hintOf(
  code: NeighborErrorCode,
  words: readonly string[],
  options: NeighborErrorOptions = {},
  table = TABLE,
): string {
  const command = parseCommand(words) as RunCommand;
  const error = withHint(
    new NeighborError(code, "No", options),
    command,
    table,
  );
  return (error as Error).message.slice("No".length);
}

const lists = "neighbor interfaces lists them";

for (
  const [code, words, hint] of [
    ["NOT_FOUND", ["set", IP, MAC], "; add or replace would create it"],
    ["NOT_FOUND", ["delete", IP], ""],
    ["ALREADY_EXISTS", ["add", IP, MAC], "; set or replace would change it"],
    ["ALREADY_EXISTS", ["replace", IP, MAC], ""],
    [
      "INVALID_PARAMETER",
      ["set", MAC, IP],
      `; the operands are swapped: set ${IP} ${MAC}`,
    ],
    [
      "INVALID_PARAMETER",
      ["add", "2:fc:0:0:0:5", "fe80::1%eth0"],
      "; the operands are swapped: add fe80::1%eth0 2:fc:0:0:0:5",
    ],
    ["INVALID_PARAMETER", ["set", "x", IP], ""],
    ["INVALID_PARAMETER", ["set", MAC, MAC], ""],
    ["INVALID_PARAMETER", ["delete", MAC], ""],
    ...["list", "watch", "flush"].map((verb) =>
      [
        "INVALID_PARAMETER",
        [verb, "02:fc:00:00:00:05", IP],
        // Not that the operands are swapped: these have no order
        "",
      ] as const
    ),
    ...["get", "list", "watch", "flush"].map((verb) =>
      [
        "INVALID_PARAMETER",
        [verb, "02:fc:00:00:00:05"],
        "; 02:fc:00:00:00:05 is a link-layer address, " +
        "which list --link-layer-address finds",
      ] as const
    ),
    ["INVALID_PARAMETER", ["get", "02:fc:00"], ""],
    [
      "INVALID_PARAMETER",
      ["delete", "192.0.2.0/24"],
      "; flush removes the entries of a subnet",
    ],
    [
      "INVALID_PARAMETER",
      ["get", "192.0.2.0/24"],
      "; list shows the entries of a subnet",
    ],
    ["INVALID_PARAMETER", ["delete", "192.0.2/24"], ""],
    ["INVALID_PARAMETER", ["list", "192.0.2.7/24"], ""],
    [
      "INVALID_PARAMETER",
      ["list", "--state", "stale,Static"],
      "; a static entry has the state permanent",
    ],
    ["INVALID_PARAMETER", ["list", "--state", "statik"], ""],
    ["INVALID_PARAMETER", ["get", IP], ""],
    [
      "INTERFACE_NOT_FOUND",
      ["get", IP, "-i", "eht0"],
      `; did you mean eth0? ${lists}`,
    ],
    [
      "INTERFACE_NOT_FOUND",
      ["get", IP, "-i", "122"],
      `; did you mean alias:12? ${lists}`,
    ],
    ["INTERFACE_NOT_FOUND", ["get", IP, "-i", "printer"], `; ${lists}`],
    ["INTERFACE_NOT_FOUND", ["get", `${IP}%x`], ""],
    ["ACCESS_DENIED", ["set", IP, MAC], ""],
  ] as const
) {
  Deno.test(`the hint of ${code} for ${words.join(" ")} is "${hint}"`, () => {
    assertEquals(hintOf(code, words), hint);
  });
}

Deno.test("no hint where the system refused the operands, or where another error came", () => {
  const words = ["set", MAC, IP];
  assertEquals(hintOf("INVALID_PARAMETER", words, { status: 87 }), "");
  const other = new TypeError("No");
  const command = parseCommand(words) as RunCommand;
  assertEquals(withHint(other, command, TABLE), other);
});

Deno.test("the interfaces that cannot be listed do not hide the error", () => {
  const table = new FakeTable([interfaceOf(1, "eth0")]);
  table.close();
  const words = ["get", IP, "-i", "eht0"];
  assertEquals(hintOf("INTERFACE_NOT_FOUND", words, {}, table), `; ${lists}`);
});

Deno.test("what is not supported is refused before asking (2) unless a call was needed (1)", () => {
  const code = (options: NeighborErrorOptions) =>
    exitCode(new NeighborError("NOT_SUPPORTED", "No", options));
  assertEquals(code({}), 2);
  assertEquals(code({ operation: "dlopen" }), 1);
  assertEquals(code({ operation: "RTM_NEWNEIGH", status: 95 }), 1);
});
