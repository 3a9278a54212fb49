/*
 * What the files of our iphlpapi.dll share. The DLL adds to Wine 8's the neighbor calls that it lacks, by the rules of
 * Microsoft's pages, and lets a test break any of them (see config.c). It is a test double: the codes it answers are
 * our reading of those pages, not evidence about Windows.
 */
#pragma once
#define _WIN32_WINNT 0x0A00
#include <winsock2.h>
#include <ws2ipdef.h>
#include <iphlpapi.h>
#include <netioapi.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(MIB_IPNET_ROW2) == 88, "MIB_IPNET_ROW2");
_Static_assert(sizeof(MIB_IF_ROW2) == 1352, "MIB_IF_ROW2");

/* ---- an entry as both backends keep it ---- */

struct key {
    ADDRESS_FAMILY family; /* AF_INET or AF_INET6 as Windows numbers them */
    NET_IFINDEX index;     /* the same number as the Linux ifindex */
    BYTE address[16];      /* network order; IPv4 uses the first four */
};

struct entry {
    struct key key;
    ULONG length; /* of physical; 0 = none known */
    BYTE physical[IF_MAX_PHYS_ADDRESS_LENGTH];
    NL_NEIGHBOR_STATE state;
    UCHAR flags;
    ULONG reachability;
    BOOL broadcast; /* a row the system made by itself: multicast or broadcast, never flushed */
};

enum put { PUT_EXISTING, PUT_NEW };

struct backend {
    DWORD (*get)(const struct key *key, struct entry *entry); /* ERROR_NOT_FOUND when missing */
    DWORD (*put)(const struct entry *entry, enum put how);
    DWORD (*drop)(const struct key *key);
    /* All entries of a family (0 = both) in one HeapAlloc'ed array. */
    DWORD (*list)(ADDRESS_FAMILY family, struct entry **entries, ULONG *count);
    /* Asks the wire about a key that has just been dropped: ERROR_BAD_NET_NAME when nobody answers. */
    DWORD (*resolve)(const struct key *key, struct entry *entry);
};
extern const struct backend kernel_backend, memory_backend;

/* ---- interfaces as the test wants them seen ---- */

void forget_links(void);
BOOL link_alias(NET_IFINDEX index, const WCHAR *alias, SIZE_T length);
BOOL link_length(NET_IFINDEX index, ULONG length);
BOOL link_gone(NET_IFINDEX index, BOOL gone);
BOOL is_gone(NET_IFINDEX index);
ULONG length_of_link(NET_IFINDEX index); /* the most that a physical address may have there */
void change_if_table(MIB_IF_TABLE2 *table);

void memory_clear(void);
void memory_add(const MIB_IPNET_ROW2 *row);  /* a row with exactly these members */
void memory_incomplete(const struct entry *entry); /* unless there is a row by now */
void memory_wire(const MIB_IPNET_ROW2 *row); /* a host that answers ResolveIpNetEntry2 */
void memory_file(const char *path);          /* loads the rows from a file, saves them there after each change */

/* ---- rows ---- */

NET_LUID luid_of(NET_IFINDEX index); /* 0 for an index that Wine does not know */
BOOL interface_exists(NET_IFINDEX index);
ULONG address_length(ADDRESS_FAMILY family);
void read_address(const SOCKADDR_INET *from, struct key *key);
void entry_to_row(const struct entry *entry, MIB_IPNET_ROW2 *row); /* fills padding with 0xCC */
void row_to_entry(const MIB_IPNET_ROW2 *row, struct entry *entry);

/* ---- calls, counted and breakable ---- */

enum call {
    CALL_SET, CALL_CREATE, CALL_DELETE, CALL_GET, CALL_FLUSH, CALL_RESOLVE, CALL_TABLE, CALL_IF_TABLE, CALL_FREE,
    CALL_ALIAS_TO_LUID, CALL_LUID_TO_ALIAS, CALL_INDEX_TO_LUID, CALL_LUID_TO_INDEX, CALL_IF_ENTRY, CALL_BEST_ROUTE,
    CALL_TABLE_IPV4, CALL_TABLE_IPV6, /* GetIpNetTable2 by family, counted beside the call itself */
    CALLS
};

/* Counts the call and sleeps its delay; TRUE when an injected status is to be answered instead of doing anything. */
BOOL replaced(enum call call, DWORD *status);
/* The same for a call that hands out a table: an injected one goes to *table. */
BOOL replaced_table(enum call call, void **table, DWORD *status);
BOOL set_later(const char *call, ULONG length, ULONG count, char *settings); /* settings: malloc'ed, kept */
void remember_row(enum call call, const MIB_IPNET_ROW2 *row);
void *guarded_table(const void *bytes, SIZE_T length); /* counted; ends at a page that cannot be read */
void count_table(void *table);                         /* Wine's own, counted too */

/* ---- what a test has chosen ---- */

enum { ZOMBIES_NONE, ZOMBIES_WITH_ZEROES, ZOMBIES_WITHOUT_ADDRESS };
enum { SET_MAKES_PERMANENT, SET_KEEPS_DYNAMIC, SET_REFUSES, SET_IGNORES };

struct options {
    enum { BACKEND_KERNEL, BACKEND_MEMORY, BACKEND_WINE } backend;
    BOOL elevated, stack4, stack6;
    BOOL flush_permanent; /* FlushIpNetTable2 takes permanent entries as well: unknown of Windows */
    int set_dynamic;      /* what SetIpNetEntry2 does to an entry that is not permanent: unknown of Windows */
    int zombies;          /* what a deleted row of the memory backend leaves behind: reported from the field */
    BOOL create_over_zombie; /* whether CreateIpNetEntry2 takes such a row for absent */
    BOOL cut;             /* whether a longer physical address is cut to the interface's length, or refused */
    BOOL asks;            /* whether GetIpNetEntry2 asks the wire on a miss: one report */
    ULONG answers_from;   /* the interface that ResolveIpNetEntry2 selects instead; 0 = the one it is given */
    ULONG ask_delay;      /* how long that takes, in ms */
    ULONG miss_delay;     /* ms that a memory-backend resolve waits for an absent host */
};
extern struct options options;
extern CRITICAL_SECTION state_lock; /* guards everything a test can change; never held while waiting */

const struct backend *backend(void);
BOOL configure(const char *text); /* FALSE when it cannot be understood */
void reset_faults(void);
BOOL set_fault(const char *call, ULONG length, DWORD status, LONG times, ULONG skip);
BOOL set_delay(const char *call, ULONG length, DWORD ms);
BOOL set_handout(const char *call, ULONG length, DWORD status, LONG times, BYTE *bytes, SIZE_T size);

/* ---- Wine's own iphlpapi ---- */

void *wine_call(const char *name);
#define WINE(type, name) ((type)wine_call(name))
