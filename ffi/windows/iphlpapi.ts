/**
 * The native functions by their own names, each parameter followed by its C
 * declaration.
 *
 * Native addresses are `u64`, not `pointer`: under a scoped `--allow-ffi=PATH`
 * Deno does not allow memory to be read through a pointer object, but it passes
 * numbers. All are `optional`, so that a library without one of them still
 * loads; see `WindowsLibrary.call`.
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
      "buffer", // MIB_IPNET_ROW2 *Row, filled in: not to be used until it returns
      "buffer", // const SOCKADDR_INET *SourceAddress, or NULL
    ],
    result: "u32",
    nonblocking: true, // waits for an answer, some seconds if there is none
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
  // https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-getipforwardtable2
  GetIpForwardTable2: {
    parameters: [
      "u16", // ADDRESS_FAMILY Family
      "buffer", // MIB_IPFORWARD_TABLE2 **Table, freed by FreeMibTable
    ],
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

/** ntdll.dll: copies memory where `UnsafePointerView` is not allowed. */
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

/** kernel32.dll: the text of a code that status.ts does not list. */
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

/** kernel32.dll: the path of the system folder. */
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
