/*
 * bcryptprimitives.dll for Wine 8, which has none: deno.exe imports ProcessPrng from it.
 *
 * It also hides kernelbase's VirtualAlloc2. Wine 8 exports that call without supporting placeholder
 * reservations, and V8 ends with "SegmentedTable::InitializeTable"; where the export is absent V8 has a
 * fallback. deno.exe itself stays as npm delivered it.
 */
#include <windows.h>
#include <string.h>

/* RtlGenRandom's name in advapi32's export table. */
BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    while (length > 0) {
        ULONG part = length > 0x10000000 ? 0x10000000 : (ULONG)length;
        if (!SystemFunction036(data, part)) return FALSE;
        data += part;
        length -= part;
    }
    return TRUE;
}

/* Export names are found by binary search: the new name must keep the old one's place in the order. */
static void hide_export(HMODULE module, const char *name, const char *instead)
{
    BYTE *base = (BYTE *)module;
    IMAGE_NT_HEADERS *nt = (IMAGE_NT_HEADERS *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    IMAGE_DATA_DIRECTORY *where = &nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
    IMAGE_EXPORT_DIRECTORY *exports = (IMAGE_EXPORT_DIRECTORY *)(base + where->VirtualAddress);
    DWORD *names = (DWORD *)(base + exports->AddressOfNames);

    for (DWORD i = 0; i < exports->NumberOfNames; i++) {
        char *found = (char *)(base + names[i]);
        DWORD before;
        if (strcmp(found, name) != 0) continue;
        if (!VirtualProtect(found, strlen(name), PAGE_READWRITE, &before)) return;
        memcpy(found, instead, strlen(name));
        VirtualProtect(found, strlen(name), before, &before);
    }
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
    (void)instance, (void)reserved;
    if (reason == DLL_PROCESS_ATTACH)
        hide_export(GetModuleHandleA("kernelbase.dll"), "VirtualAlloc2", "VirtualAlloc1");
    return TRUE;
}
