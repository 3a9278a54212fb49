import { assert, assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import { LinuxBackend } from "../../ffi/linux/backend.ts";
import { SystemTable } from "../../ffi/system_table.ts";
import { addressOf, changesOf, linkLayerOf } from "../helpers/linux/many.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";

const descriptors = () => [...Deno.readDirSync("/proc/self/fd")].length;

networkTest("100,000 entries are made, listed and removed", ({ table }) => {
  const count = 100_000;
  const made = table.change(changesOf("create", count));
  assert(made.every((one) => one.outcome === "done"));
  const rows = table.list({ interfaceAlias: DEVICE, state: "permanent" });
  assertEquals(rows.length, count);
  const found = new Map(rows.map((row) => [row.address, row]));
  for (let i = 0; i < count; i++) {
    assertEquals(found.get(addressOf(i))?.linkLayerAddress, linkLayerOf(i));
  }
  assertEquals(JSON.parse(ip(`-j -4 neigh show dev ${DEVICE}`)).length, count);
  assertEquals(
    table.flush({ interfaceAlias: DEVICE, permanent: true }).length,
    count,
  );
  assertEquals(table.list({ interfaceAlias: DEVICE, family: "ipv4" }), []);
});

networkTest(
  "a list during constant changes has no duplicates and every row that stays",
  async ({ table }) => {
    const stay = 2000;
    table.change(changesOf("create", stay));
    // Another process adds and removes rows in batches, as fast as possible
    const lines = Array.from(
      { length: 4000 },
      (_, i) =>
        `replace ${addressOf(0x10000 + i)} lladdr ${
          linkLayerOf(i)
        } dev ${DEVICE}`,
    );
    const churn = new Deno.Command("sh", {
      args: [
        "-c",
        'printf "%s" "$ADD" >/tmp/add.$$; printf "%s" "$DEL" >/tmp/del.$$; ' +
        "echo; while :; do ip -force -batch /tmp/add.$$; ip -force -batch /tmp/del.$$; done 2>/dev/null",
      ],
      env: {
        ADD: lines.map((line) => `neigh ${line}\n`).slice(0, 900).join(""),
        DEL: lines.map((line) =>
          `neigh ${line.replace("replace", "del").replace(/lladdr \S+ /, "")}\n`
        ).slice(0, 900).join(""),
      },
      stdout: "piped",
      stderr: "null",
    }).spawn();
    try {
      const reader = churn.stdout.getReader();
      await reader.read();
      let most = 0;
      for (let round = 0; round < 200; round++) {
        const rows = table.list({ interfaceAlias: DEVICE, family: "ipv4" });
        const addresses = new Set(rows.map((row) => row.address));
        assertEquals(addresses.size, rows.length, "a row came twice");
        most = Math.max(most, rows.length);
      }
      assert(most > stay, "nothing churned");
      await reader.cancel();
    } finally {
      churn.kill("SIGKILL");
      await churn.status;
    }
  },
);

networkTest("errno is right during garbage collection", ({ table }) => {
  const { gc } = globalThis as { gc?: () => void };
  const key = { address: "10.0.0.7", interfaceAlias: DEVICE };
  let garbage: unknown[] = [];
  for (let i = 0; i < 20_000; i++) {
    // Enough of it that young and old generations are swept all the time
    garbage.push(new Array(100).fill(i), new Uint8Array(1000));
    if (i % 500 === 0) garbage = [];
    if (i % 1000 === 0) gc?.();
    const error = assertThrows(() => table.delete(key), NeighborError);
    assertEquals(error.symbol, "ENOENT");
  }
});

networkTest(
  "two tables are open at once and do not mix up replies",
  ({ table }) => {
    using other = new SystemTable(() => new LinuxBackend());
    for (let i = 0; i < 500; i++) {
      const [one, two] = [table, other].map((each, n) => {
        const key = { address: addressOf(2 * i + n), interfaceAlias: DEVICE };
        each.create({ ...key, linkLayerAddress: linkLayerOf(i) });
        return key;
      });
      assertEquals(other.get(one!)?.address, one!.address);
      assertEquals(table.get(two!)?.address, two!.address);
    }
    assertEquals(
      table.list({ family: "ipv4" }),
      other.list({ family: "ipv4" }),
    );
  },
);

networkTest("1,000 tables opened and closed leave no descriptor behind", () => {
  new SystemTable(() => new LinuxBackend()).close();
  const before = descriptors();
  for (let i = 0; i < 1000; i++) {
    using table = new SystemTable(() => new LinuxBackend());
    if (i % 100 === 0) table.list();
  }
  assertEquals(descriptors(), before);
});

networkTest("a child process does not inherit the descriptor", ({ table }) => {
  const sockets = () =>
    new TextDecoder().decode(
      new Deno.Command("sh", { args: ["-c", "ls -l /proc/self/fd"] })
        .outputSync().stdout,
    ).match(/socket/g)?.length ?? 0;
  const before = sockets();
  using _ = new SystemTable(() => new LinuxBackend());
  table.list();
  assertEquals(sockets(), before);
});
