/* One record per call: how often it was made, what it was given last, and what it shall answer instead. */
#include "neighbor.h"

static const char *const names[CALLS] = {
    "SetIpNetEntry2", "CreateIpNetEntry2", "DeleteIpNetEntry2", "GetIpNetEntry2", "FlushIpNetTable2",
    "ResolveIpNetEntry2", "GetIpNetTable2", "GetIfTable2", "FreeMibTable", "ConvertInterfaceAliasToLuid",
    "ConvertInterfaceLuidToAlias", "ConvertInterfaceIndexToLuid", "ConvertInterfaceLuidToIndex", "GetIfEntry2",
    "GetBestRoute2",
    "GetIpNetTable2:IPv4", "GetIpNetTable2:IPv6",
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

/* Settings that are to hold after so many calls. */
static struct later {
    int call; /* CALLS: any that writes an entry */
    ULONG count;
    char *settings;
} waiting[8];

void forget_later(void)
{
    for (int i = 0; i < 8; i++) free(waiting[i].settings);
    memset(waiting, 0, sizeof waiting);
}

BOOL set_later(const char *call, ULONG length, ULONG count, char *settings)
{
    struct record *record = find(call, length);
    if (record == NULL && !(length == 5 && memcmp(call, "write", 5) == 0)) return FALSE;
    for (int i = 0; i < 8; i++) {
        if (waiting[i].settings) continue;
        waiting[i] = (struct later){ record ? (int)(record - records) : CALLS, count, settings };
        return TRUE;
    }
    return FALSE;
}

static ULONG made(int call)
{
    if (call != CALLS) return records[call].calls;
    return records[CALL_SET].calls + records[CALL_CREATE].calls + records[CALL_DELETE].calls;
}

/* At the start of the next call, whichever it is: the counted one has then done its work. */
static void begin_what_waits(void)
{
    for (int i = 0; i < 8; i++) {
        char *settings = waiting[i].settings;
        if (settings == NULL || made(waiting[i].call) < waiting[i].count) continue;
        waiting[i].settings = NULL;
        if (!configure(settings)) abort();
        free(settings);
    }
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
    begin_what_waits();
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
