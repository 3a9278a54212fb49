/** That a test can break the calls at will, in its own process and in a child's. */
import { assertEquals } from "@std/assert";
import * as control from "../helpers/wine/control.ts";
import { open, row } from "../helpers/wine/raw.ts";
import {
  clearKernel,
  decoyDeno,
  ip,
  kernelIndex,
  kernelNeighbors,
  underWine,
} from "../helpers/wine/witness.ts";

const ignore = !underWine;
const six = [2, 0xfc, 0, 0, 0, 5];

/** What a child deno.exe prints after calling SetIpNetEntry2(NULL) of the DLL that it finds by `path`. */
async function child(
  path: string,
  env: Record<string, string>,
  deno = Deno.execPath(),
): Promise<string> {
  const script = `
    const { symbols } = Deno.dlopen(${JSON.stringify(path)}, {
      SetIpNetEntry2: { parameters: ["buffer"], result: "u32" },
    });
    console.log(symbols.SetIpNetEntry2(null), Deno.env.get("NEIGHBOR_DECOY") ?? "no decoy");`;
  const { stdout } = await new Deno.Command(deno, {
    args: ["eval", script],
    env,
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

Deno.test({ name: "NEIGHBOR_TEST reaches a child", ignore }, async () => {
  const env = {
    NEIGHBOR_TEST: "fail=SetIpNetEntry2:4711;backend=memory;elevated=0",
  };
  assertEquals(await child(control.dllPath, {}), "87 no decoy");
  assertEquals(await child(control.dllPath, env), "4711 no decoy");
});

Deno.test(
  { name: "a planted DLL is loaded by bare name only", ignore },
  async () => {
    const mark = await Deno.makeTempFile();
    await Deno.remove(mark);
    const env = { NEIGHBOR_DECOY_MARK: mark };
    assertEquals(await child(control.dllPath, env, decoyDeno), "87 no decoy");
    assertEquals(await Deno.stat(mark).catch(() => "none"), "none");
    assertEquals(await child("iphlpapi.dll", env, decoyDeno), "0 loaded");
    await Deno.remove(mark);
  },
);

Deno.test({
  name: "SetIpNetEntry2 over a dynamic entry does what the test chose",
  ignore,
}, async () => {
  using library = open();
  const index = await kernelIndex("Ethernet");
  const given = row(index, [192, 0, 2, 8], six);
  const was = [
    "neigh",
    "replace",
    "192.0.2.8",
    "lladdr",
    "02:fc:00:00:00:01",
    "dev",
    "Ethernet",
    "nud",
    "stale",
  ];
  const seen = async () => {
    const [found] = await kernelNeighbors("192.0.2.8");
    return `${found?.lladdr} ${found?.state}`;
  };
  for (
    const [does, status, then] of [
      ["permanent", 0, "02:fc:00:00:00:05 PERMANENT"],
      ["dynamic", 0, "02:fc:00:00:00:05 STALE"],
      ["refuse", 1168, "02:fc:00:00:00:01 STALE"],
      ["ignore", 0, "02:fc:00:00:00:01 STALE"],
    ] as const
  ) {
    await clearKernel();
    control.reset();
    control.setOnDynamic(does);
    await ip(...was);
    assertEquals(library.symbols.SetIpNetEntry2(given), status);
    assertEquals(await seen(), then);
  }
  control.reset();
});

Deno.test({
  name:
    "a missing stack, flushing, handed-out bytes, hosts of the memory backend",
  ignore,
}, async () => {
  control.reset();
  control.setBackend("memory");
  using library = open();
  const { symbols } = library;
  const index = await kernelIndex("Ethernet");
  const table = new BigUint64Array(1);
  const permanent = row(index, [192, 0, 2, 1], six, 6);

  control.setStack("ipv6", false);
  assertEquals(symbols.GetIpNetTable2(23, table), 50);
  assertEquals(symbols.GetIpNetTable2(2, table), 0);
  symbols.FreeMibTable(table[0] ?? 0n);

  control.addRows(permanent, row(index, [192, 0, 2, 2], six, 5));
  control.setFlush("dynamic");
  assertEquals(symbols.FlushIpNetTable2(0, index), 0);
  assertEquals(symbols.GetIpNetEntry2(row(index, [192, 0, 2, 2], [])), 1168);
  assertEquals(symbols.GetIpNetEntry2(row(index, [192, 0, 2, 1], [])), 0);

  control.handOut("GetIpNetTable2", null);
  assertEquals(symbols.GetIpNetTable2(2, table), 0);
  assertEquals(table[0], 0n);

  control.addHost(row(index, [192, 0, 2, 3], six, 5));
  const asked = row(index, [192, 0, 2, 3], []);
  assertEquals(await symbols.ResolveIpNetEntry2(asked, null), 0);
  assertEquals([...asked.subarray(40, 46)], six);
  assertEquals(await symbols.ResolveIpNetEntry2(permanent, null), 67); // and the pin is gone
  assertEquals(symbols.GetIpNetEntry2(permanent), 1168);
  assertEquals([control.outstandingTables(), control.badFrees()], [0, 0]);
  control.reset();
});

Deno.test({
  name: "a file keeps the memory backend's rows from one process to the next",
  ignore,
}, async () => {
  control.reset();
  using library = open();
  const file = await Deno.makeTempFile();
  const given = row(await kernelIndex("Ethernet"), [192, 0, 2, 9], [
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
  ]);
  control.configure(`backend=memory;file=${file}`);
  assertEquals(library.symbols.CreateIpNetEntry2(given), 0);
  assertEquals((await Deno.stat(file)).size, 88);
  control.reset();
  control.configure(`backend=memory;file=${file}`);
  assertEquals(library.symbols.GetIpNetEntry2(given), 0);
  assertEquals(given[72], 8);
  control.reset();
  await Deno.remove(file);
});
