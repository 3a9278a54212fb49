/**
 * For tests inside deno.exe under Wine: how the test iphlpapi.dll is told what to answer, and asked what it was told.
 *
 * Elsewhere (on real Windows, on Linux) `available` is false, and every function throws when called, never at import.
 * The same settings reach a child process by the variable NEIGHBOR_TEST; its grammar is in dll/config.c.
 */

/** A call of iphlpapi.dll that is counted and can be broken. */
export type Call = typeof callNames[number];

/** Their names. */
export const callNames = [
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
] as const;

const symbols = {
  NeighborTestConfigure: { parameters: ["buffer"], result: "u32" },
  NeighborTestReset: { parameters: [], result: "void" },
  NeighborTestCalls: { parameters: ["buffer"], result: "u32" },
  NeighborTestLastRow: { parameters: ["buffer", "buffer"], result: "u32" },
  NeighborTestOutstanding: { parameters: [], result: "u32" },
  NeighborTestBadFrees: { parameters: [], result: "u32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** Absolute path of the DLL that the calls come from. */
export const dllPath: string = Deno.build.os === "windows"
  ? `${Deno.env.get("SystemRoot") ?? "C:\\windows"}\\System32\\iphlpapi.dll`
  : "";

// Never closed: the settings live in the DLL and must outlast the library under test.
const library = open();

/** Whether the iphlpapi.dll of this system is the test one. */
export const available: boolean = library !== undefined;

function open(): Deno.DynamicLibrary<typeof symbols> | undefined {
  if (Deno.build.os !== "windows") return undefined;
  try {
    return Deno.dlopen(dllPath, symbols);
  } catch {
    return undefined; // real Windows: no such exports
  }
}

function dll(): Deno.DynamicLibrary<typeof symbols>["symbols"] {
  if (!library) {
    throw new Error("The test iphlpapi.dll is not here: ask `available` first");
  }
  return library.symbols;
}

function text(words: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${words}\0`);
}

/** Settings in the grammar of NEIGHBOR_TEST, for what has no function of its own. */
export function configure(settings: string): void {
  const status = dll().NeighborTestConfigure(text(settings));
  if (status !== 0) {
    throw new Error(
      `The test iphlpapi.dll does not understand "${settings.slice(0, 200)}"`,
    );
  }
}

/** Back to the start: kernel backend, elevated, no faults, counts at zero, tables handed out before forgotten. */
export function reset(): void {
  dll().NeighborTestReset();
}

/** The next `times` calls answer `status` and do nothing, after `skip` calls went through; 0 claims success. */
export function failNext(
  call: Call,
  status: number,
  times = 1,
  skip = 0,
): void {
  if (!(times >= 1)) {
    throw new RangeError(`"times" must be 1 or more, not ${times}`);
  }
  configure(`fail=${call}:${status}:${times}:${skip}`);
}

/** All calls answer `status` until {@linkcode reset}. */
export function failAlways(call: Call, status: number): void {
  configure(`fail=${call}:${status}`);
}

/** Every such call first sleeps. */
export function delay(call: Call, milliseconds: number): void {
  configure(`delay=${call}:${milliseconds}`);
}

/**
 * The next `times` calls answer `status` and hand out exactly these bytes (null: a NULL table). They end at memory that
 * cannot be read: going one row too far crashes deno.exe.
 */
export function handOut(
  call: "GetIpNetTable2" | "GetIfTable2",
  bytes: Uint8Array | null,
  status = 0,
  times = 1,
): void {
  configure(`handout=${call}:${status}:${times}:${bytes ? hex(bytes) : ""}`);
}

/** How often each call was made since the last reset. */
export function calls(): Record<Call, number> {
  const counts = callNames.map((
    name,
  ) => [name, dll().NeighborTestCalls(text(name))]);
  return Object.fromEntries(counts) as Record<Call, number>;
}

/** The last row that a call was given, as it was given; undefined when there was none. */
export function lastRow(call: Call): Uint8Array<ArrayBuffer> | undefined {
  const row = new Uint8Array(88);
  return dll().NeighborTestLastRow(text(call), row) === 0 ? row : undefined;
}

/** Tables handed out since the last reset and not freed. */
export function outstandingTables(): number {
  return dll().NeighborTestOutstanding();
}

/** Frees of what was never handed out, or of what was freed before. */
export function badFrees(): number {
  return dll().NeighborTestBadFrees();
}

/** Where the calls find the table: the kernel's, the DLL's own, or (reads) Wine's own answer untouched. */
export function setBackend(backend: "kernel" | "memory" | "wine"): void {
  configure(`backend=${backend}`);
}

/** Whether writing is permitted. */
export function setElevated(elevated: boolean): void {
  configure(`elevated=${elevated ? 1 : 0}`);
}

/** Whether a family's stack is there; without it its calls answer 50. */
export function setStack(family: "ipv4" | "ipv6", present: boolean): void {
  configure(`${family === "ipv4" ? "stack4" : "stack6"}=${present ? 1 : 0}`);
}

/** Whether FlushIpNetTable2 takes permanent entries along (it does unless told otherwise). */
export function setFlush(takes: "all" | "dynamic"): void {
  configure(`flush=${takes}`);
}

/**
 * What SetIpNetEntry2 does to an entry that is not permanent: makes it permanent (unless told otherwise), changes its
 * address only, answers 1168, or answers 0 and leaves it as it was.
 */
export function setOnDynamic(
  does: "permanent" | "dynamic" | "refuse" | "ignore",
): void {
  configure(`setdynamic=${does}`);
}

/** How long a resolve of the memory backend waits for a host that is not there (50 ms unless told otherwise). */
export function setMissDelay(milliseconds: number): void {
  configure(`missdelay=${milliseconds}`);
}

/** Reads of the table by family; a read of both counts for each. */
export function tableReads(): { ipv4: number; ipv6: number } {
  return {
    ipv4: dll().NeighborTestCalls(text("GetIpNetTable2:IPv4")),
    ipv6: dll().NeighborTestCalls(text("GetIpNetTable2:IPv6")),
  };
}

/**
 * What a deleted row of the memory backend leaves behind, as the field reports
 * it: an unreachable row with six zeroes, or without any address. `create` is
 * what CreateIpNetEntry2 makes of such a row: 5010, or success.
 */
export function setZombies(
  leaves: "none" | "zeroes" | "empty",
  create: "refused" | "succeeds" = "refused",
): void {
  const over = create === "succeeds" ? 1 : 0;
  configure(`zombies=${leaves};zombiecreate=${over}`);
}

/**
 * GetIpNetEntry2 of a missing row waits so long, answers 1168, and leaves an
 * incomplete row behind in the memory backend.
 */
export function setAsking(milliseconds: number): void {
  configure(`ask=${milliseconds}`);
}

/** ResolveIpNetEntry2 answers from another interface than the one it is given. */
export function setAnswering(index: number): void {
  configure(`answer=${index}`);
}

/** A link-layer address longer than the interface's is cut, not refused. */
export function setCutting(isCut: boolean): void {
  configure(`cut=${isCut ? 1 : 0}`);
}

/** A setting: the calls show the interface under this alias, `ip` does not. */
export function renamed(index: number, alias: string): string {
  const units = Uint16Array.from(alias, (_, i) => alias.charCodeAt(i));
  return `alias=${index}:${hex(new Uint8Array(units.buffer))}`;
}

/** A setting: the calls know no such interface, or know it again. */
export function gone(index: number, isGone = true): string {
  return `gone=${index}:${isGone ? 1 : 0}`;
}

/** A setting: how long the link-layer addresses of an interface are. */
export function addressLength(index: number, octets: number): string {
  return `length=${index}:${octets}`;
}

/**
 * These settings hold from the first call of any kind after `count` calls of
 * this one, or of all that write an entry. Calls count from the last reset.
 */
export function after(
  call: Call | "write",
  count: number,
  ...settings: string[]
): void {
  const bytes = new TextEncoder().encode(settings.join(";"));
  configure(`later=${call}:${count}:${hex(bytes)}`);
}

/** Puts rows of 88 bytes into the memory backend's table, exactly as they are. */
export function addRows(...rows: Uint8Array[]): void {
  configure(rows.map((row) => `row=${hex(row)}`).join(";"));
}

/** A host of the memory backend's wire: what ResolveIpNetEntry2 finds for the row's address and interface. */
export function addHost(row: Uint8Array): void {
  configure(`wire=${hex(row)}`);
}

/** Bytes as NEIGHBOR_TEST writes them. */
export function hex(bytes: Uint8Array): string {
  return bytes.toHex();
}
