/**
 * A worker that adds, changes and removes as fast as it can: in the same
 * network namespace, on a thread of its own.
 *
 * @module
 */

import { LinuxBackend } from "../../../ffi/linux/backend.ts";
import { SystemTable } from "../../../ffi/system_table.ts";
import { changesOf } from "./many.ts";

const scope = self as unknown as {
  onmessage: (event: MessageEvent) => void;
  postMessage(data: unknown): void;
};

let isGoing = false;

async function churn(): Promise<void> {
  using table = new SystemTable(() => new LinuxBackend());
  for (let round = 0; isGoing; round++) {
    const from = round * 37 % 900;
    table.change(changesOf("replace", 60, { from, shift: round }));
    table.change(changesOf("delete", 25, { from: from + 10 }));
    await new Promise((go) => setTimeout(go, 0));
  }
  scope.postMessage("stopped");
}

scope.onmessage = ({ data }) => {
  const wasGoing = isGoing;
  isGoing = data === "go";
  if (isGoing && !wasGoing) void churn();
};
scope.postMessage("ready");
