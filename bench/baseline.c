/*
 * The floor: the same strategy as ffi/linux in C. Text in, 128 messages a send,
 * an acknowledgement on the last, errors matched by sequence number; a dump
 * becomes rows of text. Reads one command a line, answers nanoseconds by the
 * clock, then those of the processor:
 *
 *   create N | set N SHIFT | delete N   in batches, over addresses prepared before
 *   dump                             all IPv4 rows of the device
 *   one N                            N single sets, one after the other
 *   bare N                           the same without acknowledgements
 *   get N                            N look-ups of one row with the name of its
 *                                    interface
 *   churn N RATE                     N sets over 10,000 entries that are there,
 *                                    each to another address, RATE a second
 *                                    (0: as fast as it can)
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH 128
#define MOST 100000
#define CHURNED 10000
#define CHURN_BATCH 50

struct entry { char address[16]; char lladdr[18]; };
struct row { char address[46]; char lladdr[18]; int index; int state; };

static struct entry entries[MOST];
static int results[MOST];
static char out[BATCH * 128], in[65536];
static int fd, device;
static unsigned int sequence;

static void fill(int count, int shift)
{
	for (int i = 0; i < count; i++) {
		unsigned int l = i + shift;

		sprintf(entries[i].address, "10.%d.%d.%d", 1 + (i >> 16),
			(i >> 8) & 255, i & 255);
		sprintf(entries[i].lladdr, "02:fc:%02x:%02x:%02x:%02x", l >> 24,
			(l >> 16) & 255, (l >> 8) & 255, l & 255);
	}
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One message at `at` from the text of an entry; its length, 0 if it is wrong */
static int put(char *at, const struct entry *entry, int type, int flags,
	       int with_lladdr)
{
	struct nlmsghdr *message = (void *)at;
	struct ndmsg *row = NLMSG_DATA(message);
	struct rtattr *attribute = (void *)(row + 1);

	memset(at, 0, 64);
	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	message->nlmsg_seq = ++sequence;
	row->ndm_family = AF_INET;
	row->ndm_ifindex = device;
	row->ndm_state = type == RTM_NEWNEIGH ? NUD_PERMANENT : 0;
	attribute->rta_type = NDA_DST;
	attribute->rta_len = RTA_LENGTH(4);
	if (inet_pton(AF_INET, entry->address, RTA_DATA(attribute)) != 1)
		return 0;
	message->nlmsg_len = 36;
	if (with_lladdr) {
		unsigned char *octet;

		attribute = (void *)(at + 36);
		attribute->rta_type = NDA_LLADDR;
		attribute->rta_len = RTA_LENGTH(6);
		octet = RTA_DATA(attribute);
		for (int i = 0; i < 6; i++) {
			int high = digit(entry->lladdr[3 * i]);
			int low = digit(entry->lladdr[3 * i + 1]);

			if (high < 0 || low < 0)
				return 0;
			octet[i] = high << 4 | low;
		}
		message->nlmsg_len = 48;
	}
	return message->nlmsg_len;
}

/* Sends and takes the answers to `count` messages, the first of them `first` */
static void exchange(int length, unsigned int first, int count, int *result)
{
	if (send(fd, out, length, 0) < 0) {
		perror("send");
		exit(1);
	}
	for (;;) {
		ssize_t got = recv(fd, in, sizeof(in), MSG_DONTWAIT | MSG_TRUNC);
		struct nlmsghdr *m = (void *)in;

		if (got < 0) {
			perror("recv");
			exit(1);
		}
		for (; NLMSG_OK(m, got); m = NLMSG_NEXT(m, got)) {
			unsigned int at = m->nlmsg_seq - first;

			if (at >= (unsigned int)count)
				continue;
			if (m->nlmsg_type == NLMSG_ERROR)
				result[at] = ((struct nlmsgerr *)NLMSG_DATA(m))->error;
			if (at == (unsigned int)count - 1)
				return;
		}
	}
}

