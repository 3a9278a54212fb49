/* The backend that changes the real Linux table of the network namespace, so that `ip neigh` can be the witness. */
#include "neighbor.h"
#include "netlink.h"

static uint8_t linux_family(ADDRESS_FAMILY family)
{
    return family == AF_INET ? LINUX_AF_INET : family == AF_INET6 ? LINUX_AF_INET6 : 0;
}

static DWORD win32_status(int error)
{
    switch (error) {
    case 0: return NO_ERROR;
    case LINUX_EPERM: return ERROR_ACCESS_DENIED;
    case LINUX_ENOENT: case LINUX_ENODEV: return ERROR_NOT_FOUND;
    case LINUX_EEXIST: return ERROR_OBJECT_ALREADY_EXISTS;
    case LINUX_EINVAL: return ERROR_INVALID_PARAMETER;
    case LINUX_ENOMEM: return ERROR_NOT_ENOUGH_MEMORY;
    case LINUX_EAFNOSUPPORT: return ERROR_NOT_SUPPORTED;
    default: return ERROR_GEN_FAILURE;
    }
}

static NL_NEIGHBOR_STATE windows_state(uint16_t nud)
{
    if (nud & (NUD_PERMANENT | NUD_NOARP)) return NlnsPermanent;
    if (nud & NUD_REACHABLE) return NlnsReachable;
    if (nud & NUD_STALE) return NlnsStale;
    if (nud & NUD_DELAY) return NlnsDelay;
    if (nud & NUD_PROBE) return NlnsProbe;
    if (nud & NUD_INCOMPLETE) return NlnsIncomplete;
    return NlnsUnreachable;
}

static uint16_t linux_state(NL_NEIGHBOR_STATE state)
{
    switch (state) {
    case NlnsReachable: return NUD_REACHABLE;
    case NlnsStale: return NUD_STALE;
    case NlnsDelay: return NUD_DELAY;
    case NlnsProbe: return NUD_PROBE;
    case NlnsPermanent: return NUD_PERMANENT;
    default: return NUD_STALE; /* with an address and no word of its reachability */
    }
}

static void begin(struct neighbor_request *request, uint16_t type, uint16_t flags, const struct key *key)
{
    memset(request, 0, sizeof *request);
    request->head.length = sizeof request->head + sizeof request->body;
    request->head.type = type;
    request->head.flags = NLM_F_REQUEST | flags;
    request->body.family = linux_family(key->family);
    request->body.index = (int32_t)key->index;
    if (key->family != AF_UNSPEC)
        add_attribute(request, NDA_DST, key->address, (uint16_t)address_length(key->family));
}

static void read_message(const struct nlmsghdr *message, struct entry *entry)
{
    const struct ndmsg *body = (const struct ndmsg *)(message + 1);
    const uint8_t *at = (const uint8_t *)(body + 1), *end = (const uint8_t *)message + message->length;

    memset(entry, 0, sizeof *entry);
    entry->key.family = body->family == LINUX_AF_INET ? AF_INET : AF_INET6;
    entry->key.index = (NET_IFINDEX)body->index;
    entry->state = windows_state(body->state);
    entry->flags = (UCHAR)((body->flags & NTF_ROUTER ? 1 : 0) | (body->state & NUD_FAILED ? 2 : 0));
    entry->broadcast = (body->state & NUD_NOARP) != 0;
    while (at + sizeof(struct rtattr) <= end) {
        const struct rtattr *attribute = (const struct rtattr *)at;
        const uint8_t *data = at + sizeof *attribute;
        ULONG length = attribute->length - (ULONG)sizeof *attribute;
        if (attribute->length < sizeof *attribute || at + attribute->length > end) break;
        if (attribute->type == NDA_DST) memcpy(entry->key.address, data, min(length, 16));
        if (attribute->type == NDA_LLADDR) {
            entry->length = min(length, IF_MAX_PHYS_ADDRESS_LENGTH);
            memcpy(entry->physical, data, entry->length);
        }
        /* First member: time since the last confirmation, in hundredths of a second. */
        if (attribute->type == NDA_CACHEINFO && length >= 4) entry->reachability = *(const uint32_t *)data * 10;
        at += (attribute->length + 3) & ~3u;
    }
}

struct found {
    struct entry entry;
    uint16_t nud;
    BOOL any;
};

static void keep_one(const struct nlmsghdr *message, void *context)
{
    struct found *found = context;
    read_message(message, &found->entry);
    found->nud = ((const struct ndmsg *)(message + 1))->state;
    found->any = TRUE;
}

