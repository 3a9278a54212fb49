import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  NeighborError,
  openNeighborTable,
  resolveNeighbor,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { ip, kernelIndex, kernelNeighbors } from "../helpers/wine/witness.ts";
import { rawRow } from "../helpers/windows/raw_row.ts";
import { ETHERNET, OTHER, wineTest } from "../helpers/windows/under_wine.ts";

/** Longer than any delay of this file, on a slow computer too. */
const PATIENT = { timeout: 60_000 };

for (const address of ["192.0.2.2", "2001:db8::2"]) {
  wineTest(`resolveNeighbor() asks the wire for ${address}`, async () => {
    const row = await resolveNeighbor({ address, interfaceAlias: ETHERNET });
    assertEquals([row.address, row.linkLayerAddress, row.interfaceAlias], [
      address,
      "02:00:00:00:01:02",
      ETHERNET,
    ]);
    assertEquals(
      (await kernelNeighbors(address))[0]?.lladdr,
      "02:00:00:00:01:02",
    );
  });
}

wineTest(
  "resolveNeighbor() rejects with UNREACHABLE where nobody answers",
  async () => {
    const key = { address: "192.0.2.99", interfaceAlias: ETHERNET };
    const error = await assertRejects(
      () => resolveNeighbor(key),
      NeighborError,
    );
    assertEquals([error.code, error.status, error.symbol], [
      "UNREACHABLE",
      67,
      "ERROR_BAD_NET_NAME",
    ]);
  },
);

wineTest(
  "resolveNeighbor() returns a permanent entry without asking",
  async () => {
    await ip(
      "neigh",
      "add",
      "192.0.2.2",
      "lladdr",
      "02:fc:00:00:00:09",
      "dev",
      ETHERNET,
    );
    const row = await resolveNeighbor({
      address: "192.0.2.2",
      interfaceAlias: ETHERNET,
    });
    assertEquals([row.linkLayerAddress, row.state], [
      "02:fc:00:00:00:09",
      "permanent",
    ]);
    assertEquals(control.calls().ResolveIpNetEntry2, 0);
    assertEquals((await kernelNeighbors("192.0.2.2"))[0]?.state, ["PERMANENT"]);
  },
);

wineTest(
  "resolveNeighbor() rejects bad input and a missing interface",
  async () => {
    const key = { address: "192.0.2.2", interfaceAlias: ETHERNET };
    const refused = [
      [{ ...key, address: "127.0.0.1" }, {}, "INVALID_PARAMETER"],
      [key, { sourceAddress: "2001:db8::1" }, "INVALID_PARAMETER"],
      [key, { sourceAddress: "1.2.3" }, "INVALID_PARAMETER"],
      [
        { address: "192.0.2.2", interfaceIndex: 9999 },
        {},
        "INTERFACE_NOT_FOUND",
      ],
    ] as const;
    for (const [asked, options, code] of refused) {
      const error = await assertRejects(
        () => resolveNeighbor(asked, options),
        NeighborError,
      );
      assertEquals(error.code, code);
    }
    assertEquals(control.calls().ResolveIpNetEntry2, 0);
  },
);

wineTest("resolveNeighbor() passes the source address", async () => {
  const row = await resolveNeighbor(
    { address: "192.0.2.2", interfaceAlias: ETHERNET },
    { sourceAddress: "192.0.2.1" },
  );
  assertEquals(row.linkLayerAddress, "02:00:00:00:01:02");
});

wineTest("an abort rejects at once and leaves the table usable", async () => {
  using table = openNeighborTable();
  const key = { address: "192.0.2.99", interfaceAlias: ETHERNET };
  const reason = new Error("enough");
  const controller = new AbortController();
  // 192.0.2.2 answers after this, and is asked first
  control.delay("ResolveIpNetEntry2", 10_000);
  let isAnswered = false;
  const answer = table.resolve({ ...key, address: "192.0.2.2" }, PATIENT)
    .then(() => isAnswered = true);
  const pending = table.resolve(key, {
    ...PATIENT,
    signal: controller.signal,
  });
  setTimeout(() => controller.abort(reason), 20);
  assertEquals(await assertRejects(() => pending), reason);
  assertEquals(isAnswered, false, "the wire was waited for");
  await answer;
  control.delay("ResolveIpNetEntry2", 0);
  assertEquals(
    (await table.resolve({ ...key, address: "192.0.2.2" })).address,
    "192.0.2.2",
  );
  const aborted = table.resolve(key, { signal: AbortSignal.abort(reason) });
  assertEquals(await assertRejects(() => aborted), reason);
});

