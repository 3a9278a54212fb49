/* rtnetlink from a Windows DLL: the few shapes of <linux/netlink.h> and <linux/neighbour.h> that kernel.c needs. */
#pragma once
#include <stdint.h>

enum { LINUX_AF_INET = 2, LINUX_AF_INET6 = 10 };
enum { LINUX_EPERM = 1, LINUX_ENOENT = 2, LINUX_EINTR = 4, LINUX_EIO = 5, LINUX_ENOMEM = 12, LINUX_ENODEV = 19 };
enum { LINUX_EEXIST = 17, LINUX_EINVAL = 22, LINUX_EAFNOSUPPORT = 97 };
enum { NLMSG_ERROR = 2, NLMSG_DONE = 3, RTM_GETLINK = 18 };
enum { RTM_NEWNEIGH = 28, RTM_DELNEIGH = 29, RTM_GETNEIGH = 30 };
enum { NLM_F_REQUEST = 1, NLM_F_MULTI = 2, NLM_F_ACK = 4, NLM_F_DUMP = 0x300 };
enum { NLM_F_REPLACE = 0x100, NLM_F_EXCL = 0x200, NLM_F_CREATE = 0x400 };
enum { NDA_DST = 1, NDA_LLADDR = 2, NDA_CACHEINFO = 3, NTF_USE = 1, NTF_ROUTER = 0x80 };
enum {
    NUD_NONE = 0, NUD_INCOMPLETE = 1, NUD_REACHABLE = 2, NUD_STALE = 4, NUD_DELAY = 8, NUD_PROBE = 16, NUD_FAILED = 32,
    NUD_NOARP = 64, NUD_PERMANENT = 128
};

struct nlmsghdr {
    uint32_t length;
    uint16_t type, flags;
    uint32_t sequence, port;
};

struct ndmsg {
    uint8_t family, pad1;
    uint16_t pad2;
    int32_t index;
    uint16_t state;
    uint8_t flags, type;
};

struct rtattr {
    uint16_t length, type;
};

/* A request about one neighbor: attributes are appended to `rest`. */
struct neighbor_request {
    struct nlmsghdr head;
    struct ndmsg body;
    uint8_t rest[64];
};

void add_attribute(struct neighbor_request *request, uint16_t type, const void *data, uint16_t length);

/* Sends the request and waits for its end; `seen` gets each RTM_NEWNEIGH. Answers 0 or a Linux errno. */
int ask_kernel(struct neighbor_request *request, void (*seen)(const struct nlmsghdr *message, void *context),
               void *context);