static DWORD look_up(const struct key *key, struct found *found)
{
    struct neighbor_request request;
    int error;

    memset(found, 0, sizeof *found);
    begin(&request, RTM_GETNEIGH, 0, key);
    error = ask_kernel(&request, keep_one, found);
    if (error) return win32_status(error);
    return found->any ? NO_ERROR : ERROR_NOT_FOUND;
}

static DWORD kernel_get(const struct key *key, struct entry *entry)
{
    struct found found;
    DWORD status = look_up(key, &found);
    *entry = found.entry;
    return status;
}

static DWORD kernel_put(const struct entry *entry, enum put how)
{
    struct neighbor_request request;

    /* All interfaces of the test network are Ethernet; Linux would cut a longer address short without a word. */
    if (entry->length != 6) return ERROR_INVALID_PARAMETER;
    begin(&request, RTM_NEWNEIGH, NLM_F_ACK | (how == PUT_NEW ? NLM_F_CREATE | NLM_F_EXCL : NLM_F_REPLACE),
          &entry->key);
    request.body.state = linux_state(entry->state);
    add_attribute(&request, NDA_LLADDR, entry->physical, (uint16_t)entry->length);
    return win32_status(ask_kernel(&request, NULL, NULL));
}

static DWORD kernel_drop(const struct key *key)
{
    struct neighbor_request request;
    begin(&request, RTM_DELNEIGH, NLM_F_ACK, key);
    return win32_status(ask_kernel(&request, NULL, NULL));
}

struct growing {
    struct entry *entries;
    ULONG count, room;
};

static void keep_all(const struct nlmsghdr *message, void *context)
{
    struct growing *list = context;
    uint8_t family = ((const struct ndmsg *)(message + 1))->family;

    if (family != LINUX_AF_INET && family != LINUX_AF_INET6) return; /* a bridge's */
    if (list->count == list->room) {
        list->room *= 2;
        list->entries = HeapReAlloc(GetProcessHeap(), 0, list->entries, list->room * sizeof *list->entries);
        if (list->entries == NULL) abort();
    }
    read_message(message, &list->entries[list->count++]);
}

static DWORD kernel_list(ADDRESS_FAMILY family, struct entry **entries, ULONG *count)
{
    struct growing list = { HeapAlloc(GetProcessHeap(), 0, 256 * sizeof *list.entries), 0, 256 };
    struct neighbor_request request;
    struct key all;
    int error;

    if (list.entries == NULL) return ERROR_NOT_ENOUGH_MEMORY;
    memset(&all, 0, sizeof all);
    begin(&request, RTM_GETNEIGH, NLM_F_DUMP, &all);
    request.body.family = linux_family(family);
    error = ask_kernel(&request, keep_all, &list);
    if (error) {
        HeapFree(GetProcessHeap(), 0, list.entries);
        return win32_status(error);
    }
    *entries = list.entries;
    *count = list.count;
    return NO_ERROR;
}

/* Lets the kernel do real ARP or neighbor discovery; an absent host is given up by the kernel after 3 s. */
static DWORD kernel_resolve(const struct key *key, struct entry *entry)
{
    struct neighbor_request request;
    struct found found;
    int error;

    begin(&request, RTM_NEWNEIGH, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, key);
    request.body.state = NUD_NONE;
    request.body.flags = NTF_USE;
    if ((error = ask_kernel(&request, NULL, NULL)) != 0) return win32_status(error);

    for (int waited = 0; waited < 10000; waited += 2) {
        DWORD status = look_up(key, &found);
        if (status != NO_ERROR && status != ERROR_NOT_FOUND) return status;
        if (status == ERROR_NOT_FOUND || found.nud & NUD_FAILED) return ERROR_BAD_NET_NAME;
        if (found.nud & ~(NUD_NONE | NUD_INCOMPLETE)) {
            *entry = found.entry;
            return NO_ERROR;
        }
        Sleep(2);
    }
    return ERROR_BAD_NET_NAME;
}

/* Wine's own conversions ask its server each time, 0.3 ms; the kernel answers in a hundredth of that. */
BOOL interface_exists(NET_IFINDEX index)
{
    struct neighbor_request request;
    struct key any;

    memset(&any, 0, sizeof any);
    any.index = index;
    if (index == 0) return FALSE;
    begin(&request, RTM_GETLINK, 0, &any);
    request.head.length += 4; /* struct ifinfomsg: the index at the same place, and 16 bytes long */
    return ask_kernel(&request, NULL, NULL) == 0;
}

const struct backend kernel_backend = { kernel_get, kernel_put, kernel_drop, kernel_list, kernel_resolve };
