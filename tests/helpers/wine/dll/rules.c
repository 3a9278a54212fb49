/* The six neighbor calls that Wine lacks: what is checked, in which order, and the code for each refusal. */
#include "neighbor.h"

enum rule { FOR_WRITING, FOR_KEY }; /* Set and Create refuse loopback; for Delete and Get it is not listed */

static BOOL is_all(const BYTE *bytes, int length, BYTE value)
{
    for (int i = 0; i < length; i++)
        if (bytes[i] != value) return FALSE;
    return TRUE;
}

/* Unicast, anycast or multicast; neither unspecified nor broadcast. */
static BOOL is_valid_address(const struct key *key, enum rule rule)
{
    if (key->family == AF_INET) {
        if (is_all(key->address, 4, 0) || is_all(key->address, 4, 255)) return FALSE;
        return rule == FOR_KEY || key->address[0] != 127;
    }
    if (key->family == AF_INET6) {
        if (!is_all(key->address, 15, 0)) return TRUE;
        return key->address[15] > 1 || (key->address[15] == 1 && rule == FOR_KEY);
    }
    return FALSE;
}

static BOOL has_stack(ADDRESS_FAMILY family)
{
    return family == AF_INET ? options.stack4 : options.stack6;
}

/* The LUID wins when it is not zero; the index counts only when the LUID is. */
static BOOL find_interface(const MIB_IPNET_ROW2 *row, NET_IFINDEX *index)
{
    *index = row->InterfaceLuid.Value ? (NET_IFINDEX)row->InterfaceLuid.Info.NetLuidIndex : row->InterfaceIndex;
    if (is_gone(*index) || !interface_exists(*index)) return FALSE;
    return row->InterfaceLuid.Value == 0 || row->InterfaceLuid.Value == luid_of(*index).Value;
}

/* What all calls with a row ask of its key; `absent` is the call's code for an interface that is not there. */
static DWORD read_key(const MIB_IPNET_ROW2 *row, enum rule rule, DWORD absent, struct key *key)
{
    read_address(&row->Address, key);
    if (!is_valid_address(key, rule)) return ERROR_INVALID_PARAMETER;
    if (!has_stack(key->family)) return ERROR_NOT_SUPPORTED;
    if (row->InterfaceLuid.Value == 0 && row->InterfaceIndex == 0) return ERROR_INVALID_PARAMETER;
    if (!find_interface(row, &key->index)) return absent;
    return NO_ERROR;
}

static DWORD read_entry(const MIB_IPNET_ROW2 *row, struct entry *entry)
{
    DWORD status;
    memset(entry, 0, sizeof *entry);
    if (row == NULL) return ERROR_INVALID_PARAMETER;
    if (!options.elevated) return ERROR_ACCESS_DENIED;
    entry->length = row->PhysicalAddressLength;
    if (entry->length == 0 || entry->length > IF_MAX_PHYS_ADDRESS_LENGTH) return ERROR_INVALID_PARAMETER;
    status = read_key(row, FOR_WRITING, ERROR_NOT_FOUND, &entry->key);
    if (status == NO_ERROR && entry->length > length_of_link(entry->key.index)) {
        if (!options.cut) return ERROR_INVALID_PARAMETER;
        entry->length = length_of_link(entry->key.index);
    }
    memcpy(entry->physical, row->PhysicalAddress, entry->length);
    entry->state = NlnsPermanent;
    return status;
}

NETIO_STATUS WINAPI SetIpNetEntry2(PMIB_IPNET_ROW2 row)
{
    struct entry entry, before;
    DWORD status;

    remember_row(CALL_SET, row);
    if (replaced(CALL_SET, &status)) return status;
    if ((status = read_entry(row, &entry)) != NO_ERROR) return status;

    EnterCriticalSection(&state_lock);
    status = backend()->get(&entry.key, &before);
    if (status == NO_ERROR && before.state != NlnsPermanent) {
        if (options.set_dynamic == SET_REFUSES) status = ERROR_NOT_FOUND;
        if (options.set_dynamic == SET_KEEPS_DYNAMIC) entry.state = before.state;
    }
    if (status == NO_ERROR && !(before.state != NlnsPermanent && options.set_dynamic == SET_IGNORES))
        status = backend()->put(&entry, PUT_EXISTING);
    LeaveCriticalSection(&state_lock);
    return status;
}

