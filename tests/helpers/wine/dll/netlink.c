/*
 * One rtnetlink exchange, by Linux system calls made from PE code. Under Wine 8 that works: nothing stands between the
 * instruction and the kernel. `long` has 32 bits here, so every argument is a long long.
 *
 * Each exchange has a socket of its own: nothing to share between threads, nothing that stays open.
 */
#include "netlink.h"
#include <string.h>

enum { SYS_close = 3, SYS_socket = 41, SYS_sendto = 44, SYS_recvfrom = 45 };
enum { AF_NETLINK = 16, SOCK_RAW = 3, SOCK_CLOEXEC = 02000000, NETLINK_ROUTE = 0 };

static long long linux_call(long long number, long long a, long long b, long long c, long long d)
{
    register long long r10 __asm__("r10") = d;
    register long long r8 __asm__("r8") = 0; /* no address for sendto and recvfrom */
    register long long r9 __asm__("r9") = 0;
    long long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static long long retry(long long number, long long a, long long b, long long c)
{
    long long result;
    do /* Wine suspends threads by a signal */
        result = linux_call(number, a, b, c, 0);
    while (result == -LINUX_EINTR);
    return result;
}

static uint32_t aligned(uint32_t length)
{
    return (length + 3) & ~3u;
}

void add_attribute(struct neighbor_request *request, uint16_t type, const void *data, uint16_t length)
{
    struct rtattr *attribute = (struct rtattr *)((uint8_t *)request + request->head.length);
    attribute->length = (uint16_t)(sizeof *attribute + length);
    attribute->type = type;
    memcpy(attribute + 1, data, length);
    request->head.length += aligned(attribute->length);
}

/* Reads one datagram's messages: 1 = more to come, 0 = ended well, negative = errno. */
static int read_messages(const uint8_t *bytes, uint32_t size, void (*seen)(const struct nlmsghdr *, void *),
                         void *context)
{
    while (size >= sizeof(struct nlmsghdr)) {
        const struct nlmsghdr *message = (const struct nlmsghdr *)bytes;
        if (message->length < sizeof *message || message->length > size) return -LINUX_EIO;
        if (message->type == NLMSG_DONE) return 0;
        if (message->type == NLMSG_ERROR) return *(const int32_t *)(message + 1); /* 0 = acknowledged */
        if (message->type == RTM_NEWNEIGH && seen) seen(message, context);
        if (!(message->flags & NLM_F_MULTI)) return 0; /* the single answer to a look-up */
        if (aligned(message->length) >= size) break;
        bytes += aligned(message->length);
        size -= aligned(message->length);
    }
    return 1;
}

int ask_kernel(struct neighbor_request *request, void (*seen)(const struct nlmsghdr *, void *), void *context)
{
    _Alignas(8) uint8_t buffer[32768]; /* smaller ones truncate a dump and lose its end */
    long long fd = retry(SYS_socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    long long done;
    int result = 1;

    if (fd < 0) return (int)-fd;
    request->head.sequence = 1;
    done = retry(SYS_sendto, fd, (long long)request, request->head.length);
    while (done >= 0 && result == 1) {
        done = retry(SYS_recvfrom, fd, (long long)buffer, sizeof buffer);
        if (done >= 0) result = read_messages(buffer, (uint32_t)done, seen, context);
    }
    retry(SYS_close, fd, 0, 0);
    return done < 0 ? (int)-done : -result;
}
