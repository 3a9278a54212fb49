/**
 * The calls, by their own names, each parameter followed by its C declaration.
 *
 * Handles to native memory are `u64`, not `pointer`: under a scoped
 * `--allow-ffi=PATH` Deno refuses everything that makes bytes of a pointer
 * object, but lets a number through. `optional`, so that a library without one
 * of them still loads; see `WindowsLibrary.call`.
 *
 * @module
 */

/** iphlpapi.dll, netioapi.h. Every DWORD result is the status itself. */
export const IPHLPAPI = {
  // https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-setipnetentry2
  SetIpNetEntry2: {
    parameters: ["buffer"], // MIB_IPNET_ROW2 *Row
    result: "u32",
    optional: true,
  },
  // https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-createipnetentry2
  CreateIpNetEntry2: {
    parameters: ["buffer"], // const MIB_IPNET_ROW2 *Row
    result: "u32",
    optional: true,
  },
  // https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-deleteipnetentry2
  DeleteIpNetEntry2: {
    parameters: ["buffer"], // const MIB_IPNET_ROW2 *Row
    result: "u32",
    optional: true,
  },
  // https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-getipnetentry2
  GetIpNetEntry2: {
    parameters: ["buffer"], // MIB_IPNET_ROW2 *Row, filled in
    result: "u32",
    optional: true,
  },
  // https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-resolveipnetentry2
  ResolveIpNetEntry2: {
    parameters: [
      "buffer", // MIB_IPNET_ROW2 *Row, filled in: private to the call until then
      "buffer", // const SOCKADDR_INET *SourceAddress, or NULL
    ],
    result: "u32",
    nonblocking: true, // it waits for the wire, seconds where nobody answers
    optional: true,
  },
  // https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-flushipnettable2
  FlushIpNetTable2: {
    parameters: [
      "u16", // ADDRESS_FAMILY Family, 0 for both
      "u32", // NET_IFINDEX InterfaceIndex, 0 for all
    ],
    result: "u32",
    optional: true,
  },
  // https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-getipnettable2
  GetIpNetTable2: {
    parameters: [
      "u16", // ADDRESS_FAMILY Family: Deno wraps silently, so constants only
      "buffer", // MIB_IPNET_TABLE2 **Table, freed by FreeMibTable
    ],
    result: "u32",
    optional: true,
  },
  // https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-freemibtable
  FreeMibTable: {
    parameters: ["u64"], // void *Memory
    result: "void",
    optional: true,
  },
  // https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-getiftable2
  GetIfTable2: {
    parameters: ["buffer"], // MIB_IF_TABLE2 **Table, freed by FreeMibTable
    result: "u32",
    optional: true,
  },
  // https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-getifentry2
  GetIfEntry2: {
    parameters: ["buffer"], // MIB_IF_ROW2 *Row, filled in
    result: "u32",
    optional: true,
  },
  // https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-convertinterfacealiastoluid
  ConvertInterfaceAliasToLuid: {
    parameters: [
      "buffer", // const WCHAR *InterfaceAlias
      "buffer", // NET_LUID *InterfaceLuid
    ],
    result: "u32",
    optional: true,
  },
  // https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-convertinterfaceluidtoalias
  ConvertInterfaceLuidToAlias: {
    parameters: [
      "buffer", // const NET_LUID *InterfaceLuid
      "buffer", // WCHAR *InterfaceAlias
      "usize", // SIZE_T Length, in characters with the NUL
    ],
    result: "u32",
    optional: true,
  },
  // https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-convertinterfaceindextoluid
  ConvertInterfaceIndexToLuid: {
    parameters: [
      "u32", // NET_IFINDEX InterfaceIndex
      "buffer", // NET_LUID *InterfaceLuid
    ],
    result: "u32",
    optional: true,
  },
  // https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-convertinterfaceluidtoindex
  ConvertInterfaceLuidToIndex: {
    parameters: [
      "buffer", // const NET_LUID *InterfaceLuid
      "buffer", // NET_IFINDEX *InterfaceIndex
    ],
    result: "u32",
    optional: true,
  },
} as const satisfies Deno.ForeignLibraryInterface;

/** The exports of iphlpapi.dll that this package binds. */
export type IphlpapiName = keyof typeof IPHLPAPI;

/** ntdll.dll: how bytes are copied out where UnsafePointerView is refused. */
export const NTDLL = {
  // https://learn.microsoft.com/windows/win32/devnotes/rtlmovememory
  RtlMoveMemory: {
    parameters: [
      "buffer", // void *Destination
      "u64", // const void *Source
      "usize", // SIZE_T Length
    ],
    result: "void",
  },
} as const satisfies Deno.ForeignLibraryInterface;

/** kernel32.dll: only for the text of a code that status.ts does not list. */
export const KERNEL32 = {
  // https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-formatmessagew
  FormatMessageW: {
    parameters: [
      "u32", // DWORD dwFlags
      "u64", // const void *lpSource
      "u32", // DWORD dwMessageId
      "u32", // DWORD dwLanguageId
      "buffer", // WCHAR *lpBuffer
      "u32", // DWORD nSize, in characters
      "u64", // va_list *Arguments
    ],
    result: "u32", // characters written without the NUL, 0 on failure
  },
} as const satisfies Deno.ForeignLibraryInterface;

/** kernel32.dll: where Windows itself says its system folder is. */
export const KERNEL32_FOLDER = {
  // https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-getsystemdirectoryw
  GetSystemDirectoryW: {
    parameters: [
      "buffer", // WCHAR *lpBuffer
      "u32", // UINT uSize, in characters with the NUL
    ],
    result: "u32", // characters written without the NUL; more than uSize: too small
  },
} as const satisfies Deno.ForeignLibraryInterface;