NETIO_STATUS WINAPI CreateIpNetEntry2(const MIB_IPNET_ROW2 *row)
{
    struct entry entry;
    DWORD status;

    remember_row(CALL_CREATE, row);
    if (replaced(CALL_CREATE, &status)) return status;
    if ((status = read_entry(row, &entry)) != NO_ERROR) return status;
    return backend()->put(&entry, PUT_NEW);
}

NETIO_STATUS WINAPI DeleteIpNetEntry2(const MIB_IPNET_ROW2 *row)
{
    struct key key;
    DWORD status;

    remember_row(CALL_DELETE, row);
    if (replaced(CALL_DELETE, &status)) return status;
    if (row == NULL) return ERROR_INVALID_PARAMETER;
    if (!options.elevated) return ERROR_ACCESS_DENIED;
    if ((status = read_key(row, FOR_KEY, ERROR_NOT_FOUND, &key)) != NO_ERROR) return status;
    return backend()->drop(&key);
}

NETIO_STATUS WINAPI GetIpNetEntry2(PMIB_IPNET_ROW2 row)
{
    struct entry entry;
    struct key key;
    DWORD status;

    remember_row(CALL_GET, row);
    if (replaced(CALL_GET, &status)) return status;
    if (row == NULL) return ERROR_INVALID_PARAMETER;
    if ((status = read_key(row, FOR_KEY, ERROR_FILE_NOT_FOUND, &key)) != NO_ERROR) return status;
    if ((status = backend()->get(&key, &entry)) == NO_ERROR) entry_to_row(&entry, row);
    if (status == ERROR_NOT_FOUND && options.asks) {
        Sleep(options.ask_delay);
        entry = (struct entry){ .key = key, .state = NlnsIncomplete };
        memory_incomplete(&entry);
    }
    return status;
}

NETIO_STATUS WINAPI FlushIpNetTable2(ADDRESS_FAMILY family, NET_IFINDEX index)
{
    struct entry *entries;
    ULONG count;
    DWORD status;

    if (replaced(CALL_FLUSH, &status)) return status;
    if (!options.elevated) return ERROR_ACCESS_DENIED;
    if (family != AF_UNSPEC && family != AF_INET && family != AF_INET6) return ERROR_INVALID_PARAMETER;
    if (family != AF_UNSPEC && !has_stack(family)) return ERROR_NOT_SUPPORTED;
    if (index != 0 && !interface_exists(index)) return ERROR_INVALID_PARAMETER;

    if ((status = backend()->list(family, &entries, &count)) != NO_ERROR) return status;
    for (ULONG i = 0; i < count; i++) {
        if (index != 0 && entries[i].key.index != index) continue;
        if (entries[i].broadcast) continue;
        if (entries[i].state == NlnsPermanent && !options.flush_permanent) continue;
        backend()->drop(&entries[i].key); /* somebody else may have been faster: no error */
    }
    HeapFree(GetProcessHeap(), 0, entries);
    return NO_ERROR;
}

NETIO_STATUS WINAPI ResolveIpNetEntry2(PMIB_IPNET_ROW2 row, const SOCKADDR_INET *source)
{
    struct entry entry;
    struct key key;
    DWORD status;

    remember_row(CALL_RESOLVE, row);
    if (replaced(CALL_RESOLVE, &status)) return status;
    if (row == NULL) return ERROR_INVALID_PARAMETER;
    if ((status = read_key(row, FOR_KEY, ERROR_NOT_FOUND, &key)) != NO_ERROR) return status;
    if (source != NULL && source->si_family != key.family) return ERROR_INVALID_PARAMETER;

    /* Documented: the entry goes first, whatever it was. A pin does not survive a Resolve. */
    backend()->drop(&key);
    if ((status = backend()->resolve(&key, &entry)) != NO_ERROR) return status;
    if (options.answers_from) entry.key.index = options.answers_from;
    entry_to_row(&entry, row);
    return status;
}
