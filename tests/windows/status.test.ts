import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  createNeighbor,
  deleteNeighbor,
  flushNeighbors,
  getNeighbor,
  listInterfaces,
  listNeighbors,
  NeighborError,
  setNeighbor,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { ip, kernelIndex } from "../helpers/wine/witness.ts";
import { rawRow } from "../helpers/windows/raw_row.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

const KEY = { address: "192.0.2.7", interfaceAlias: ETHERNET };
const ENTRY = { ...KEY, linkLayerAddress: "02-fc-00-00-00-05" };

const VERBS = {
  SetIpNetEntry2: () => setNeighbor(ENTRY),
  CreateIpNetEntry2: () => createNeighbor(ENTRY),
  DeleteIpNetEntry2: () => deleteNeighbor(KEY),
  GetIpNetEntry2: () => getNeighbor(KEY),
  GetIpNetTable2: () => listNeighbors(),
  GetIfTable2: () => listInterfaces(),
} as const satisfies Partial<Record<control.Call, () => unknown>>;

type Verb = keyof typeof VERBS;

/** windows.md's table: what each documented code is called, and means here. */
const CODES: [number, string, string | null, string, Verb[]][] = [
  [5, "ERROR_ACCESS_DENIED", null, "ACCESS_DENIED", [
    "SetIpNetEntry2",
    "CreateIpNetEntry2",
    "DeleteIpNetEntry2",
  ]],
  [
    87,
    "ERROR_INVALID_PARAMETER",
    "STATUS_INVALID_PARAMETER",
    "INVALID_PARAMETER",
    [
      "SetIpNetEntry2",
      "CreateIpNetEntry2",
      "DeleteIpNetEntry2",
      "GetIpNetEntry2",
      "GetIpNetTable2",
    ],
  ],
  [1168, "ERROR_NOT_FOUND", "STATUS_NOT_FOUND", "NOT_FOUND", [
    "SetIpNetEntry2",
    "DeleteIpNetEntry2",
  ]],
  // Not a missing entry: there need not be one
  [1168, "ERROR_NOT_FOUND", "STATUS_NOT_FOUND", "NOT_SUPPORTED", [
    "CreateIpNetEntry2",
  ]],
  [50, "ERROR_NOT_SUPPORTED", "STATUS_NOT_SUPPORTED", "NOT_SUPPORTED", [
    "SetIpNetEntry2",
    "CreateIpNetEntry2",
    "DeleteIpNetEntry2",
    "GetIpNetEntry2",
  ]],
  [
    2,
    "ERROR_FILE_NOT_FOUND",
    null,
    "NOT_SUPPORTED",
    [
      "GetIpNetEntry2",
    ],
  ],
  [8, "ERROR_NOT_ENOUGH_MEMORY", "STATUS_NOT_ENOUGH_MEMORY", "NO_MEMORY", [
    "GetIpNetTable2",
  ]],
  [8, "ERROR_NOT_ENOUGH_MEMORY", null, "NO_MEMORY", ["GetIfTable2"]],
  // A listing names no interface that could be missing, and no entry
  [2, "ERROR_FILE_NOT_FOUND", null, "OTHER", ["GetIfTable2"]],
  [87, "ERROR_INVALID_PARAMETER", null, "INVALID_PARAMETER", ["GetIfTable2"]],
  [1168, "ERROR_NOT_FOUND", null, "OTHER", ["GetIfTable2"]],
  [
    5010,
    "ERROR_OBJECT_ALREADY_EXISTS",
    "ERROR_OBJECT_ALREADY_EXISTS",
    "ALREADY_EXISTS",
    [
      "CreateIpNetEntry2",
    ],
  ],
];

for (const [status, symbol, ntstatus, code, verbs] of CODES) {
  for (const operation of verbs) {
    wineTest(`${operation} answering ${status} is ${code}, ${ntstatus}`, () => {
      control.failAlways(operation, status);
      const error = assertThrows(VERBS[operation], NeighborError, symbol);
      assertEquals(
        [
          error.status,
          error.symbol,
          error.ntstatus,
          error.code,
          error.operation,
        ],
        [status, symbol, ntstatus, code, operation],
      );
      if (code === "ACCESS_DENIED") {
        assert(error.message.includes("run elevated"));
      }
    });
  }
}

