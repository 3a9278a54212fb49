import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { LIBC_PATHS } from "../../ffi/linux/netlink/libc.ts";
import {
  attempt,
  DEVICE,
  ip,
  ipNeighbors,
  networkTest,
} from "../helpers/linux/network.ts";
import { NO_LIBC } from "../helpers/skipped.ts";

const CHILD = fileURLToPath(
  new URL("../helpers/linux/every_verb.ts", import.meta.url),
);
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));

/** Runs every verb in a process of its own; what each of them came to. */
function everyVerb(
  grant: readonly string[],
  ...wrapper: readonly string[]
): Record<string, string> | string {
  const [command, ...args] = [
    ...wrapper,
    Deno.execPath(),
    "run",
    "--no-prompt",
    "--no-lock",
    `--config=${CONFIG}`,
    ...grant,
    CHILD,
    DEVICE,
  ];
  const { stdout, stderr } = attempt(command!, ...args);
  return stdout === "" ? stderr : JSON.parse(stdout);
}

const ALLOWED = {
  listInterfaces: "done",
  create: "done",
  set: "done",
  get: "done",
  list: "done",
  preview: "done",
  replace: "done",
  change: "done",
  resolve: "done",
  delete: "done",
  watch: "done",
  flush: "done",
  pin: "done",
  apply: "done",
  guard: "done",
};

networkTest("every verb works with --allow-ffi and nothing else", () => {
  assertEquals(everyVerb(["--allow-ffi"]), ALLOWED);
});

for (const path of LIBC_PATHS[Deno.build.arch]) {
  networkTest(`every verb works with --allow-ffi=${path}`, () => {
    assertEquals(everyVerb([`--allow-ffi=${path}`]), ALLOWED);
  }, exists(path) ? undefined : NO_LIBC);
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

const REQUIRED = Object.fromEntries(
  Object.keys(ALLOWED).map((verb) => [verb, "PERMISSION_REQUIRED"]),
);

networkTest(
  "without a grant, or with one for the current folder, every verb is PERMISSION_REQUIRED",
  () => {
    assertEquals(everyVerb([]), REQUIRED);
    // A bare name under a scoped grant would be looked for in the current folder
    assertEquals(everyVerb(["--allow-ffi=libc.so.6"]), REQUIRED);
    assertEquals(everyVerb(["--allow-ffi=/nowhere/libc.so.6"]), REQUIRED);
  },
);

networkTest(
  "without CAP_NET_ADMIN reads work, writes are ACCESS_DENIED",
  () => {
    const entry = `10.0.0.7 lladdr 02:fc:00:00:00:05 dev ${DEVICE}`;
    ip(`neigh add ${entry} nud stale`);
    const outcome = everyVerb(
      ["--allow-ffi"],
      "setpriv",
      "--bounding-set=-all",
      "--inh-caps=-all",
    );
    const denied = "ACCESS_DENIED, names CAP_NET_ADMIN";
    assertEquals(outcome, {
      ...ALLOWED,
      create: denied,
      set: denied,
      preview: "ALREADY_EXISTS",
      replace: denied,
      change: denied,
      resolve: denied,
      delete: denied,
      flush: denied,
      pin: denied,
      apply: denied,
      guard: denied,
    });
    const [row, ...others] = ipNeighbors().filter(({ dst }) =>
      dst.startsWith("10.")
    );
    assertEquals([row?.state, others], [["STALE"], []]);
  },
);
