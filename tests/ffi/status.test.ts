import { assert, assertEquals } from "@std/assert";
import * as status from "../../ffi/windows/status.ts";
import { readLayoutHeader } from "../helpers/layout_header.ts";

const { WIN32_STATUS } = status;
const { values } = readLayoutHeader();

// The table "Codes" of windows.md, and the codes of design.md
const DOCUMENTED = [
  [2, "ERROR_FILE_NOT_FOUND"],
  [5, "ERROR_ACCESS_DENIED"],
  [8, "ERROR_NOT_ENOUGH_MEMORY"],
  [31, "ERROR_GEN_FAILURE"],
  [50, "ERROR_NOT_SUPPORTED"],
  [67, "ERROR_BAD_NET_NAME"],
  [87, "ERROR_INVALID_PARAMETER"],
  [1168, "ERROR_NOT_FOUND"],
  [1231, "ERROR_NETWORK_UNREACHABLE"],
  [1232, "ERROR_HOST_UNREACHABLE"],
  [1460, "ERROR_TIMEOUT"],
  [5010, "ERROR_OBJECT_ALREADY_EXISTS"],
] as const;

const TEXTS: Readonly<Record<number, string>> = {
  2: "The system cannot find the file specified",
  5: "Access is denied",
  8: "Not enough memory resources are available to process this command",
  31: "A device attached to the system is not functioning",
  50: "The request is not supported",
  67: "The network name cannot be found",
  87: "The parameter is incorrect",
  1168: "Element not found",
  1231: "The network location cannot be reached",
  1232: "The network location cannot be reached",
  1460: "This operation returned because the timeout period expired",
  5010: "The object already exists",
};

const CODES: Readonly<Record<number, string>> = {
  2: "OTHER",
  5: "ACCESS_DENIED",
  8: "NO_MEMORY",
  31: "OTHER",
  50: "NOT_SUPPORTED",
  67: "UNREACHABLE",
  87: "INVALID_PARAMETER",
  1168: "NOT_FOUND",
  1231: "UNREACHABLE",
  1232: "UNREACHABLE",
  1460: "TIMEOUT",
  5010: "ALREADY_EXISTS",
};

for (const [number, symbol] of DOCUMENTED) {
  Deno.test(`WIN32_STATUS names ${number} as winerror.h does`, () => {
    assertEquals(values.get(symbol), number);
    assertEquals(WIN32_STATUS[number], {
      symbol,
      text: TEXTS[number]!,
      code: CODES[number] as "OTHER",
    });
  });
}

Deno.test("WIN32_STATUS has the documented codes and no other", () => {
  assertEquals(
    Object.keys(WIN32_STATUS),
    DOCUMENTED.map(([number]) => String(number)),
  );
});

/** As the page writes it; ntstatus.h has STATUS_NO_MEMORY and no such name. */
const ON_THE_PAGE_ALONE = ["STATUS_NOT_ENOUGH_MEMORY"];

Deno.test("DRIVER_STATUS has names of winerror.h and ntstatus.h alone", () => {
  const pages = Object.entries(status.DRIVER_STATUS);
  assertEquals(pages.length, 7);
  for (const [operation, names] of pages) {
    for (const [number, name] of Object.entries(names)) {
      assert(
        values.has(name) || ON_THE_PAGE_ALONE.includes(name),
        `${operation} ${number} ${name}`,
      );
      assert(Number(number) in WIN32_STATUS);
    }
  }
});

Deno.test("status.ts gives each constant the number of winerror.h", () => {
  const constants = Object.entries(status)
    .filter(([, value]) => typeof value === "number");
  assert(constants.length >= 5);
  for (const [name, value] of constants) {
    assertEquals(value, values.get(name), name);
  }
});
