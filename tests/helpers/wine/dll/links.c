/*
 * What a test has changed about the interfaces that Wine shows: another alias, another address length, or gone. Only
 * our calls see it; the Linux interface keeps its name, so that `ip` tells by it where a row really is.
 */
#include "neighbor.h"

enum { MANY = 16, ALIAS = IF_MAX_STRING_SIZE + 1 };

static struct link {
    NET_IFINDEX index;
    BOOL gone, renamed, has_length;
    WCHAR alias[ALIAS];
    ULONG length;
} links[MANY];
static ULONG known;

static struct link *find(NET_IFINDEX index)
{
    for (ULONG i = 0; i < known; i++)
        if (links[i].index == index) return &links[i];
    return NULL;
}

static struct link *find_or_add(NET_IFINDEX index)
{
    struct link *link = find(index);
    if (link == NULL && known < MANY) {
        link = &links[known++];
        memset(link, 0, sizeof *link);
        link->index = index;
    }
    return link;
}

void forget_links(void)
{
    known = 0;
}

BOOL link_alias(NET_IFINDEX index, const WCHAR *alias, SIZE_T length)
{
    struct link *link = length < ALIAS ? find_or_add(index) : NULL;
    if (link == NULL) return FALSE;
    memcpy(link->alias, alias, length * sizeof *alias);
    link->alias[length] = 0;
    return link->renamed = TRUE;
}

BOOL link_length(NET_IFINDEX index, ULONG length)
{
    struct link *link = length <= IF_MAX_PHYS_ADDRESS_LENGTH ? find_or_add(index) : NULL;
    if (link == NULL) return FALSE;
    link->length = length;
    return link->has_length = TRUE;
}

BOOL link_gone(NET_IFINDEX index, BOOL gone)
{
    struct link *link = find_or_add(index);
    if (link) link->gone = gone;
    return link != NULL;
}

BOOL is_gone(NET_IFINDEX index)
{
    struct link *link = find(index);
    return link != NULL && link->gone;
}

ULONG length_of_link(NET_IFINDEX index)
{
    struct link *link = find(index);
    return link && link->has_length ? link->length : IF_MAX_PHYS_ADDRESS_LENGTH;
}

static NET_IFINDEX index_in(const NET_LUID *luid)
{
    return (NET_IFINDEX)luid->Info.NetLuidIndex;
}

/* GetIfEntry2 and GetIfTable2: the row as the test wants it seen. */
static void change_row(MIB_IF_ROW2 *row)
{
    struct link *link = find(row->InterfaceIndex);
    if (link == NULL) return;
    if (link->renamed) memcpy(row->Alias, link->alias, sizeof row->Alias);
    if (link->has_length) row->PhysicalAddressLength = link->length;
}

void change_if_table(MIB_IF_TABLE2 *table)
{
    ULONG kept = 0;
    EnterCriticalSection(&state_lock);
    for (ULONG i = 0; i < table->NumEntries; i++) {
        if (is_gone(table->Table[i].InterfaceIndex)) continue;
        table->Table[kept] = table->Table[i];
        change_row(&table->Table[kept++]);
    }
    table->NumEntries = kept;
    LeaveCriticalSection(&state_lock);
}

NETIO_STATUS WINAPI ConvertInterfaceAliasToLuid(const WCHAR *alias, NET_LUID *luid)
{
    typedef DWORD(WINAPI * convert)(const WCHAR *, NET_LUID *);
    struct link *link;
    DWORD status;

    if (replaced(CALL_ALIAS_TO_LUID, &status)) return status;
    for (ULONG i = 0; alias && luid && i < known; i++) {
        if (links[i].gone || !links[i].renamed || wcscmp(links[i].alias, alias) != 0) continue;
        *luid = luid_of(links[i].index);
        return NO_ERROR;
    }
    status = WINE(convert, "ConvertInterfaceAliasToLuid")(alias, luid);
    link = status == NO_ERROR ? find(index_in(luid)) : NULL;
    if (link == NULL || (!link->gone && !link->renamed)) return status;
    luid->Value = 0;
    return ERROR_INVALID_PARAMETER;
}

NETIO_STATUS WINAPI ConvertInterfaceLuidToAlias(const NET_LUID *luid, WCHAR *alias, SIZE_T length)
{
    typedef DWORD(WINAPI * convert)(const NET_LUID *, WCHAR *, SIZE_T);
    struct link *link;
    DWORD status;

    if (replaced(CALL_LUID_TO_ALIAS, &status)) return status;
    link = luid ? find(index_in(luid)) : NULL;
    if (link && link->gone) return ERROR_INVALID_PARAMETER;
    if (link == NULL || !link->renamed || alias == NULL)
        return WINE(convert, "ConvertInterfaceLuidToAlias")(luid, alias, length);
    if (wcslen(link->alias) >= length) return ERROR_NOT_ENOUGH_MEMORY;
    wcscpy(alias, link->alias);
    return NO_ERROR;
}

NETIO_STATUS WINAPI ConvertInterfaceIndexToLuid(NET_IFINDEX index, NET_LUID *luid)
{
    typedef DWORD(WINAPI * convert)(NET_IFINDEX, NET_LUID *);
    DWORD status;

    if (replaced(CALL_INDEX_TO_LUID, &status)) return status;
    if (is_gone(index)) return ERROR_FILE_NOT_FOUND;
    return WINE(convert, "ConvertInterfaceIndexToLuid")(index, luid);
}

NETIO_STATUS WINAPI ConvertInterfaceLuidToIndex(const NET_LUID *luid, NET_IFINDEX *index)
{
    typedef DWORD(WINAPI * convert)(const NET_LUID *, NET_IFINDEX *);
    DWORD status;

    if (replaced(CALL_LUID_TO_INDEX, &status)) return status;
    if (luid && is_gone(index_in(luid))) return ERROR_INVALID_PARAMETER;
    return WINE(convert, "ConvertInterfaceLuidToIndex")(luid, index);
}

NETIO_STATUS WINAPI GetIfEntry2(PMIB_IF_ROW2 row)
{
    typedef DWORD(WINAPI * get)(PMIB_IF_ROW2);
    DWORD status;

    if (replaced(CALL_IF_ENTRY, &status)) return status;
    status = WINE(get, "GetIfEntry2")(row);
    if (status != NO_ERROR) return status;
    if (is_gone(row->InterfaceIndex)) return ERROR_FILE_NOT_FOUND;
    change_row(row);
    return NO_ERROR;
}
