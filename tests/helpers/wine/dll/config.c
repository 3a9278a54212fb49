/*
 * What a test may choose, as one line of text: `fail=SetIpNetEntry2:5;backend=memory;elevated=0`. The same words work
 * at run time (NeighborTestConfigure) and at attach (the variable NEIGHBOR_TEST, for child processes).
 *
 *   backend=kernel|memory|wine        where the calls find the table
 *   elevated=0|1  stack4=0|1  stack6=0|1
 *   flush=all|dynamic                 whether FlushIpNetTable2 takes permanent entries too
 *   setdynamic=permanent|dynamic|refuse|ignore   what SetIpNetEntry2 does to an entry that is not permanent
 *   missdelay=MS                      how long a memory-backend resolve waits in vain
 *   zombies=none|zeroes|empty         a row that is deleted stays, unreachable, with six zeroes or without an address
 *   zombiecreate=0|1                  whether CreateIpNetEntry2 succeeds over such a row, or answers 5010
 *   answer=INDEX                      ResolveIpNetEntry2 answers from this interface; 0 = from the one it is given
 *   ask=MS                            GetIpNetEntry2 of a missing row waits and leaves an incomplete row behind
 *   cut=0|1                           an address longer than the interface's is cut, or refused with 87
 *   alias=INDEX:HEX                   the interface is called so (UTF-16LE)
 *   length=INDEX:OCTETS               PhysicalAddressLength of the interface
 *   gone=INDEX:0|1                    the interface is not there
 *   later=CALL|write:COUNT:HEX        these settings (UTF-8) hold from the first call after COUNT such calls
 *   fail=CALL:STATUS[:TIMES[:SKIP]]   TIMES 0 or left out = always; status 0 = claim success and do nothing
 *   delay=CALL:MS
 *   handout=CALL:STATUS:TIMES:HEX     GetIpNetTable2 or GetIfTable2 hands out these bytes; none = a NULL table
 *   row=HEX  wire=HEX                 88 bytes: into the memory backend's table / a host that answers a resolve
 *   file=PATH                         the memory backend's rows, loaded now and saved after each change
 */
#include "neighbor.h"

struct options options;
CRITICAL_SECTION state_lock;
void forget_tables(void);
void forget_later(void);

const struct backend *backend(void)
{
    return options.backend == BACKEND_MEMORY ? &memory_backend : &kernel_backend;
}

/* A piece of the text up to a separator: pointer and length, nothing is copied. */
struct piece {
    const char *at;
    SIZE_T length;
};

static struct piece cut(struct piece *rest, char separator)
{
    const char *end = memchr(rest->at, separator, rest->length);
    struct piece head = { rest->at, end ? (SIZE_T)(end - rest->at) : rest->length };
    SIZE_T gone = head.length + (end != NULL);
    rest->at += gone;
    rest->length -= gone;
    return head;
}

static BOOL is(struct piece piece, const char *word)
{
    return piece.length == strlen(word) && memcmp(piece.at, word, piece.length) == 0;
}

static BOOL number(struct piece piece, ULONG *value)
{
    *value = 0;
    if (piece.length == 0 || piece.length > 10) return FALSE;
    for (SIZE_T i = 0; i < piece.length; i++) {
        if (piece.at[i] < '0' || piece.at[i] > '9') return FALSE;
        *value = *value * 10 + (ULONG)(piece.at[i] - '0');
    }
    return TRUE;
}

