import { assert, assertEquals, assertRejects } from "@std/assert";
import { applyNeighbors, NeighborApplyError } from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import {
  kernelTable,
  OURS,
  outcomesOf,
  pin,
  seed,
  THEIRS,
} from "../helpers/windows/applying.ts";
import { wineTest } from "../helpers/windows/under_wine.ts";

const PINS = ["192.0.2.3", "192.0.2.4", "192.0.2.7", "2001:db8::7"]
  .map((address) => pin(address));

/** A row to pin, a row to change and a row to remove. */
async function seedEach(): Promise<string[]> {
  await seed("192.0.2.3", "stale");
  await seed("192.0.2.4", "permanent");
  await seed("192.0.2.8", "permanent");
  await seed("2001:db8::8", "permanent");
  return await kernelTable();
}

for (
  const [call, skip, code, status, outcomes] of [
    // By the order in which they are made: the changes, the creations, the removals
    ["SetIpNetEntry2", 0, "NO_MEMORY", 8, [
      ...["refused", "restored", "restored", "restored"],
      ...["untouched", "untouched"],
    ]],
    ["SetIpNetEntry2", 1, "NOT_SUPPORTED", 50, [
      ...["forgotten", "refused", "restored", "restored"],
      ...["untouched", "untouched"],
    ]],
    ["CreateIpNetEntry2", 1, "INVALID_PARAMETER", 87, [
      ...["forgotten", "restored", "restored", "refused"],
      ...["untouched", "untouched"],
    ]],
    ["DeleteIpNetEntry2", 0, "OTHER", 31, [
      ...["forgotten", "restored", "restored", "restored"],
      ...["refused", "restored"],
    ]],
    ["DeleteIpNetEntry2", 1, "ACCESS_DENIED", 5, [
      ...["forgotten", "restored", "restored", "restored"],
      ...["restored", "refused"],
    ]],
  ] as const
) {
  wineTest(
    `all or nothing: ${call} is refused after ${skip} of them`,
    async () => {
      const before = await seedEach();
      control.failNext(call, status, 1, skip);
      const error = await assertRejects(
        () => applyNeighbors(PINS, { prune: true }),
        NeighborApplyError,
        `${call} answered ${status}`,
      );
      assertEquals([error.code, error.status, error.operation], [
        code,
        status,
        call,
      ]);
      assertEquals(outcomesOf(error.report), [...outcomes]);
      const refused = error.report.entries.find((one) =>
        one.outcome === "refused"
      );
      // A removal was asked for by the row's own key, the entry has more
      const { address } = error.entry as { address: string };
      assertEquals(address, refused?.entry.address);
      assertEquals(refused?.error?.status, status);
      const isForgotten = outcomes[0] === "forgotten";
      assert(error.message.endsWith(
        isForgotten
          ? "1 of 6 entries refused, put back but for this: " +
            "1 will have to be learnt again"
          : "1 of 6 entries refused, everything was put back as it was",
      ));
      // Windows writes no entry that is not permanent: it is learnt again
      const [dynamic, ...permanent] = before;
      assertEquals(
        await kernelTable(),
        isForgotten ? permanent : [dynamic, ...permanent],
      );
    },
  );
}

wineTest(
  "keepGoing applies the other entries, and reports the refused ones",
  async () => {
    await seedEach();
    control.failNext("SetIpNetEntry2", 8, 1, 1);
    control.failNext("CreateIpNetEntry2", 87);
    control.failNext("DeleteIpNetEntry2", 31);
    const { entries } = await applyNeighbors(PINS, {
      prune: true,
      keepGoing: true,
    });
    assertEquals(
      entries.map(({ outcome, error }) =>
        error === null ? outcome : `${outcome} ${error.code}`
      ),
      [
        ...["changed", "refused NO_MEMORY", "refused INVALID_PARAMETER"],
        ...["created", "refused OTHER", "removed"],
      ],
    );
    assertEquals(await kernelTable(), [
      `192.0.2.3 ${OURS} PERMANENT`,
      `192.0.2.4 ${THEIRS} PERMANENT`,
      `192.0.2.8 ${THEIRS} PERMANENT`,
      `2001:db8::7 ${OURS} PERMANENT`,
    ]);
  },
);