static void batches(int count, int type, int flags, int with_lladdr)
{
	memset(results, 0, sizeof(*results) * count);
	for (int from = 0; from < count; from += BATCH) {
		int many = count - from < BATCH ? count - from : BATCH;
		unsigned int first = sequence + 1;
		int length = 0, last = 0;

		for (int i = 0; i < many; i++) {
			last = length;
			length += put(out + length, &entries[from + i], type,
				      flags, with_lladdr);
		}
		((struct nlmsghdr *)(out + last))->nlmsg_flags |= NLM_F_ACK;
		exchange(length, first, many, results + from);
	}
	for (int i = 0; i < count; i++)
		if (results[i]) {
			fprintf(stderr, "entry %d: %s\n", i, strerror(-results[i]));
			exit(1);
		}
}

static void hex(const unsigned char *v, char *text)
{
	for (int i = 0; i < 6; i++) {
		text[3 * i] = "0123456789abcdef"[v[i] >> 4];
		text[3 * i + 1] = "0123456789abcdef"[v[i] & 15];
		text[3 * i + 2] = i == 5 ? 0 : ':';
	}
}

static int dump(void)
{
	struct { struct nlmsghdr head; struct ndmsg row; struct rtattr attribute;
		 int index; } request = {
		{ sizeof(request), RTM_GETNEIGH, NLM_F_REQUEST | NLM_F_DUMP,
		  ++sequence, 0 },
		{ .ndm_family = AF_INET },
		{ RTA_LENGTH(4), NDA_IFINDEX }, device };
	int used = 0, room = 1024;
	struct row *rows = malloc(room * sizeof(*rows));

	send(fd, &request, sizeof(request), 0);
	for (;;) {
		ssize_t got = recv(fd, in, sizeof(in), MSG_DONTWAIT | MSG_TRUNC);
		struct nlmsghdr *m = (void *)in;

		if (got < 0) {
			perror("recv");
			exit(1);
		}
		for (; NLMSG_OK(m, got); m = NLMSG_NEXT(m, got)) {
			struct ndmsg *row = NLMSG_DATA(m);
			struct rtattr *a = (void *)(row + 1);
			int left = m->nlmsg_len - NLMSG_LENGTH(sizeof(*row));
			struct row *r;

			if (m->nlmsg_seq != sequence)
				continue;
			if (m->nlmsg_type == NLMSG_DONE) {
				free(rows);
				return used;
			}
			if (used == room)
				rows = realloc(rows, (room *= 2) * sizeof(*rows));
			r = &rows[used++];
			r->index = row->ndm_ifindex;
			r->state = row->ndm_state;
			r->lladdr[0] = 0;
			for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
				unsigned char *v = RTA_DATA(a);

				if (a->rta_type == NDA_DST)
					inet_ntop(AF_INET, v, r->address,
						  sizeof(r->address));
				if (a->rta_type == NDA_LLADDR && RTA_PAYLOAD(a) == 6)
					hex(v, r->lladdr);
			}
		}
	}
}

static void one(int count)
{
	int result;

	for (int i = 0; i < count; i++) {
		unsigned int first = sequence + 1;
		int length = put(out, &entries[0], RTM_NEWNEIGH,
				 NLM_F_REPLACE | NLM_F_ACK, 1);

		exchange(length, first, 1, &result);
		if (result) {
			fprintf(stderr, "one: %s\n", strerror(-result));
			exit(1);
		}
	}
}

/* The kernel has handled the request when send returns; silence is success */
static void bare(int count)
{
	for (int i = 0; i < count; i++) {
		int length = put(out, &entries[0], RTM_NEWNEIGH, NLM_F_REPLACE, 1);

		if (send(fd, out, length, 0) < 0 ||
		    recv(fd, in, sizeof(in), MSG_DONTWAIT | MSG_TRUNC) >= 0 ||
		    errno != EAGAIN) {
			perror("bare");
			exit(1);
		}
	}
}

