/* One record per call: how often it was made, what it was given last, and what it shall answer instead. */
#include "neighbor.h"

static const char *const names[CALLS] = {
    "SetIpNetEntry2", "CreateIpNetEntry2", "DeleteIpNetEntry2", "GetIpNetEntry2", "FlushIpNetTable2",
    "ResolveIpNetEntry2", "GetIpNetTable2", "GetIfTable2", "FreeMibTable", "ConvertInterfaceAliasToLuid",
    "ConvertInterfaceLuidToAlias", "ConvertInterfaceIndexToLuid", "ConvertInterfaceLuidToIndex", "GetIfEntry2",
    "GetBestRoute2",
};

static struct record {
    ULONG calls;
    DWORD fail_status, handout_status, delay;
    LONG fail_times, handout_times; /* calls still to be replaced; negative = all */
    ULONG fail_skip;                /* calls that go through before the first failure */
    BYTE *bytes;                    /* of the table handed out; NULL = no table at all */
    SIZE_T size;
    MIB_IPNET_ROW2 row;
    BOOL has_row;
} records[CALLS];

static struct record *find(const char *name, ULONG length)
{
    for (int i = 0; i < CALLS; i++)
        if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0) return &records[i];
    return NULL;
}

static BOOL take(LONG *times)
{
    if (*times > 0) return (*times)--, TRUE;
    return *times < 0;
}

BOOL replaced(enum call call, DWORD *status)
{
    struct record *record = &records[call];
    BOOL instead = FALSE;
    DWORD delay;

    EnterCriticalSection(&state_lock);
    record->calls++;
    delay = record->delay;
    if (record->fail_times != 0 && record->fail_skip > 0) record->fail_skip--;
    else instead = take(&record->fail_times);
    *status = record->fail_status;
    LeaveCriticalSection(&state_lock);
    if (delay) Sleep(delay);
    return instead;
}

BOOL replaced_table(enum call call, void **table, DWORD *status)
{
    struct record *record = &records[call];
    BOOL instead;

    if (replaced(call, status)) return TRUE;
    EnterCriticalSection(&state_lock);
    instead = take(&record->handout_times);
    if (instead) {
        *table = record->bytes ? guarded_table(record->bytes, record->size) : NULL;
        *status = record->handout_status;
    }
    LeaveCriticalSection(&state_lock);
    return instead;
}

void remember_row(enum call call, const MIB_IPNET_ROW2 *row)
{
    EnterCriticalSection(&state_lock);
    records[call].has_row = row != NULL;
    if (row) records[call].row = *row;
    LeaveCriticalSection(&state_lock);
}

void reset_faults(void)
{
    for (int i = 0; i < CALLS; i++) free(records[i].bytes);
    memset(records, 0, sizeof records);
}

BOOL set_fault(const char *call, ULONG length, DWORD status, LONG times, ULONG skip)
{
    struct record *record = find(call, length);
    if (record == NULL) return FALSE;
    record->fail_status = status;
    record->fail_times = times;
    record->fail_skip = skip;
    return TRUE;
}

BOOL set_delay(const char *call, ULONG length, DWORD ms)
{
    struct record *record = find(call, length);
    if (record == NULL) return FALSE;
    record->delay = ms;
    return TRUE;
}

BOOL set_handout(const char *call, ULONG length, DWORD status, LONG times, BYTE *bytes, SIZE_T size)
{
    struct record *record = find(call, length);
    if (record != &records[CALL_TABLE] && record != &records[CALL_IF_TABLE]) return FALSE;
    free(record->bytes);
    record->bytes = bytes;
    record->size = size;
    record->handout_status = status;
    record->handout_times = times;
    return TRUE;
}

/* 0xFFFFFFFF for a name that is not counted. */
__declspec(dllexport) DWORD WINAPI NeighborTestCalls(const char *name)
{
    struct record *record = find(name, (ULONG)strlen(name));
    return record ? record->calls : 0xFFFFFFFF;
}

/* The last row a call was given, byte for byte: what the caller left in members it had no business with. */
__declspec(dllexport) DWORD WINAPI NeighborTestLastRow(const char *name, MIB_IPNET_ROW2 *row)
{
    struct record *record = find(name, (ULONG)strlen(name));
    BOOL found;

    if (record == NULL) return ERROR_INVALID_PARAMETER;
    EnterCriticalSection(&state_lock);
    found = record->has_row;
    if (found) *row = record->row;
    LeaveCriticalSection(&state_lock);
    return found ? NO_ERROR : ERROR_NOT_FOUND;
}
