/*
 * A planted DLL: what somebody with write access to the program's folder or the current one would leave there,
 * under any name.
 *
 * Loading it leaves a mark (NEIGHBOR_DECOY=loaded in the process, and its own path, a line, in the file that
 * NEIGHBOR_DECOY_MARK names); all calls answer 0 and do nothing. The .def file gives Decoy every name that
 * iphlpapi exports, and what this package calls of kernel32 and ntdll.
 */
#include <windows.h>

DWORD WINAPI Decoy(void)
{
    return 0;
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH) {
        char path[MAX_PATH];
        DWORD length = GetEnvironmentVariableA("NEIGHBOR_DECOY_MARK", path, sizeof path);
        SetEnvironmentVariableA("NEIGHBOR_DECOY", "loaded");
        if (length > 0 && length < sizeof path) {
            HANDLE file = CreateFileA(path, FILE_APPEND_DATA, 0, NULL, OPEN_ALWAYS, 0, NULL);
            if (file != INVALID_HANDLE_VALUE) {
                char own[MAX_PATH];
                DWORD written, size = GetModuleFileNameA(instance, own, sizeof own - 1);
                own[size] = '\n';
                WriteFile(file, own, size + 1, &written, NULL);
                CloseHandle(file);
            }
        }
    }
    return TRUE;
}
