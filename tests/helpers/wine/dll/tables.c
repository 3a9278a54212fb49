/* The calls that hand out tables, the one that takes them back, and the account of both. */
#include "neighbor.h"

/*
 * Tables of ours end right before a page that cannot be read, and are unmapped when freed: a reader that goes one row
 * too far, or reads what it has freed, crashes instead of being lucky.
 */
struct handed_out {
    struct handed_out *next;
    void *table, *mapping; /* mapping NULL: the table is Wine's own */
    BOOL forgotten;        /* from before the last reset */
};

static struct handed_out *all;
static ULONG bad_frees;

static void account(void *table, void *mapping)
{
    struct handed_out *one = calloc(1, sizeof *one);
    if (one == NULL) abort();
    one->table = table;
    one->mapping = mapping;
    EnterCriticalSection(&state_lock);
    one->next = all;
    all = one;
    LeaveCriticalSection(&state_lock);
}

void count_table(void *table)
{
    if (table) account(table, NULL);
}

void *guarded_table(const void *bytes, SIZE_T length)
{
    SIZE_T room = (length + 4095) / 4096 * 4096;
    DWORD before;
    BYTE *mapping = VirtualAlloc(NULL, room + 4096, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    BYTE *table;

    if (mapping == NULL) abort();
    VirtualProtect(mapping + room, 4096, PAGE_NOACCESS, &before);
    table = mapping + (room - length) / 8 * 8; /* tables are aligned to 8 bytes */
    memset(mapping, 0xCC, room);
    memcpy(table, bytes, length);
    account(table, mapping);
    return table;
}

VOID WINAPI FreeMibTable(PVOID table)
{
    typedef VOID(WINAPI * free_table)(PVOID);
    struct handed_out **slot, *one;
    DWORD status;

    replaced(CALL_FREE, &status); /* counts; there is no status to replace */
    if (table == NULL) return;
    EnterCriticalSection(&state_lock);
    for (slot = &all; *slot && (*slot)->table != table; slot = &(*slot)->next) {}
    if ((one = *slot) != NULL) *slot = one->next;
    else bad_frees++; /* never handed out, or freed before: touching it would hide the mistake in a crash */
    LeaveCriticalSection(&state_lock);
    if (one == NULL) return;
    if (one->mapping) VirtualFree(one->mapping, 0, MEM_RELEASE);
    else WINE(free_table, "FreeMibTable")(table);
    free(one);
}

__declspec(dllexport) DWORD WINAPI NeighborTestOutstanding(void)
{
    DWORD count = 0;
    EnterCriticalSection(&state_lock);
    for (struct handed_out *one = all; one; one = one->next) count += !one->forgotten;
    LeaveCriticalSection(&state_lock);
    return count;
}

__declspec(dllexport) DWORD WINAPI NeighborTestBadFrees(void)
{
    return bad_frees;
}

void forget_tables(void)
{
    EnterCriticalSection(&state_lock);
    for (struct handed_out *one = all; one; one = one->next) one->forgotten = TRUE;
    bad_frees = 0;
    LeaveCriticalSection(&state_lock);
}

static PMIB_IPNET_TABLE2 make_table(const struct entry *entries, ULONG count, const MIB_IPNET_TABLE2 *more)
{
    ULONG extra = more ? more->NumEntries : 0, kept = 0;
    SIZE_T length = offsetof(MIB_IPNET_TABLE2, Table) + (count + extra) * sizeof(MIB_IPNET_ROW2);
    MIB_IPNET_TABLE2 *table = malloc(length), *guarded;

    if (table == NULL) abort();
    memset(table, 0xCC, length);
    for (ULONG i = 0; i < extra; i++) {
        struct entry entry; /* through an entry, for Wine leaves other garbage in the padding than we do */
        row_to_entry(&more->Table[i], &entry);
        if (!is_gone(entry.key.index)) entry_to_row(&entry, &table->Table[kept++]);
    }
    for (ULONG i = 0; i < count; i++)
        if (!is_gone(entries[i].key.index)) entry_to_row(&entries[i], &table->Table[kept++]);
    table->NumEntries = kept;
    guarded = guarded_table(table, offsetof(MIB_IPNET_TABLE2, Table) + kept * sizeof(MIB_IPNET_ROW2));
    free(table);
    return guarded;
}

NETIO_STATUS WINAPI GetIpNetTable2(ADDRESS_FAMILY family, PMIB_IPNET_TABLE2 *table)
{
    typedef DWORD(WINAPI * get_table)(ADDRESS_FAMILY, PMIB_IPNET_TABLE2 *);
    typedef VOID(WINAPI * free_table)(PVOID);
    PMIB_IPNET_TABLE2 wines = NULL;
    struct entry *entries;
    ULONG count;
    DWORD status;

    if (family != AF_INET6 && replaced(CALL_TABLE_IPV4, &status)) return status;
    if (family != AF_INET && replaced(CALL_TABLE_IPV6, &status)) return status;
    if (replaced_table(CALL_TABLE, (void **)table, &status)) return status;
    if (options.backend == BACKEND_WINE) {
        status = WINE(get_table, "GetIpNetTable2")(family, table);
        if (table) count_table(*table);
        return status;
    }
    if (table == NULL || (family != AF_UNSPEC && family != AF_INET && family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    if ((family == AF_INET && !options.stack4) || (family == AF_INET6 && !options.stack6)) return ERROR_NOT_SUPPORTED;

    /* IPv4 of the kernel is Wine's to read, as an independent check; it does not know IPv6. */
    if (options.backend == BACKEND_KERNEL && family != AF_INET6 && options.stack4) {
        status = WINE(get_table, "GetIpNetTable2")(AF_INET, &wines);
        if (status != NO_ERROR) return status;
        if (family == AF_INET || !options.stack6) {
            *table = make_table(NULL, 0, wines);
            WINE(free_table, "FreeMibTable")(wines);
            return NO_ERROR;
        }
        family = AF_INET6;
    }
    if (family == AF_UNSPEC && !(options.stack4 && options.stack6)) family = options.stack4 ? AF_INET : AF_INET6;
    status = backend()->list(family, &entries, &count);
    if (status == NO_ERROR) {
        *table = make_table(entries, count, wines);
        HeapFree(GetProcessHeap(), 0, entries);
    }
    if (wines) WINE(free_table, "FreeMibTable")(wines);
    return status;
}

NETIO_STATUS WINAPI GetIfTable2(PMIB_IF_TABLE2 *table)
{
    typedef DWORD(WINAPI * get_table)(PMIB_IF_TABLE2 *);
    DWORD status;

    if (replaced_table(CALL_IF_TABLE, (void **)table, &status)) return status;
    status = WINE(get_table, "GetIfTable2")(table);
    if (table) count_table(*table);
    if (status == NO_ERROR) change_if_table(*table);
    return status;
}
