/*
 * The backend that is a table of its own: IPv6, exact states, address lengths other than six, tens of thousands of
 * rows. Entries stay in the order of their creation; a hash finds them.
 */
#include "neighbor.h"

enum { BUCKETS = 1 << 15 };

struct node {
    struct entry entry;
    struct node *next_in_bucket, *next, *before;
};

static struct node *buckets[BUCKETS], *first, *last;
static ULONG total;
static struct entry wire[64]; /* hosts that answer; few */
static ULONG on_wire;
static char file_path[MAX_PATH];

static struct node **find(const struct key *key)
{
    ULONG hash = 2166136261u; /* FNV-1a */
    for (const BYTE *at = (const BYTE *)key; at < (const BYTE *)(key + 1); at++) hash = (hash ^ *at) * 16777619u;
    struct node **slot = &buckets[(hash ^ hash >> 15) % BUCKETS];
    while (*slot && memcmp(&(*slot)->entry.key, key, sizeof *key) != 0) slot = &(*slot)->next_in_bucket;
    return slot;
}

static void append(const struct entry *entry)
{
    struct node **slot = find(&entry->key), *node = *slot;
    if (node == NULL) {
        node = calloc(1, sizeof *node);
        if (node == NULL) abort();
        *slot = node;
        node->before = last;
        *(last ? &last->next : &first) = node;
        last = node;
        total++;
    }
    node->entry = *entry;
}

static void unlink_node(struct node **slot)
{
    struct node *node = *slot;
    *slot = node->next_in_bucket;
    *(node->before ? &node->before->next : &first) = node->next;
    *(node->next ? &node->next->before : &last) = node->before;
    free(node);
    total--;
}

/* Another process's turn: a child may have to see what its predecessor wrote. */
static void save(void)
{
    DWORD written;
    HANDLE file;
    if (file_path[0] == 0) return;
    file = CreateFileA(file_path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) abort();
    for (struct node *node = first; node; node = node->next) {
        MIB_IPNET_ROW2 row;
        entry_to_row(&node->entry, &row);
        if (!WriteFile(file, &row, sizeof row, &written, NULL)) abort();
    }
    CloseHandle(file);
}

void memory_file(const char *path)
{
    DWORD read;
    MIB_IPNET_ROW2 row;
    HANDLE file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    file_path[0] = 0;
    memory_clear();
    if (file != INVALID_HANDLE_VALUE) {
        while (ReadFile(file, &row, sizeof row, &read, NULL) && read == sizeof row) memory_add(&row);
        CloseHandle(file);
    }
    strncpy(file_path, path, sizeof file_path - 1);
}

void memory_clear(void)
{
    while (first) unlink_node(find(&first->entry.key));
    on_wire = 0;
    file_path[0] = 0;
}

void memory_add(const MIB_IPNET_ROW2 *row)
{
    struct entry entry;
    row_to_entry(row, &entry);
    EnterCriticalSection(&state_lock);
    append(&entry);
    save();
    LeaveCriticalSection(&state_lock);
}

void memory_wire(const MIB_IPNET_ROW2 *row)
{
    EnterCriticalSection(&state_lock);
    if (on_wire < sizeof wire / sizeof *wire) row_to_entry(row, &wire[on_wire++]);
    LeaveCriticalSection(&state_lock);
}

void memory_incomplete(const struct entry *entry)
{
    EnterCriticalSection(&state_lock);
    if (*find(&entry->key) == NULL) append(entry);
    LeaveCriticalSection(&state_lock);
}

/* What a delete leaves behind on some computers, as the field reports it. */
static BOOL is_zombie(const struct node *node)
{
    return options.zombies != ZOMBIES_NONE && node != NULL && node->entry.state == NlnsUnreachable;
}

static DWORD memory_get(const struct key *key, struct entry *entry)
{
    struct node *node;
    EnterCriticalSection(&state_lock);
    node = *find(key);
    if (node) *entry = node->entry;
    LeaveCriticalSection(&state_lock);
    return node ? NO_ERROR : ERROR_NOT_FOUND;
}

static DWORD memory_put(const struct entry *entry, enum put how)
{
    DWORD status = NO_ERROR;
    EnterCriticalSection(&state_lock);
    if (*find(&entry->key) && how == PUT_NEW &&
        !(is_zombie(*find(&entry->key)) && options.create_over_zombie)) status = ERROR_OBJECT_ALREADY_EXISTS;
    if (!*find(&entry->key) && how == PUT_EXISTING) status = ERROR_NOT_FOUND;
    if (status == NO_ERROR) {
        append(entry);
        save();
    }
    LeaveCriticalSection(&state_lock);
    return status;
}

static DWORD memory_drop(const struct key *key)
{
    struct node **slot;
    DWORD status = ERROR_NOT_FOUND;
    EnterCriticalSection(&state_lock);
    slot = find(key);
    if (*slot) {
        if (options.zombies == ZOMBIES_NONE) {
            unlink_node(slot);
        } else {
            struct entry *entry = &(*slot)->entry;
            memset(entry->physical, 0, sizeof entry->physical);
            entry->length = options.zombies == ZOMBIES_WITH_ZEROES ? 6 : 0;
            entry->state = NlnsUnreachable;
            entry->flags = 0;
        }
        save();
        status = NO_ERROR;
    }
    LeaveCriticalSection(&state_lock);
    return status;
}

static DWORD memory_list(ADDRESS_FAMILY family, struct entry **entries, ULONG *count)
{
    EnterCriticalSection(&state_lock);
    *entries = HeapAlloc(GetProcessHeap(), 0, (total + 1) * sizeof **entries);
    *count = 0;
    for (struct node *node = first; node && *entries; node = node->next)
        if (family == AF_UNSPEC || family == node->entry.key.family) (*entries)[(*count)++] = node->entry;
    LeaveCriticalSection(&state_lock);
    return *entries ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
}

static DWORD memory_resolve(const struct key *key, struct entry *entry)
{
    DWORD status = ERROR_BAD_NET_NAME, wait;
    EnterCriticalSection(&state_lock);
    for (ULONG i = 0; i < on_wire; i++) {
        if (memcmp(&wire[i].key, key, sizeof *key) != 0) continue;
        *entry = wire[i];
        append(entry);
        save();
        status = NO_ERROR;
    }
    wait = options.miss_delay;
    LeaveCriticalSection(&state_lock);
    if (status != NO_ERROR) Sleep(wait);
    return status;
}

const struct backend memory_backend = { memory_get, memory_put, memory_drop, memory_list, memory_resolve };
