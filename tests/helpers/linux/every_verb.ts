/**
 * Every verb once, on the device of the first argument: what each came to, as
 * JSON. Run by permission.test.ts with few permissions.
 *
 * @module
 */

import { applyNeighbors } from "../../../reconcile/apply.ts";
import { NeighborError } from "../../../ffi/types/error.ts";
import { guardNeighbors } from "../../../reconcile/guard.ts";
import { LinuxBackend } from "../../../ffi/linux/backend.ts";
import { SystemTable } from "../../../ffi/system_table.ts";
import { pinNeighbor } from "../../../reconcile/pin.ts";

const key = { address: "10.0.0.7", interfaceAlias: Deno.args[0]! };
const entry = { ...key, linkLayerAddress: "02:fc:00:00:00:05" };
let table: SystemTable | undefined;

const verbs: Record<string, (on: SystemTable) => unknown> = {
  listInterfaces: (on) => on.listInterfaces(),
  preview: (on) => on.preview("create", entry),
  create: (on) => on.create(entry),
  set: (on) => on.set(entry),
  get: (on) => on.get(key),
  list: (on) => on.list(),
  replace: (on) => on.replace(entry),
  change: (on) => {
    const [result] = on.change([{ verb: "set", ...entry }]);
    if (result?.outcome !== "done") throw result?.error;
  },
  delete: (on) => on.delete(key),
  resolve: (on) => on.resolve({ ...key, address: "10.0.0.2" }),
  watch: async (on) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    for await (const _ of on.watch({ signal: controller.signal }));
  },
  flush: (on) => on.flush({ interfaceAlias: Deno.args[0]! }),
  pin: (table) => {
    using _ = pinNeighbor(entry, { table });
  },
  apply: (table) => applyNeighbors([entry], { table }),
  guard: (table) => {
    const controller = new AbortController();
    const { signal } = controller;
    const another = { ...entry, address: "10.0.0.8" };
    return guardNeighbors([entry, another], {
      table,
      signal,
      report: () => void setTimeout(() => controller.abort(), 20),
    });
  },
};

const outcome: Record<string, string> = {};
for (const [name, verb] of Object.entries(verbs)) {
  try {
    table ??= new SystemTable(() => new LinuxBackend());
    await verb(table);
    outcome[name] = "done";
  } catch (error) {
    if (!(error instanceof NeighborError)) throw error;
    outcome[name] = error.code +
      (error.message.includes("CAP_NET_ADMIN") ? ", names CAP_NET_ADMIN" : "");
  }
}
console.log(JSON.stringify(outcome));