wineTest("not elevated: writes are ACCESS_DENIED, reads work", async () => {
  await ip(
    "neigh",
    "add",
    KEY.address,
    "lladdr",
    "02:fc:00:00:00:01",
    "dev",
    ETHERNET,
  );
  control.setElevated(false);
  for (
    const verb of [
      "SetIpNetEntry2",
      "CreateIpNetEntry2",
      "DeleteIpNetEntry2",
    ] as const
  ) {
    const error = assertThrows(VERBS[verb], NeighborError, "run elevated");
    assertEquals(error.code, "ACCESS_DENIED");
  }
  assertEquals(getNeighbor(KEY)?.linkLayerAddress, "02:fc:00:00:00:01");
  assert(listNeighbors().length > 0);
});

wineTest(
  "an entry that is missing is NOT_FOUND, by the DLL's own rules",
  () => {
    for (const verb of ["SetIpNetEntry2", "DeleteIpNetEntry2"] as const) {
      const error = assertThrows(VERBS[verb], NeighborError);
      assertEquals([error.code, error.status, error.operation], [
        "NOT_FOUND",
        1168,
        verb,
      ]);
    }
    assertEquals(getNeighbor(KEY), undefined);
  },
);

wineTest(
  "an entry that is there is ALREADY_EXISTS, and stays as it was",
  async () => {
    await ip(
      "neigh",
      "add",
      KEY.address,
      "lladdr",
      "02:fc:00:00:00:01",
      "dev",
      ETHERNET,
    );
    const error = assertThrows(VERBS.CreateIpNetEntry2, NeighborError);
    assertEquals([error.code, error.status], ["ALREADY_EXISTS", 5010]);
    assertEquals(getNeighbor(KEY)?.linkLayerAddress, "02:fc:00:00:00:01");
  },
);

for (
  const missing of [
    { interfaceAlias: "Nope" },
    { interfaceIndex: 9999 },
    { interfaceLuid: 0x6_00270f_000000n },
  ]
) {
  const words = Object.values(missing).map(String).join();
  wineTest(`interface ${words} is INTERFACE_NOT_FOUND for every verb`, () => {
    const key = { address: "192.0.2.7", ...missing };
    const entry = { ...key, linkLayerAddress: "02fc00000005" };
    const attempts = [
      () => setNeighbor(entry),
      () => createNeighbor(entry),
      () => deleteNeighbor(key),
      () => getNeighbor(key),
      () => listNeighbors(missing),
    ];
    for (const attempt of attempts) {
      const error = assertThrows(attempt, NeighborError);
      assertEquals(error.code, "INTERFACE_NOT_FOUND", error.message);
      assert(error.status !== null && error.operation !== null);
    }
  });
}

wineTest(
  "an undocumented code comes with the system's own text",
  () => {
    control.failAlways("SetIpNetEntry2", 170); // ERROR_BUSY
    const error = assertThrows(() => setNeighbor(ENTRY), NeighborError);
    assertEquals([error.code, error.status, error.symbol, error.ntstatus], [
      "OTHER",
      170,
      null,
      null,
    ]);
    const text = error.message.split("answered 170: ")[1] ?? "";
    assert(text.length > 5 && !text.includes("does not know"), error.message);
    assert(
      !/[\r\n.]$/.test(text),
      "the system's line end belongs to the system",
    );
  },
);

wineTest(
  "a code that the system has no text for is an error with its number",
  () => {
    control.failAlways("SetIpNetEntry2", 0x2fff_1234);
    const error = assertThrows(
      () => setNeighbor(ENTRY),
      NeighborError,
      "does not know",
    );
    assertEquals([error.code, error.status], ["OTHER", 0x2fff_1234]);
  },
);

wineTest("a family that this computer lacks has no rows", () => {
  control.setStack("ipv6", false);
  assert(listNeighbors().every((row) => row.family === "ipv4"));
  assertEquals(listNeighbors({ family: "ipv6" }), []);
});

wineTest("1168 from GetIpNetTable2 is a table without rows", () => {
  control.failAlways("GetIpNetTable2", 1168);
  assertEquals(listNeighbors(), []);
});

wineTest("1168 from FlushIpNetTable2 means the interface", async () => {
  control.setBackend("memory");
  const index = await kernelIndex(ETHERNET);
  control.addRows(rawRow({ index, address: [192, 0, 2, 7] }));
  control.failAlways("FlushIpNetTable2", 1168);
  const flush = () =>
    flushNeighbors({
      interfaceAlias: ETHERNET,
      family: "ipv4",
      permanent: true,
    });
  const error = assertThrows(flush, NeighborError, "the interface exists");
  assertEquals([error.code, error.ntstatus], ["NOT_SUPPORTED", null]);
  // Gone since its rows were read
  control.after("FlushIpNetTable2", 2, control.gone(index));
  const gone = assertThrows(flush, NeighborError, "no such interface");
  assertEquals(gone.code, "INTERFACE_NOT_FOUND");
});