wineTest("resolveNeighbor() rejects after its timeout", async () => {
  control.delay("ResolveIpNetEntry2", 10_000);
  using table = openNeighborTable();
  const key = { address: "192.0.2.2", interfaceAlias: ETHERNET };
  // Another address: a resolve removes the entry first, also that of another one
  let isAnswered = false;
  const answer = table.resolve({ ...key, address: "192.0.2.99" }, PATIENT)
    .catch(() => isAnswered = true);
  const error = await assertRejects(
    () => table.resolve(key, { timeout: 50 }),
    NeighborError,
    "there was no answer within 50 ms",
  );
  assertEquals(isAnswered, false, "the wire was waited for");
  await answer;
  assertEquals([error.code, error.operation, error.entry], [
    "TIMEOUT",
    "ResolveIpNetEntry2",
    key,
  ]);
  control.delay("ResolveIpNetEntry2", 300);
  const row = await table.resolve(key, PATIENT);
  assertEquals(row.linkLayerAddress, "02:00:00:00:01:02");
});

wineTest(
  "a table closed while a resolve is under way lets it finish",
  async () => {
    const table = openNeighborTable();
    control.delay("ResolveIpNetEntry2", 200);
    const key = { address: "192.0.2.2", interfaceAlias: ETHERNET };
    const pending = table.resolve(key);
    table.close();
    assertThrows(() => table.get(key), NeighborError, "closed");
    assertEquals((await pending).linkLayerAddress, "02:00:00:00:01:02");
  },
);

wineTest("32 at a time do not starve Deno.readFile()", async () => {
  control.setBackend("memory");
  const index = await kernelIndex(ETHERNET);
  for (let i = 0; i < 32; i++) {
    control.addHost(rawRow({ index, address: [192, 0, 2, 100 + i] }));
  }
  control.delay("ResolveIpNetEntry2", 5000);
  let settled = 0;
  const pending = Array.from(
    { length: 32 },
    (_, i) =>
      resolveNeighbor({
        address: `192.0.2.${100 + i}`,
        interfaceAlias: ETHERNET,
      }, PATIENT)
        .then(() => settled++),
  );
  await Deno.readFile(new URL(import.meta.url));
  assertEquals(
    settled,
    0,
    "the file was read only after the wire had answered",
  );
  await Promise.all(pending);
  assertEquals(settled, 32);
});

for (
  const [status, code, words] of [
    [31, "UNREACHABLE", "ERROR_GEN_FAILURE"],
    [1231, "UNREACHABLE", "ERROR_NETWORK_UNREACHABLE"],
    [1232, "UNREACHABLE", "ERROR_HOST_UNREACHABLE"],
    [1460, "TIMEOUT", "ERROR_TIMEOUT"],
    [1168, "NOT_SUPPORTED", "the interface exists, but it lacks"],
  ] as const
) {
  wineTest(`ResolveIpNetEntry2 answering ${status} is ${code}`, async () => {
    control.failAlways("ResolveIpNetEntry2", status);
    const key = { address: "192.0.2.2", interfaceAlias: ETHERNET };
    const error = await assertRejects(
      () => resolveNeighbor(key),
      NeighborError,
      words,
    );
    assertEquals([error.code, error.status], [code, status]);
    assertEquals(error.message.includes("source"), false);
    assertEquals(error.message.includes("entry"), false);
  });
}

wineTest(
  "a source address that the interface lacks is named as a cause",
  async () => {
    control.failAlways("ResolveIpNetEntry2", 1168);
    const error = await assertRejects(
      () =>
        resolveNeighbor(
          { address: "192.0.2.2", interfaceAlias: ETHERNET },
          { sourceAddress: "192.0.2.77" },
        ),
      NeighborError,
      "or does not have the source address",
    );
    assertEquals([error.code, error.status], ["NOT_SUPPORTED", 1168]);
  },
);

for (const by of ["interfaceAlias", "interfaceIndex"] as const) {
  wineTest(
    `an answer from another interface than ${by} is refused`,
    async () => {
      const there = await kernelIndex(OTHER);
      control.setAnswering(there);
      const key = by === "interfaceAlias"
        ? { address: "192.0.2.2", interfaceAlias: ETHERNET }
        : { address: "192.0.2.2", interfaceIndex: await kernelIndex(ETHERNET) };
      const error = await assertRejects(
        () => resolveNeighbor(key),
        NeighborError,
        `from another interface, interface ${there} `,
      );
      assertEquals([error.code, error.status], ["UNCONFIRMED", 0]);
    },
  );
}