static void get(int count)
{
	for (int i = 0; i < count; i++) {
		struct nlmsghdr *m = (void *)in;
		struct ifreq name = { .ifr_ifindex = device };
		struct row row;
		struct rtattr *a;
		int left;
		ssize_t got;

		send(fd, out, put(out, &entries[0], RTM_GETNEIGH, 0, 0), 0);
		got = recv(fd, in, sizeof(in), MSG_DONTWAIT | MSG_TRUNC);
		if (got < 0 || m->nlmsg_type != RTM_NEWNEIGH ||
		    ioctl(fd, SIOCGIFNAME, &name) < 0) {
			perror("get");
			exit(1);
		}
		a = (void *)((char *)NLMSG_DATA(m) + sizeof(struct ndmsg));
		left = m->nlmsg_len - NLMSG_LENGTH(sizeof(struct ndmsg));
		for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
			if (a->rta_type == NDA_DST)
				inet_ntop(AF_INET, RTA_DATA(a), row.address,
					  sizeof(row.address));
			if (a->rta_type == NDA_LLADDR)
				hex(RTA_DATA(a), row.lladdr);
		}
	}
}

static long long on_clock(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static long long now(void)
{
	return on_clock(CLOCK_MONOTONIC);
}

/* In batches that divide CHURNED: no batch has an entry twice */
static void churn(int count, int rate)
{
	long long start = now();

	for (int done = 0; done < count; done += CHURN_BATCH) {
		unsigned int first = sequence + 1;
		int length = 0, last = 0, at = done % CHURNED;
		static int result[CHURN_BATCH];

		/* Sleeping would wake too late */
		while (rate && (now() - start) * rate < done * 1000000000LL)
			;
		for (int i = 0; i < CHURN_BATCH; i++) {
			struct entry *entry = &entries[at + i];

			entry->lladdr[4] ^= 1; /* fc, fb and so on: 'c' ^ 1 is 'b' */
			last = length;
			length += put(out + length, entry, RTM_NEWNEIGH,
				      NLM_F_REPLACE, 1);
		}
		((struct nlmsghdr *)(out + last))->nlmsg_flags |= NLM_F_ACK;
		memset(result, 0, sizeof(result));
		exchange(length, first, CHURN_BATCH, result);
		for (int i = 0; i < CHURN_BATCH; i++)
			if (result[i]) {
				fprintf(stderr, "churn: %s\n", strerror(-result[i]));
				exit(1);
			}
	}
}

int main(int argc, char **argv)
{
	int on = 1, count, shift;
	char line[64], verb[16];

	device = if_nametoindex(argc > 1 ? argv[1] : "");
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	if (!device || fd < 0)
		return 1;
	while (fgets(line, sizeof(line), stdin)) {
		long long start, used;

		count = shift = 0;
		sscanf(line, "%15s %d %d", verb, &count, &shift);
		fill(count > MOST ? MOST : count, shift);
		start = now();
		used = on_clock(CLOCK_THREAD_CPUTIME_ID);
		if (!strcmp(verb, "create"))
			batches(count, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL, 1);
		else if (!strcmp(verb, "set"))
			batches(count, RTM_NEWNEIGH, NLM_F_REPLACE, 1);
		else if (!strcmp(verb, "delete"))
			batches(count, RTM_DELNEIGH, 0, 0);
		else if (!strcmp(verb, "dump"))
			dump();
		else if (!strcmp(verb, "one"))
			one(count);
		else if (!strcmp(verb, "bare"))
			bare(count);
		else if (!strcmp(verb, "get"))
			get(count);
		else if (!strcmp(verb, "churn"))
			churn(count, shift);
		printf("%lld %lld\n", now() - start,
		       on_clock(CLOCK_THREAD_CPUTIME_ID) - used);
		fflush(stdout);
	}
	return 0;
}
