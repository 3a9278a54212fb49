import { assert, assertEquals, assertRejects } from "@std/assert";
import { applyNeighbors, NeighborApplyError } from "../../mod.ts";
import * as control from "./wine/control.ts";
import {
  kernelTable,
  OURS,
  outcomesOf,
  pin,
  seed,
  THEIRS,
} from "./applying.ts";
import { wineTest } from "./under_wine.ts";

wineTest("a removal that did nothing is refused, and told", async () => {
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
  "a dynamic entry that was changed half-way is not called untouched",
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

wineTest("what was put back is read back", async () => {
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
