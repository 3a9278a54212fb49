/**
 * A smoke of every verb of the command, with `ip` as the witness. It is what
 * `deno task test:kernels` runs on other kernels, so it starts few processes.
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { VERBS } from "../../cli/usage/verbs.ts";
import { pinsFile, TemporaryFile } from "../helpers/linux/applying.ts";
import { CLI, neighbor, type Ran } from "../helpers/linux/command.ts";
import { OURS, THEIRS } from "../helpers/linux/guarding.ts";
import { mainHere, Running, until } from "../helpers/linux/main_here.ts";
import {
  DEVICE,
  ip,
  ipNeighbor,
  networkTest,
  THERE,
  THERE_LINK_LAYER,
} from "../helpers/linux/network.ts";

const ON = ["--interface", DEVICE];
/** A free address of each family, and another. */
const FAMILIES = [
  ["ipv4", "10.0.0.7", "10.0.0.8"],
  ["ipv6", "2001:db8::7", "2001:db8::8"],
] as const;

const ran = new Set<string>();

/** Runs the command here. */
async function here(...words: readonly string[]): Promise<Ran> {
  ran.add(words[0]!);
  return await mainHere(...words);
}

/** Runs it with `--json`; returns what it prints, asserting that it succeeds. */
// deno-lint-ignore no-explicit-any
async function answer(...words: readonly string[]): Promise<any> {
  const { code, stdout, stderr } = await here(...words, "--json");
  assertEquals([code, stderr], [0, ""], words.join(" "));
  return JSON.parse(stdout);
}

/** Runs it with `--json`; asserts its exit code and the code of its error. */
async function refusal(
  [code, error]: readonly [number, string],
  ...words: readonly string[]
): Promise<void> {
  const one = await here(...words, "--json");
  assertEquals([one.code, one.stdout], [code, ""], one.stderr);
  assertEquals(JSON.parse(one.stderr).error.code, error, one.stderr);
}

/** The row by `ip`: link-layer address and state. */
function row(address: string): string | undefined {
  const found = ipNeighbor(address);
  return found && `${found.lladdr} ${found.state}`;
}

const pin = (address: string, linkLayerAddress: string = OURS) => ({
  address,
  linkLayerAddress,
  interfaceAlias: DEVICE,
});

