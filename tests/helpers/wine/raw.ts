/** iphlpapi.dll without the module under test: rows written down by hand, calls made by Deno.dlopen. */
import { dllPath } from "./control.ts";

const symbols = {
  SetIpNetEntry2: { parameters: ["buffer"], result: "u32" },
  CreateIpNetEntry2: { parameters: ["buffer"], result: "u32" },
  DeleteIpNetEntry2: { parameters: ["buffer"], result: "u32" },
  GetIpNetEntry2: { parameters: ["buffer"], result: "u32" },
  ResolveIpNetEntry2: {
    parameters: ["buffer", "pointer"],
    result: "u32",
    nonblocking: true,
  },
  FlushIpNetTable2: { parameters: ["u16", "u32"], result: "u32" },
  GetIpNetTable2: { parameters: ["u16", "buffer"], result: "u32" },
  FreeMibTable: { parameters: ["u64"], result: "void" },
} as const satisfies Deno.ForeignLibraryInterface;

/** The opened library; closed by `using`. */
export interface Raw extends Disposable {
  /** The calls. */
  readonly symbols: Deno.DynamicLibrary<typeof symbols>["symbols"];
}

/** A MIB_IPNET_ROW2, written down by hand. */
export function row(
  index: number,
  address: number[],
  physical: number[],
  state = 0,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(88);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, address.length === 4 ? 2 : 23, true);
  bytes.set(address, address.length === 4 ? 4 : 8);
  view.setUint32(28, index, true);
  bytes.set(physical, 40);
  view.setUint32(72, physical.length, true);
  view.setUint32(76, state, true);
  return bytes;
}

/** The calls as the DLL exports them, by absolute path. */
export function open(): Raw {
  const library = Deno.dlopen(dllPath, symbols);
  return {
    symbols: library.symbols,
    [Symbol.dispose]: () => library.close(),
  };
}