static BOOL choice(struct piece value, const char *const *words, int count, int *chosen)
{
    for (int i = 0; i < count; i++)
        if (is(value, words[i])) return *chosen = i, TRUE;
    return FALSE;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static BYTE *unhex(struct piece hex)
{
    BYTE *bytes = malloc(hex.length / 2 + 1);
    if (bytes == NULL) abort();
    for (SIZE_T i = 0; i < hex.length / 2; i++) {
        int high = digit(hex.at[2 * i]), low = digit(hex.at[2 * i + 1]);
        if (high < 0 || low < 0) return free(bytes), NULL;
        bytes[i] = (BYTE)(high * 16 + low);
    }
    return bytes;
}

static BOOL with_row(struct piece hex, void (*use)(const MIB_IPNET_ROW2 *))
{
    BYTE *bytes = hex.length == 2 * sizeof(MIB_IPNET_ROW2) ? unhex(hex) : NULL;
    if (bytes == NULL) return FALSE;
    use((const MIB_IPNET_ROW2 *)bytes);
    free(bytes);
    return TRUE;
}

static BOOL fault(struct piece value)
{
    struct piece call = cut(&value, ':'), status = cut(&value, ':'), times = cut(&value, ':');
    ULONG code, count = 0, skip = 0;
    if (!number(status, &code) || (times.length && !number(times, &count)) || (value.length && !number(value, &skip)))
        return FALSE;
    return set_fault(call.at, (ULONG)call.length, code, count ? (LONG)count : -1, skip);
}

static BOOL handout(struct piece value)
{
    struct piece call = cut(&value, ':'), status = cut(&value, ':'), times = cut(&value, ':');
    ULONG code, count;
    BYTE *bytes = NULL;
    if (!number(status, &code) || !number(times, &count)) return FALSE;
    if (value.length && (bytes = unhex(value)) == NULL) return FALSE;
    return set_handout(call.at, (ULONG)call.length, code, count ? (LONG)count : -1, bytes, value.length / 2);
}

static BOOL link_option(struct piece key, struct piece value)
{
    struct piece first = cut(&value, ':');
    ULONG index, count;
    BOOL good;
    if (!number(first, &index)) return FALSE;
    if (is(key, "alias")) {
        BYTE *bytes = unhex(value);
        good = bytes != NULL && link_alias(index, (const WCHAR *)bytes, value.length / 4);
        free(bytes);
        return good;
    }
    if (!number(value, &count)) return FALSE;
    return is(key, "length") ? link_length(index, count) : link_gone(index, count != 0);
}

static BOOL later(struct piece value)
{
    struct piece call = cut(&value, ':'), times = cut(&value, ':');
    ULONG count;
    char *settings = (char *)unhex(value); /* one byte more than it needs */
    if (settings == NULL) return FALSE;
    settings[value.length / 2] = 0;
    if (number(times, &count) && set_later(call.at, (ULONG)call.length, count, settings)) return TRUE;
    return free(settings), FALSE;
}

static BOOL file(struct piece value)
{
    char path[MAX_PATH];
    if (value.length == 0 || value.length >= sizeof path) return FALSE;
    memcpy(path, value.at, value.length);
    path[value.length] = 0;
    memory_file(path);
    return TRUE;
}

static BOOL set_option(struct piece key, struct piece value)
{
    static const char *const backends[] = { "kernel", "memory", "wine" }, *const bits[] = { "0", "1" };
    static const char *const flushes[] = { "dynamic", "all" };
    static const char *const sets[] = { "permanent", "dynamic", "refuse", "ignore" };
    static const char *const remains[] = { "none", "zeroes", "empty" };
    int chosen;

    if (is(key, "backend")) return choice(value, backends, 3, &chosen) && (options.backend = chosen, TRUE);
    if (is(key, "elevated")) return choice(value, bits, 2, &options.elevated);
    if (is(key, "stack4")) return choice(value, bits, 2, &options.stack4);
    if (is(key, "stack6")) return choice(value, bits, 2, &options.stack6);
    if (is(key, "flush")) return choice(value, flushes, 2, &options.flush_permanent);
    if (is(key, "setdynamic")) return choice(value, sets, 4, &options.set_dynamic);
    if (is(key, "zombies")) return choice(value, remains, 3, &options.zombies);
    if (is(key, "zombiecreate")) return choice(value, bits, 2, &options.create_over_zombie);
    if (is(key, "answer")) return number(value, &options.answers_from);
    if (is(key, "cut")) return choice(value, bits, 2, &options.cut);
    if (is(key, "ask")) return options.asks = number(value, &options.ask_delay);
    if (is(key, "alias") || is(key, "length") || is(key, "gone")) return link_option(key, value);
    if (is(key, "later")) return later(value);
    if (is(key, "missdelay")) return number(value, &options.miss_delay);
    if (is(key, "fail")) return fault(value);
    if (is(key, "handout")) return handout(value);
    if (is(key, "row")) return with_row(value, memory_add);
    if (is(key, "wire")) return with_row(value, memory_wire);
    if (is(key, "file")) return file(value);
    if (is(key, "delay")) {
        struct piece call = cut(&value, ':');
        ULONG ms;
        return number(value, &ms) && set_delay(call.at, (ULONG)call.length, ms);
    }
    return FALSE;
}

BOOL configure(const char *text)
{
    struct piece rest = { text, strlen(text) };
    BOOL good = TRUE;
    EnterCriticalSection(&state_lock);
    while (good && rest.length) {
        struct piece value = cut(&rest, ';'), key = cut(&value, '=');
        good = key.length == 0 || set_option(key, value);
    }
    LeaveCriticalSection(&state_lock);
    return good;
}

__declspec(dllexport) DWORD WINAPI NeighborTestConfigure(const char *text)
{
    return configure(text) ? NO_ERROR : ERROR_INVALID_PARAMETER;
}

/* Back to the state at attach. */
__declspec(dllexport) VOID WINAPI NeighborTestReset(void)
{
    static char text[32768];
    EnterCriticalSection(&state_lock);
    reset_faults();
    forget_later();
    forget_links();
    forget_tables();
    memory_clear();
    options = (struct options){ .elevated = TRUE, .stack4 = TRUE, .stack6 = TRUE, .flush_permanent = TRUE,
                                .set_dynamic = SET_MAKES_PERMANENT, .miss_delay = 50 };
    if (GetEnvironmentVariableA("NEIGHBOR_TEST", text, sizeof text) && !configure(text)) abort();
    LeaveCriticalSection(&state_lock);
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
    (void)instance, (void)reserved;
    if (reason == DLL_PROCESS_ATTACH) {
        InitializeCriticalSection(&state_lock);
        NeighborTestReset();
    }
    return TRUE;
}
