/**
 * A computer that answers as Windows would, for the command's tests: a script
 * in which Deno.dlopen gives functions of JavaScript. It says nothing about
 * Windows, only about what this package does with an answer.
 *
 * @module
 */

import { type Ended, pretend, runScript, urlOf } from "./child.ts";

/** The answers of the fake system. */
export interface FakeWindows {
  /** Statuses other than 0, by the name of the call. */
  readonly statuses?: Readonly<Record<string, number>>;
  /** The rows of GetIpNetTable2(AF_INET); the first answers GetIpNetEntry2. */
  readonly neighbors?: readonly Uint8Array[];
  /** The rows of GetIfTable2; the first answers GetIfEntry2. */
  readonly interfaces?: readonly Uint8Array[];
  /** The alias that ConvertInterfaceLuidToAlias returns. */
  readonly alias?: string;
  /** Additional statements of the script. */
  readonly prelude?: string;
}

/** Runs the command on the fake system. */
export function runOnFake(
  {
    statuses = {},
    neighbors = [],
    interfaces = [],
    alias = "Ethernet",
    prelude = "",
  }: FakeWindows,
  ...words: readonly string[]
): Promise<Ended> {
  const hex = (rows: readonly Uint8Array[]) => rows.map((row) => row.toHex());
  return runScript(`${pretend("windows")}
    const neighbors = ${JSON.stringify(hex(neighbors))};
    const interfaces = ${JSON.stringify(hex(interfaces))};
    const statuses = ${JSON.stringify(statuses)};
    const wide = (text, out) => {
      for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
      return text.length;
    };
    const memory = new Map();
    const give = (rows, out) => {
      const text = "0".repeat(16) + rows.join("");
      const bytes = Uint8Array.fromHex(text);
      bytes[0] = rows.length;
      out[0] = BigInt(memory.size + 1) << 32n;
      memory.set(out[0], bytes);
    };
    const fill = (rows, view) =>
      new Uint8Array(view.buffer).set(Uint8Array.fromHex(rows[0]));
    const calls = {
      GetSystemDirectoryW: (out) => wide("C:\\\\Windows\\\\System32", out),
      RtlMoveMemory(out, address, length) {
        const base = (address >> 32n) << 32n;
        const at = Number(address - base);
        out.set(memory.get(base).subarray(at, at + Number(length)));
      },
      FreeMibTable: (address) => void memory.delete(address),
      GetIpNetTable2: (family, out) => give(family === 2 ? neighbors : [], out),
      GetIfTable2: (out) => give(interfaces, out),
      GetIpNetEntry2: (view) => fill(neighbors, view),
      GetIfEntry2: (view) => fill(interfaces, view),
      ConvertInterfaceLuidToAlias: (luid, out) =>
        void wide(${JSON.stringify(alias)}, out),
    };
    Deno.permissions.querySync = () => ({ state: "granted" });
    Deno.dlopen = (path, symbols) => ({
      symbols: Object.fromEntries(Object.keys(symbols).map((name) => [
        name,
        (...words) => statuses[name] ?? calls[name]?.(...words) ?? 0,
      ])),
      close() {},
    });
    ${prelude}
    const { main } = await import("${urlOf("cli.ts")}");
    const code = await main(${JSON.stringify(words)});
    if (memory.size > 0) throw new Error("a table was not freed");
    Deno.exit(code);
  `);
}
