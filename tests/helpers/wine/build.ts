/** Compiles our DLLs with mingw-w64: bcryptprimitives, iphlpapi over Wine's own, and the decoy. */
import { places } from "./places.ts";
import { emptyFolder, HarnessError, hash, once, run } from "./tools.ts";

const gcc = "x86_64-w64-mingw32-gcc";
const compile = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-O2", "-c"];
const link = ["-shared", "-s"];

const sources = [
  "row",
  "rules",
  "tables",
  "memory",
  "kernel",
  "netlink",
  "forward",
  "links",
  "faults",
  "config",
];

/** What iphlpapi.c & co. define; everything else that Wine exports is forwarded to Wine's. */
const ours = [
  "SetIpNetEntry2",
  "CreateIpNetEntry2",
  "DeleteIpNetEntry2",
  "GetIpNetEntry2",
  "FlushIpNetTable2",
  "ResolveIpNetEntry2",
  "GetIpNetTable2",
  "GetIfTable2",
  "FreeMibTable",
  "ConvertInterfaceAliasToLuid",
  "ConvertInterfaceLuidToAlias",
  "ConvertInterfaceIndexToLuid",
  "ConvertInterfaceLuidToIndex",
  "GetIfEntry2",
  "GetBestRoute2",
  "GetIpForwardTable2",
];

const control = [
  "NeighborTestConfigure",
  "NeighborTestReset",
  "NeighborTestCalls",
  "NeighborTestLastRow",
  "NeighborTestOutstanding",
  "NeighborTestBadFrees",
];

/** What the decoy also has, so that it passes for the other DLLs this package loads. */
const planted = ["GetSystemDirectoryW", "FormatMessageW", "RtlMoveMemory"];

/** Makes `build/wine/dll` and `build/wine/decoy` when they are missing or stale; `parts` names what they are made on. */
export async function buildDlls(parts: string): Promise<string> {
  const files: string[] = [];
  for await (const { name } of Deno.readDir(places.dllSource)) {
    files.push(`${places.dllSource}/${name}`);
  }
  const script = await Deno.readTextFile(new URL(import.meta.url));
  return await once("DLLs", await hash([parts, script], files.sort()), build);
}

async function build(): Promise<void> {
  await emptyFolder(places.dll);
  await emptyFolder(places.decoy);
  const object = (name: string) => `${places.dll}/${name}.o`;
  await Promise.all(
    ["bcryptprimitives", "decoy", ...sources].map((name) =>
      run(gcc, [
        ...compile,
        `${places.dllSource}/${name}.c`,
        "-o",
        object(name),
      ])
    ),
  );
  await run(gcc, [
    ...link,
    "-o",
    `${places.dll}/bcryptprimitives.dll`,
    object("bcryptprimitives"),
    "-ladvapi32",
  ]);

  const wines =
    `${places.wine}/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/iphlpapi.dll`;
  await Deno.copyFile(wines, `${places.dll}/wiphlp.dll`);
  const forwarded = (await exportsOf(wines)).filter((name) =>
    !ours.includes(name)
  );
  const exported = [
    ...ours,
    ...control,
    ...forwarded.map((name) => `${name} = wiphlp.${name}`),
  ];
  await linkWith(exported, `${places.dll}/iphlpapi.dll`, sources.map(object));
  await linkWith(
    [...ours, ...forwarded, ...planted].map((name) => `${name} = Decoy`),
    `${places.decoy}/iphlpapi.dll`,
    [
      object("decoy"),
    ],
  );
  // The program whose folder was planted; a hard link, for it is 100 MB.
  await Deno.link(`${places.deno}/deno.exe`, `${places.decoy}/deno.exe`);
}

async function linkWith(
  exported: string[],
  dll: string,
  objects: string[],
): Promise<void> {
  const definition = `${places.dll}/${exported.length}.def`;
  await Deno.writeTextFile(definition, ["EXPORTS", ...exported].join("\n"));
  await run(gcc, [...link, "-o", dll, ...objects, definition]);
}

/** The names that a DLL exports, by objdump's listing. */
async function exportsOf(dll: string): Promise<string[]> {
  const listing = await run("x86_64-w64-mingw32-objdump", ["-p", dll]);
  const table = listing.split("[Ordinal/Name Pointer] Table")[1] ?? "";
  const names: string[] = table.match(/(?<=^\s*\[ *\d+\].*\s)\w+$/gm) ?? [];
  if (!names.includes("GetIpNetTable2")) {
    throw new HarnessError(`Cannot read the exports of ${dll}`);
  }
  return names;
}
