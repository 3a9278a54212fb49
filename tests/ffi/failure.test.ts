import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import type { NeighborErrorCode } from "../../ffi/types/error.ts";
import { failure } from "../../ffi/windows/failure.ts";
import type { WindowsLibrary } from "../../ffi/windows/library.ts";

const ENTRY = { address: "192.0.2.7" };
const ATTEMPT = {
  operation: "SetIpNetEntry2",
  what: "set neighbor 192.0.2.7 on interface 12",
  entry: ENTRY,
} as const;

/** A system with one text or none, which counts the requests. */
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
      null,
      "Access is denied; run elevated, as an administrator",
    ],
    [
      ...[1168, "NOT_FOUND", "ERROR_NOT_FOUND"] as const,
      "STATUS_NOT_FOUND",
      "Element not found; there is no such entry on that interface",
    ],
    [
      ...[2, "OTHER", "ERROR_FILE_NOT_FOUND"] as const,
      null,
      "The system cannot find the file specified",
    ],
    [
      ...[5010, "ALREADY_EXISTS", "ERROR_OBJECT_ALREADY_EXISTS"] as const,
      null,
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
      null,
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

Deno.test("failure() takes the code of a caller that found no interface", () => {
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

const UNBOUND = "; the interface exists, but it lacks that address family or " +
  "is not ready";

for (
  const [operation, status, hasSource, hint] of [
    ["CreateIpNetEntry2", 1168, false, UNBOUND],
    ["FlushIpNetTable2", 1168, false, UNBOUND],
    ["ResolveIpNetEntry2", 1168, false, UNBOUND],
    [
      ...["ResolveIpNetEntry2", 1168, true] as const,
      `${UNBOUND}, or does not have the source address`,
    ],
    ["GetIpNetEntry2", 2, false, UNBOUND],
  ] as const
) {
  Deno.test(`failure() does not say of ${status} from ${operation} that an entry is missing, source: ${hasSource}`, () => {
    const { library } = system(null);
    const attempt = { ...ATTEMPT, operation, hasSource };
    const error = failure(library, status, attempt);
    assertEquals(error.code, "NOT_SUPPORTED");
    assertEquals(error.message.endsWith(hint), true, error.message);
    const missing = failure(library, status, attempt, "INTERFACE_NOT_FOUND");
    assertEquals(missing.code, "INTERFACE_NOT_FOUND");
    assertEquals(
      missing.message.endsWith("; there is no such interface"),
      true,
    );
  });
}

Deno.test("failure() of a flush of all interfaces says nothing of one interface", () => {
  const { library } = system(null);
  const operation = "FlushIpNetTable2";
  const attempt = { ...ATTEMPT, operation, isNamed: false } as const;
  const error = failure(library, 1168, attempt);
  assertEquals(error.code, "NOT_SUPPORTED");
  assertMatch(
    error.message,
    /Element not found; this computer may lack that address family$/,
  );
});

for (
  const [status, ofResolve, ofSet] of [
    [31, "UNREACHABLE", "OTHER"],
    [67, "UNREACHABLE", "UNREACHABLE"],
    [1231, "UNREACHABLE", "UNREACHABLE"],
    [1232, "UNREACHABLE", "UNREACHABLE"],
    [1460, "TIMEOUT", "TIMEOUT"],
  ] as const
) {
  Deno.test(`failure() of a resolve means that there was no answer when it is ${status}`, () => {
    const { asked, library } = system(null);
    const attempt = { ...ATTEMPT, operation: "ResolveIpNetEntry2" } as const;
    assertEquals(failure(library, status, attempt).code, ofResolve);
    assertEquals(failure(library, status, ATTEMPT).code, ofSet);
    assertEquals(asked, []);
  });
}

Deno.test("failure() has an ntstatus only where the call's own page has it", () => {
  const { library } = system(null);
  const of = (operation: typeof ATTEMPT.operation | string, status: number) =>
    failure(library, status, {
      ...ATTEMPT,
      operation: operation as typeof ATTEMPT.operation,
    }).ntstatus;
  assertEquals(of("GetIpNetTable2", 8), "STATUS_NOT_ENOUGH_MEMORY");
  assertEquals(of("GetIfTable2", 8), null);
  assertEquals(of("CreateIpNetEntry2", 5010), "ERROR_OBJECT_ALREADY_EXISTS");
  assertEquals(of("ResolveIpNetEntry2", 67), "STATUS_BAD_NETWORK_NAME");
  assertEquals(of("FlushIpNetTable2", 1168), null);
  assertEquals(of("DeleteIpNetEntry2", 1168), "STATUS_NOT_FOUND");
});