for (const [family, address, other] of FAMILIES) {
  networkTest(
    `smoke, ${family}: add, set, replace, get, list, delete`,
    async () => {
      const of = (verb: string, ...words: string[]) =>
        answer(verb, address, ...words, ...ON);
      await refusal([3, "NOT_FOUND"], "set", address, OURS, ...ON);
      assertEquals(row(address), undefined);
      const tried = await of("add", OURS, "--dry-run");
      assertEquals([tried.result, row(address)], ["dry-run", undefined]);
      assertEquals((await of("add", OURS)).result, "created");
      assertEquals(row(address), `${OURS} PERMANENT`);
      await refusal([1, "ALREADY_EXISTS"], "add", address, THEIRS, ...ON);
      assertEquals(row(address), `${OURS} PERMANENT`);
      assertEquals((await of("set", THEIRS)).result, "changed");
      assertEquals(row(address), `${THEIRS} PERMANENT`);
      assertEquals((await of("replace", THEIRS)).result, "unchanged");
      assertEquals((await of("replace", OURS)).result, "changed");
      assertEquals(row(address), `${OURS} PERMANENT`);
      assertEquals((await of("get")).linkLayerAddress, OURS);
      const found = await answer("get", address);
      assertEquals([found.interfaceAlias, found.state], [DEVICE, "permanent"]);
      const rows = await answer("list", address, ...ON);
      assertEquals(rows, [found]);
      const states = ["--state", "permanent", "--family", family];
      assertEquals(await answer("list", ...ON, ...states), [found]);
      assertEquals((await of("delete")).result, "deleted");
      assertEquals(row(address), undefined);
      await refusal([3, "NOT_FOUND"], "delete", address, ...ON);
      await refusal([3, "NOT_FOUND"], "get", address, ...ON);
      assertEquals((await of("replace", OURS)).result, "created");
      assertEquals(row(address), `${OURS} PERMANENT`);
    },
  );

  networkTest(`smoke, ${family}: flush`, async () => {
    ip(`neigh add ${address} lladdr ${OURS} nud stale dev ${DEVICE}`);
    ip(`neigh add ${other} lladdr ${OURS} nud permanent dev ${DEVICE}`);
    await refusal([2, "INVALID_PARAMETER"], "flush");
    const flushed = await answer("flush", ...ON, "--family", family);
    assertEquals(flushed.result, "flushed");
    assert(
      flushed.neighbors.some((one: { address: string }) =>
        one.address === address
      ),
    );
    assertEquals([row(address)?.includes(OURS), row(other)], [
      undefined,
      `${OURS} PERMANENT`,
    ]);
    await answer("flush", other, ...ON, "--permanent");
    assertEquals(row(other), undefined);
  });

  networkTest(`smoke, ${family}: resolve`, async () => {
    const found = await answer("resolve", THERE[family], ...ON);
    assertEquals(found.linkLayerAddress, THERE_LINK_LAYER);
    assertStringIncludes(row(THERE[family])!, THERE_LINK_LAYER);
    await refusal([1, "UNREACHABLE"], "resolve", other, ...ON);
  });

  networkTest(`smoke, ${family}: batch`, async () => {
    const lines = (...changes: object[]) =>
      changes.map((one) => JSON.stringify(one)).join("\n");
    using good = new TemporaryFile(lines(
      { verb: "create", ...pin(address) },
      { verb: "set", ...pin(address, THEIRS) },
      { verb: "replace", ...pin(other) },
      { verb: "delete", address: other, interfaceAlias: DEVICE },
    ));
    const done = await here("batch", good.path);
    assertEquals([done.code, done.stderr], [0, ""]);
    assertEquals([row(address), row(other)], [
      `${THEIRS} PERMANENT`,
      undefined,
    ]);
    using bad = new TemporaryFile(lines(
      { verb: "create", ...pin(address) },
      { verb: "create", ...pin(other) },
    ));
    assertEquals((await here("batch", bad.path)).code, 1);
    assertEquals(row(other), undefined);
    const { code } = await here("batch", bad.path, "--keep-going");
    assertEquals([code, row(other)], [1, `${OURS} PERMANENT`]);
  });

  networkTest(
    `smoke, ${family}: apply, --check, --prune, roll back`,
    async () => {
      using file = new TemporaryFile(pinsFile([pin(address)]));
      const apply = async (...words: string[]) =>
        (await here("apply", file.path, ...words)).code;
      assertEquals([await apply("--check"), row(address)], [5, undefined]);
      assertEquals([await apply(), row(address)], [0, `${OURS} PERMANENT`]);
      assertEquals(await apply("--check"), 0);
      ip(`neigh replace ${address} lladdr ${THEIRS} nud stale dev ${DEVICE}`);
      ip(`neigh add ${other} lladdr ${THEIRS} dev ${DEVICE}`);
      assertEquals([await apply("--check"), await apply()], [5, 0]);
      assertEquals([row(address), row(other)], [
        `${OURS} PERMANENT`,
        `${THEIRS} PERMANENT`,
      ]);
      assertEquals(await apply("--prune", "--check"), 5);
      assertEquals(await apply("--prune"), 0);
      assertEquals([row(address), row(other)], [
        `${OURS} PERMANENT`,
        undefined,
      ]);
      // The kernel refuses the second one: the first is undone
      ip("link add d0 type bridge");
      try {
        Deno.writeTextFileSync("/proc/sys/net/ipv6/conf/d0/disable_ipv6", "1");
        const no = { ...pin("2001:db8::9"), interfaceAlias: "d0" };
        using refused = new TemporaryFile(pinsFile([pin(address, THEIRS), no]));
        const { code, stderr } = await here("apply", refused.path);
        assertEquals([code, row(address)], [1, `${OURS} PERMANENT`], stderr);
      } finally {
        ip("link del d0");
      }
    },
  );
}

networkTest("smoke: --protocol", async () => {
  for (const [, address, other] of FAMILIES) {
    const of = (one: string) =>
      / proto (\S+)/.exec(ip(`-d neigh show ${one} dev ${DEVICE}`))?.[1];
    const made = await answer(
      ...["add", address, OURS, ...ON, "--protocol", "44"],
    );
    assertEquals([made.neighbor.protocol, of(address)], [44, "44"]);
    await answer("set", address, THEIRS, ...ON, "--protocol", "45");
    assertEquals([row(address), of(address)], [`${THEIRS} PERMANENT`, "45"]);
    ip(`neigh add ${other} lladdr ${THEIRS} dev ${DEVICE}`);
    using one = new TemporaryFile(pinsFile([pin(address)]));
    await here("apply", one.path, "--prune", "--protocol", "45");
    assertEquals([row(address), row(other)], [
      `${OURS} PERMANENT`,
      `${THEIRS} PERMANENT`,
    ]);
  }
});

networkTest("smoke: interfaces, and names of them", async ({ index }) => {
  const long = "a-name-of-more-than-fifteen-bytes";
  ip(`link property add dev ${DEVICE} altname ${long}`);
  const rows = await answer("interfaces");
  const found = rows.find((one: { interfaceAlias: string }) =>
    one.interfaceAlias === DEVICE
  );
  assertEquals([found.interfaceIndex, found.altNames], [index, [long]]);
  await answer("add", "10.0.0.7", OURS, "--interface", long);
  assertEquals(row("10.0.0.7"), `${OURS} PERMANENT`);
  await answer("delete", "10.0.0.7", "--interface", `${index}`);
  assertEquals(row("10.0.0.7"), undefined);
  await refusal(
    [3, "INTERFACE_NOT_FOUND"],
    ...["add", "10.0.0.7", OURS, "--interface", "nowhere"],
  );
  await refusal(
    [3, "INTERFACE_NOT_FOUND"],
    ...["add", "10.0.0.7", OURS, "--interface", "4711"],
  );
});

