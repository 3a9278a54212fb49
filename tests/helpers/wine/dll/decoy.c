/*
 * A planted iphlpapi.dll: what somebody with write access to the program's folder would leave there.
 *
 * Loading it leaves a mark (NEIGHBOR_DECOY=loaded in the process, and the file that NEIGHBOR_DECOY_MARK
 * names); all calls answer 0 and do nothing. The .def file gives Decoy every name that iphlpapi exports.
 */
#include <windows.h>

DWORD WINAPI Decoy(void)
{
    return 0;
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
    (void)instance, (void)reserved;
    if (reason == DLL_PROCESS_ATTACH) {
        char path[MAX_PATH];
        DWORD length = GetEnvironmentVariableA("NEIGHBOR_DECOY_MARK", path, sizeof path);
        SetEnvironmentVariableA("NEIGHBOR_DECOY", "loaded");
        if (length > 0 && length < sizeof path) {
            HANDLE file = CreateFileA(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
            if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
        }
    }
    return TRUE;
}
