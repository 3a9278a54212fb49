/*
 * Prints netlink messages as the kernel sends them, and requests as a C
 * compiler lays them out over the kernel's own headers; one "NAME hex" a line.
 * Independent of the module under test: see capture.ts, which runs it.
 *
 *   capture neighbors FAMILY|proxy     RTM_NEWNEIGH, one line a row
 *   capture link INDEX                 RTM_NEWLINK
 *   capture routes FAMILY              RTM_NEWROUTE, the unicast ones of main
 *   capture tables                     RTM_NEWNEIGHTBL
 *   capture refused INDEX              NLMSG_ERROR, with the kernel's text
 *   capture plain INDEX                the same without NETLINK_CAP_ACK
 *   capture requests                   what this package sends
 *   capture type TUN NUMBER            gives a tun device another ARPHRD_*
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static char out[4096];
static char in[65536];

static void print(const char *name, const void *bytes, size_t length)
{
	printf("%s ", name);
	for (size_t i = 0; i < length; i++)
		printf("%02x", ((const unsigned char *)bytes)[i]);
	printf("\n");
}

static struct nlmsghdr *begin(int type, int flags, size_t body)
{
	struct nlmsghdr *message = (void *)out;

	memset(out, 0, sizeof(out));
	message->nlmsg_len = NLMSG_LENGTH(body);
	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	message->nlmsg_seq = 0x01020304;
	return message;
}

static void put(int type, const void *value, size_t length)
{
	struct nlmsghdr *message = (void *)out;
	struct rtattr *attribute = (void *)(out + NLMSG_ALIGN(message->nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = RTA_LENGTH(length);
	memcpy(RTA_DATA(attribute), value, length);
	message->nlmsg_len = NLMSG_ALIGN(message->nlmsg_len) +
			     RTA_ALIGN(attribute->rta_len);
}

static void neighbor(int type, int flags, int state, int ntf, int family,
		     const char *address, int lladdr)
{
	static const unsigned char octets[32] = { 0x02, 0xfc, 0, 0, 0, 5 };
	unsigned char bytes[16];
	struct ndmsg *row = NLMSG_DATA(begin(type, flags, sizeof(*row)));

	row->ndm_family = family;
	row->ndm_ifindex = 0x0a0b0c0d;
	row->ndm_state = state;
	row->ndm_flags = ntf;
	inet_pton(family, address, bytes);
	put(NDA_DST, bytes, family == AF_INET ? 4 : 16);
	if (lladdr)
		put(NDA_LLADDR, octets, lladdr);
}

static void show(const char *name)
{
	print(name, out, ((struct nlmsghdr *)out)->nlmsg_len);
}

static void routes(int family)
{
	struct rtmsg *route =
		NLMSG_DATA(begin(RTM_GETROUTE, NLM_F_DUMP, sizeof(*route)));

	route->rtm_family = family;
	route->rtm_table = RT_TABLE_MAIN;
	route->rtm_type = RTN_UNICAST;
}

static void requests(void)
{
	unsigned int mask = RTEXT_FILTER_SKIP_STATS, index = 0x0a0b0c0d;

	neighbor(RTM_NEWNEIGH, NLM_F_REPLACE, NUD_PERMANENT, 0, AF_INET,
		 "192.0.2.7", 6);
	show("SET_IPV4");
	neighbor(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL, NUD_PERMANENT, 0,
		 AF_INET6, "2001:db8::7", 6);
	show("CREATE_IPV6");
	neighbor(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, NUD_PERMANENT, 0,
		 AF_INET6, "2001:db8::7", 20);
	show("REPLACE_INFINIBAND");
	neighbor(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, NUD_PERMANENT, 0,
		 AF_INET, "192.0.2.7", 6);
	put(NDA_PROTOCOL, "\x2a", 1);
	show("REPLACE_PROTOCOL");
	neighbor(RTM_DELNEIGH, 0, 0, 0, AF_INET, "192.0.2.7", 0);
	show("DELETE_IPV4");
	neighbor(RTM_GETNEIGH, 0, 0, 0, AF_INET6, "2001:db8::7", 0);
	show("GET_IPV6");
	neighbor(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL, NUD_NONE, NTF_USE,
		 AF_INET, "192.0.2.7", 0);
	show("ASK_IPV4");
	begin(RTM_GETNEIGH, NLM_F_DUMP, sizeof(struct ndmsg));
	((struct ndmsg *)NLMSG_DATA(out))->ndm_family = AF_INET6;
	put(NDA_IFINDEX, &index, 4);
	show("DUMP_IPV6");
	begin(RTM_GETNEIGH, NLM_F_DUMP, sizeof(struct ndmsg));
	((struct ndmsg *)NLMSG_DATA(out))->ndm_family = AF_INET;
	((struct ndmsg *)NLMSG_DATA(out))->ndm_flags = NTF_PROXY;
	show("DUMP_PROXIES");
	begin(RTM_GETLINK, 0, sizeof(struct ifinfomsg));
	put(IFLA_IFNAME, "eth0", 5);
	put(IFLA_EXT_MASK, &mask, 4);
	show("LINK_BY_NAME");
	begin(RTM_GETLINK, 0, sizeof(struct ifinfomsg));
	put(IFLA_ALT_IFNAME, "the-uplink-of-rack-3", 21);
	put(IFLA_EXT_MASK, &mask, 4);
	show("LINK_BY_ALTERNATIVE_NAME");
	begin(RTM_GETLINK, 0, sizeof(struct ifinfomsg));
	((struct ifinfomsg *)NLMSG_DATA(out))->ifi_index = index;
	put(IFLA_EXT_MASK, &mask, 4);
	show("LINK_BY_INDEX");
	routes(AF_INET6);
	show("DUMP_ROUTES_IPV6");
	begin(RTM_GETNEIGHTBL, NLM_F_DUMP, sizeof(struct ndtmsg));
	show("DUMP_TABLES");
}

static void ask(int cap)
{
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), on = 1;

	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	if (cap)
		setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	send(fd, out, ((struct nlmsghdr *)out)->nlmsg_len, 0);
	for (;;) {
		ssize_t length = recv(fd, in, sizeof(in), 0);
		struct nlmsghdr *m = (void *)in;

		for (; NLMSG_OK(m, length); m = NLMSG_NEXT(m, length)) {
			char name[16];

			m->nlmsg_pid = 0;
			snprintf(name, sizeof(name), "TYPE_%d", m->nlmsg_type);
			print(name, m, m->nlmsg_len);
			if (!(m->nlmsg_flags & NLM_F_MULTI) ||
			    m->nlmsg_type == NLMSG_DONE)
				return;
		}
	}
}

static int retype(const char *name, int type)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR);

	strncpy(request.ifr_name, name, IFNAMSIZ - 1);
	if (ioctl(fd, TUNSETIFF, &request) || ioctl(fd, TUNSETLINK, type) ||
	    ioctl(fd, TUNSETPERSIST, 1)) {
		perror("TUNSETLINK");
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	const char *which = argc > 2 ? argv[2] : "";
	unsigned int mask = RTEXT_FILTER_SKIP_STATS;

	if (!strcmp(what, "requests")) {
		requests();
	} else if (!strcmp(what, "type") && argc > 3) {
		return retype(which, atoi(argv[3]));
	} else if (!strcmp(what, "neighbors")) {
		begin(RTM_GETNEIGH, NLM_F_DUMP, sizeof(struct ndmsg));
		if (!strcmp(which, "proxy"))
			((struct ndmsg *)NLMSG_DATA(out))->ndm_flags = NTF_PROXY;
		else
			((struct ndmsg *)NLMSG_DATA(out))->ndm_family = atoi(which);
		ask(1);
	} else if (!strcmp(what, "routes")) {
		routes(atoi(which));
		ask(1);
	} else if (!strcmp(what, "tables")) {
		begin(RTM_GETNEIGHTBL, NLM_F_DUMP, sizeof(struct ndtmsg));
		ask(1);
	} else if (!strcmp(what, "link")) {
		begin(RTM_GETLINK, 0, sizeof(struct ifinfomsg));
		((struct ifinfomsg *)NLMSG_DATA(out))->ifi_index = atoi(which);
		put(IFLA_EXT_MASK, &mask, 4);
		ask(1);
	} else if (!strcmp(what, "refused") || !strcmp(what, "plain")) {
		neighbor(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK,
			 NUD_PERMANENT, 0, AF_INET, "192.0.2.9", 5);
		((struct ndmsg *)NLMSG_DATA(out))->ndm_ifindex = atoi(which);
		ask(!strcmp(what, "refused"));
	} else if (!strcmp(what, "taken")) {
		neighbor(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK,
			 NUD_PERMANENT, 0, AF_INET, "192.0.2.9", 6);
		((struct ndmsg *)NLMSG_DATA(out))->ndm_ifindex = atoi(which);
		ask(1);
	} else {
		fprintf(stderr, "see the head of capture.c\n");
		return 2;
	}
	return 0;
}
