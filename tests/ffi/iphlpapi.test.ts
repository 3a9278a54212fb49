import { assert, assertEquals } from "@std/assert";
import {
  IPHLPAPI,
  KERNEL32,
  KERNEL32_FOLDER,
  NTDLL,
} from "../../ffi/windows/iphlpapi.ts";
import { readLayoutHeader } from "../helpers/layout_header.ts";

const { calls, sizes } = readLayoutHeader();

/** How wide C types travel; every pointer is 8 bytes in deno.exe. */
const INTEGERS: Readonly<Record<string, string>> = {
  ADDRESS_FAMILY: `u${8 * sizes.get("ADDRESS_FAMILY")!}`,
  NET_IFINDEX: `u${8 * sizes.get("NET_IFINDEX")!}`,
  DWORD: `u${8 * sizes.get("DWORD")!}`,
  UINT: `u${8 * sizes.get("UINT")!}`,
  SIZE_T: "usize",
  void: "void",
};
const POINTERS: readonly string[] = ["buffer", "u64", "pointer"];

for (
  const [name, symbol] of Object.entries<Deno.ForeignFunction>({
    ...IPHLPAPI,
    ...KERNEL32,
    ...KERNEL32_FOLDER,
  })
) {
  Deno.test(`${name} is declared as layout.h has it`, () => {
    const call = calls.get(name);
    assert(call !== undefined, "layout.h does not have it");
    assertEquals<unknown>(symbol.result, INTEGERS[call.result]);
    assertEquals(symbol.parameters.length, call.parameters.length);
    call.parameters.forEach((type, i) => {
      const parameter = symbol.parameters[i] as string;
      if (type.includes("*")) {
        assert(POINTERS.includes(parameter), `${type} as ${parameter}`);
      } else assertEquals(parameter, INTEGERS[type], type);
    });
  });
}

Deno.test("IPHLPAPI loads where one of its exports is missing", () => {
  for (const [name, symbol] of Object.entries(IPHLPAPI)) {
    assertEquals(symbol.optional, true, name);
  }
});

Deno.test("FreeMibTable takes its table as a number, for scoped grants", () => {
  assertEquals(IPHLPAPI.FreeMibTable.parameters, ["u64"]);
});

Deno.test("RtlMoveMemory is declared as its page has it", () => {
  // The headers have a macro of that name: void(void *, const void *, SIZE_T)
  assertEquals(NTDLL.RtlMoveMemory, {
    parameters: ["buffer", "u64", "usize"],
    result: "void",
  });
});
