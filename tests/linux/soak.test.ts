import { assert, assertEquals } from "@std/assert";
import { networkTest } from "../helpers/linux/network.ts";
import { soak } from "../soak/soak.ts";

networkTest(
  "ten seconds of disturbance: no miss, and no growth",
  async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const report = await soak({ seconds: 5, seed, flood: 3000, pins: 5000 });
    const about = `seed ${seed}: ${JSON.stringify(report)}`;
    assertEquals(report.misses, [], about);
    for (const count of Object.values(report.rounds)) assert(count > 0, about);
    assert(report.repairs > 100, about);
    for (const { descriptors, memory, load } of report.processes) {
      assertEquals(descriptors[1], descriptors[0], about);
      assert(memory[1] - memory[0] < 100, about);
      assert(load < 10, about);
    }
  },
);
