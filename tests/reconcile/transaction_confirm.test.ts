import { assertEquals } from "@std/assert";
import { applyNeighbors } from "../../reconcile/apply.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";

const VA = interfaceOf(2, "va");
const OURS = "02:fc:00:00:00:01";
const THEIRS = "02:ee:00:00:00:02";
const PIN = {
  address: "10.0.0.1",
  linkLayerAddress: OURS,
  interfaceAlias: "va",
};

for (const isSnapshot of [false, true]) {
  Deno.test(`the error of a write that the table does not show names both, snapshot: ${isSnapshot}`, async () => {
    const pruned = rowOf(VA, "10.0.0.9", THEIRS);
    for (
      const [desired, refused, finding] of [
        [
          { ...PIN, address: "10.0.0.2" },
          pruned,
          `it has ${THEIRS}, permanent where no entry was asked for`,
        ],
        [
          PIN,
          rowOf(VA, "10.0.0.1", THEIRS),
          `it has ${THEIRS}, permanent where ${OURS}, permanent, was asked for`,
        ],
        [PIN, undefined, `there is no entry where ${OURS}, permanent, was`],
      ] as const
    ) {
      const table = new FakeTable([VA], [pruned]);
      table.fake.isSnapshot = isSnapshot;
      const write = table.fake.write.bind(table.fake);
      table.fake.write = (entries, from, to) => {
        write(entries, from, to);
        if (refused === undefined) table.rows.clear();
        else table.put(refused);
      };
      const { entries } = await applyNeighbors([desired], {
        table,
        prune: true,
        keepGoing: true,
      });
      const at = refused === pruned ? 1 : 0;
      const { outcome, error } = entries[at]!;
      assertEquals([outcome, error?.code], ["refused", "UNCONFIRMED"]);
      assertEquals(error?.message.includes(finding), true, error?.message);
    }
  });
}