wineTest("without elevation nothing is changed", async () => {
  const before = await seedEach();
  control.setElevated(false);
  const error = await assertRejects(
    () => applyNeighbors(PINS, { prune: true }),
    NeighborApplyError,
    "run elevated, as an administrator; " +
      "4 of 6 entries refused, nothing was changed",
  );
  assertEquals([error.code, error.status], ["ACCESS_DENIED", 5]);
  assertEquals(outcomesOf(error.report), [
    ...Array(4).fill("refused"),
    ...["untouched", "untouched"],
  ]);
  assertEquals(await kernelTable(), before);

  // An entry in sync needs no permission
  const theirs = pin("192.0.2.4", THEIRS);
  assertEquals(outcomesOf(await applyNeighbors([theirs])), ["unchanged"]);
});

wineTest(
  "an entry that cannot be rolled back is lost, and reported",
  async () => {
    await seedEach();
    control.failNext("CreateIpNetEntry2", 8, 1, 1);
    // The first two are the application's own
    control.failNext("SetIpNetEntry2", 31, 1000, 2);
    control.failAlways("DeleteIpNetEntry2", 31);
    const error = await assertRejects(
      () => applyNeighbors(PINS, { prune: true }),
      NeighborApplyError,
      "1 of 6 entries refused, put back but for this: 3 could not be put back",
    );
    assertEquals([error.code, error.status], ["NO_MEMORY", 8]);
    assertEquals(
      error.report.entries.map(({ outcome, error }) =>
        `${outcome} ${error?.operation} ${error?.status}`
      ),
      [
        "lost DeleteIpNetEntry2 31",
        "lost SetIpNetEntry2 31",
        "lost DeleteIpNetEntry2 31",
        "refused CreateIpNetEntry2 8",
        ...Array(2).fill("untouched undefined undefined"),
      ],
    );
    assertEquals(await kernelTable(), [
      `192.0.2.3 ${OURS} PERMANENT`,
      `192.0.2.4 ${OURS} PERMANENT`,
      `192.0.2.7 ${OURS} PERMANENT`,
      `192.0.2.8 ${THEIRS} PERMANENT`,
      `2001:db8::8 ${THEIRS} PERMANENT`,
    ]);
  },
);

wineTest("a removal without effect is refused, and reported", async () => {
  await seed("192.0.2.8", "permanent");
  await seed("192.0.2.9", "permanent");
  control.failNext("DeleteIpNetEntry2", 0);
  const error = await assertRejects(
    () => applyNeighbors([pin("192.0.2.7")], { prune: true }),
    NeighborApplyError,
    `yet it has ${THEIRS}, permanent where no entry was asked for`,
  );
  assertEquals(outcomesOf(error.report), ["restored", "refused", "restored"]);
  assertEquals(await kernelTable(), [
    `192.0.2.8 ${THEIRS} PERMANENT`,
    `192.0.2.9 ${THEIRS} PERMANENT`,
  ]);
});

wineTest(
  "a dynamic entry changed half-way is not reported as untouched",
  async () => {
    for (const times of [1, 1000]) {
      control.reset();
      control.setOnDynamic("dynamic");
      await seed("192.0.2.3", "stale");
      control.failNext("DeleteIpNetEntry2", 8, times);
      const error = await assertRejects(
        () => applyNeighbors([pin("192.0.2.3")]),
        NeighborApplyError,
        times === 1
          ? "1 will have to be learnt again"
          : "1 could not be put back",
      );
      assertEquals([error.code, error.status], ["NO_MEMORY", 8]);
      const [one] = error.report.entries;
      assertEquals(one?.outcome, times === 1 ? "forgotten" : "lost");
      assertEquals(one?.error?.operation, "DeleteIpNetEntry2");
      assertEquals(
        await kernelTable(),
        times === 1 ? [] : [`192.0.2.3 ${OURS} STALE`],
      );
    }
  },
);

wineTest("a rollback is read back", async () => {
  control.setOnDynamic("permanent");
  await seed("192.0.2.3", "stale");
  await seed("192.0.2.4", "stale", OURS);
  const pins = ["192.0.2.3", "192.0.2.4", "192.0.2.7", "192.0.2.8"]
    .map((address) => pin(address));
  control.failNext("CreateIpNetEntry2", 8, 1, 1);
  control.failNext("DeleteIpNetEntry2", 0, 1000);
  const error = await assertRejects(
    () => applyNeighbors(pins),
    NeighborApplyError,
    "3 could not be put back",
  );
  assertEquals(outcomesOf(error.report), [
    ...["lost", "lost", "lost"],
    "refused",
  ]);
  for (const { error: why, outcome } of error.report.entries) {
    assert(outcome === "refused" || why?.message.includes("success, yet"));
  }
  assertEquals(
    await kernelTable(),
    pins.slice(0, 3).map(({ address }) => `${address} ${OURS} PERMANENT`),
  );
});
