import { assertEquals, assertStrictEquals } from "@std/assert";
import type { NeighborErrorCode } from "../../ffi/types/error.ts";
import { failure } from "../../ffi/windows/failure.ts";
import type { WindowsLibrary } from "../../ffi/windows/library.ts";

const ENTRY = { address: "192.0.2.7" };
const ATTEMPT = {
  operation: "SetIpNetEntry2",
  what: "set neighbor 192.0.2.7 on interface 12",
  entry: ENTRY,
} as const;

/** A system that has one text, or none, and counts who asks. */
function system(text: string | null) {
  const asked: number[] = [];
  const library = {
    formatMessage(status: number) {
      asked.push(status);
      return text;
    },
  } as unknown as WindowsLibrary;
  return { asked, library };
}

const HEAD = "Cannot set neighbor 192.0.2.7 on interface 12: SetIpNetEntry2";

for (
  const [status, code, symbol, ntstatus, message] of [
    [
      ...[5, "ACCESS_DENIED", "ERROR_ACCESS_DENIED"] as const,
      "STATUS_ACCESS_DENIED",
      "Access is denied; run elevated, as an administrator",
    ],
    [
      ...[1168, "NOT_FOUND", "ERROR_NOT_FOUND"] as const,
      "STATUS_NOT_FOUND",
      "Element not found; there is no such entry on that interface",
    ],
    [
      ...[2, "INTERFACE_NOT_FOUND", "ERROR_FILE_NOT_FOUND"] as const,
      "STATUS_OBJECT_NAME_NOT_FOUND",
      "The system cannot find the file specified; there is no such interface",
    ],
    [
      ...[5010, "ALREADY_EXISTS", "ERROR_OBJECT_ALREADY_EXISTS"] as const,
      "STATUS_DUPLICATE_OBJECTID",
      "The object already exists; there is an entry for that address already",
    ],
    [
      ...[50, "NOT_SUPPORTED", "ERROR_NOT_SUPPORTED"] as const,
      "STATUS_NOT_SUPPORTED",
      "The request is not supported; this computer may lack that address family",
    ],
    [
      ...[87, "INVALID_PARAMETER", "ERROR_INVALID_PARAMETER"] as const,
      "STATUS_INVALID_PARAMETER",
      "The parameter is incorrect",
    ],
    [
      ...[8, "NO_MEMORY", "ERROR_NOT_ENOUGH_MEMORY"] as const,
      "STATUS_NO_MEMORY",
      "Not enough memory resources are available to process this command",
    ],
  ] as const
) {
  Deno.test(`failure() says what was asked and answered when it is ${status}`, () => {
    const { asked, library } = system("localised");
    const error = failure(library, status, ATTEMPT);
    assertEquals(
      error.message,
      `${HEAD} answered ${status} ${symbol}: ${message}`,
    );
    assertEquals(
      [error.code, error.status, error.symbol, error.ntstatus],
      [code, status, symbol, ntstatus],
    );
    assertEquals(error.operation, "SetIpNetEntry2");
    assertStrictEquals(error.entry, ENTRY);
    // The system's own text is localised: not asked for what is known
    assertEquals(asked, []);
  });
}

for (
  const [text, shown] of [
    ["Die Ressource fehlt", "Die Ressource fehlt"],
    [null, "a code this package does not know"],
  ] as const
) {
  Deno.test(`failure() keeps an unknown code when the system's text is ${text}`, () => {
    const { asked, library } = system(text);
    const error = failure(library, 0xdeadbeef, ATTEMPT);
    assertEquals(error.message, `${HEAD} answered 3735928559: ${shown}`);
    const code: NeighborErrorCode = "OTHER";
    assertEquals(
      [error.code, error.status, error.symbol, error.ntstatus],
      [code, 0xdeadbeef, null, null],
    );
    assertEquals(asked, [0xdeadbeef]);
  });
}

Deno.test("failure() believes a caller who knows that the interface is missing", () => {
  const { library } = system(null);
  const error = failure(library, 1168, ATTEMPT, "INTERFACE_NOT_FOUND");
  assertEquals(error.code, "INTERFACE_NOT_FOUND");
  assertEquals(
    [error.status, error.symbol, error.ntstatus],
    [1168, "ERROR_NOT_FOUND", "STATUS_NOT_FOUND"],
  );
  assertEquals(
    error.message,
    `${HEAD} answered 1168 ERROR_NOT_FOUND: Element not found; ` +
      "there is no such interface",
  );
});