networkTest("smoke: export, import, stats", async () => {
  const addresses = FAMILIES.map(([, address]) => address);
  for (const address of addresses) {
    ip(`neigh add ${address} lladdr ${OURS} dev ${DEVICE}`);
  }
  const out = await here("export", "--to", "ip-batch", ...ON);
  assertEquals([out.code, out.stderr], [0, ""]);
  using batch = new TemporaryFile(out.stdout);
  const made = await here("import", batch.path);
  assertEquals([made.code, made.stderr], [0, ""]);
  using pins = new TemporaryFile(made.stdout);
  const before = await here("stats", "--pins", pins.path);
  assertEquals([before.code, before.stderr], [0, ""]);
  for (const family of ["ipv4", "ipv6"]) {
    const of = `{family="${family}",interface="${DEVICE}",state="permanent"}`;
    assertStringIncludes(before.stdout, `neighbor_entries${of} 1\n`);
    const counted = `neighbor_table_entries{family="${family}"} [1-9]`;
    assertMatch(before.stdout, new RegExp(counted));
  }
  for (const address of addresses) ip(`neigh del ${address} dev ${DEVICE}`);
  assertEquals((await here("apply", pins.path)).code, 0);
  for (const address of addresses) {
    assertEquals(row(address), `${OURS} PERMANENT`);
  }
});

/** Starts the command in a process of its own. */
function start(...words: string[]): Running {
  ran.add(words[0]!);
  return new Running(...words);
}

networkTest("smoke: watch", async () => {
  ip(`neigh add 10.0.0.8 lladdr ${OURS} dev ${DEVICE}`);
  await using watch = start("watch", ...ON, "--json");
  await watch.line(/10\.0\.0\.8/);
  for (const [, address] of FAMILIES) {
    await answer("add", address, OURS, ...ON);
    await watch.line(new RegExp(`"added".*"${address}"`));
    await answer("delete", address, ...ON);
    await watch.line(new RegExp(`"removed".*"${address}"`));
  }
  assertEquals(await watch.interrupt(), 0);
});

networkTest("smoke: watch --changes, with the default gateways", async () => {
  for (const [family, address] of FAMILIES) {
    ip(`neigh add ${address} lladdr ${OURS} nud stale dev ${DEVICE}`);
    const version = family === "ipv4" ? "-4" : "-6";
    ip(`${version} route add default via ${address} dev ${DEVICE}`);
  }
  await using watch = start("watch", "--changes", ...ON);
  // It tells what comes after its first read of the table
  for (let last = 1; !watch.text.includes("10.9.9."); last++) {
    assert(last < 250, "no new station is told");
    ip(`neigh add 10.9.9.${last} lladdr ${THEIRS} dev ${DEVICE}`);
    await new Promise((go) => setTimeout(go, 500));
  }
  for (const [, address] of FAMILIES) {
    ip(`neigh replace ${address} lladdr ${THEIRS} nud stale dev ${DEVICE}`);
    await watch.line(new RegExp(`changed ${address} .* default gateway\n`));
  }
  assertEquals(await watch.interrupt(), 0);
});

networkTest("smoke: apply --watch", async () => {
  const addresses = FAMILIES.map(([, address]) => address);
  using file = new TemporaryFile(pinsFile(addresses.map((one) => pin(one))));
  await using guard = start("apply", file.path, "--watch", "--json");
  for (const address of addresses) {
    const isPinned = () => row(address) === `${OURS} PERMANENT`;
    await until(isPinned, `${address} is pinned`);
    ip(`neigh del ${address} dev ${DEVICE}`);
    await until(isPinned, `${address} is created again`);
    ip(`neigh replace ${address} lladdr ${THEIRS} dev ${DEVICE}`);
    await until(isPinned, `${address} is changed back`);
  }
  assertEquals(await guard.interrupt(), 0);
});

networkTest("smoke: without a permission", async () => {
  const denied = await neighbor(["list"], "", []);
  assertEquals([denied.code, denied.stdout], [4, ""]);
  // setpriv takes CAP_NET_ADMIN away
  const [program, ...rest] = [
    ...["setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin"],
    ...[Deno.execPath(), "run", "--quiet", "--no-check", "--allow-ffi", CLI],
  ];
  const { code, stderr } = await new Deno.Command(program!, {
    args: [...rest, "add", "10.0.0.7", OURS, ...ON],
  }).output();
  assertEquals([code, row("10.0.0.7")], [4, undefined]);
  assertStringIncludes(new TextDecoder().decode(stderr), "CAP_NET_ADMIN");
});

networkTest("smoke: completions and help", async () => {
  for (const shell of ["bash", "zsh", "fish", "powershell"]) {
    const { code, stdout } = await here("completions", shell);
    assertEquals(code, 0);
    assertStringIncludes(stdout, "interfaces");
  }
  const help = await mainHere("--help");
  assertEquals([help.code, help.stderr], [0, ""]);
  assertEquals((await mainHere("lst")).code, 2);
});

networkTest("smoke: no verb was left out", () => {
  assertEquals([...ran].toSorted(), Object.keys(VERBS).toSorted());
});
