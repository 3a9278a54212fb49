/**
 * The constants of netlink and rtnetlink, by their names in the kernel's
 * headers. Netlink uses the byte order of the machine, which is little-endian
 * on every Linux that Deno supports (x86_64, aarch64).
 *
 * @module
 */

// sys/socket.h
export const AF_UNSPEC = 0;
export const AF_INET = 2;
export const AF_INET6 = 10; // Windows gives it another number
export const AF_NETLINK = 16;
export const SOCK_RAW = 3;
export const SOCK_CLOEXEC = 0o2000000;
export const MSG_TRUNC = 0x20;
export const MSG_DONTWAIT = 0x40;
export const SOL_SOCKET = 1;
export const SO_RCVBUF = 8;
export const SO_RCVBUFFORCE = 33;
export const SOL_NETLINK = 270;

// sys/poll.h: struct pollfd
export const SIZEOF_pollfd = 8;
export const pollfd_fd = 0; // int
export const pollfd_events = 4; // short
export const pollfd_revents = 6; // short
export const POLLIN = 0x1;

// sys/eventfd.h
export const EFD_NONBLOCK = 0o4000;
export const EFD_CLOEXEC = 0o2000000;

// linux/netlink.h: struct sockaddr_nl
export const SIZEOF_sockaddr_nl = 12;
export const sockaddr_nl_nl_family = 0; // unsigned short
export const sockaddr_nl_nl_pid = 4; // __u32
export const sockaddr_nl_nl_groups = 8; // __u32, a bit each

// linux/netlink.h: the socket
export const NETLINK_ROUTE = 0;
export const NETLINK_ADD_MEMBERSHIP = 1;
export const NETLINK_CAP_ACK = 10;
export const NETLINK_EXT_ACK = 11;
export const NETLINK_GET_STRICT_CHK = 12;

// linux/netlink.h: struct nlmsghdr
export const SIZEOF_nlmsghdr = 16;
export const nlmsghdr_nlmsg_len = 0; // __u32
export const nlmsghdr_nlmsg_type = 4; // __u16
export const nlmsghdr_nlmsg_flags = 6; // __u16
export const nlmsghdr_nlmsg_seq = 8; // __u32
export const nlmsghdr_nlmsg_pid = 12; // __u32

export const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_DUMP = 0x300;
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
export const NLM_F_CAPPED = 0x100;
export const NLM_F_ACK_TLVS = 0x200;

export const NLMSG_NOOP = 1;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
export const NLMSG_OVERRUN = 4;

// linux/netlink.h: struct nlmsgerr
export const SIZEOF_nlmsgerr = 20;
export const nlmsgerr_error = 0; // int, an errno below zero
export const nlmsgerr_msg = 4; // struct nlmsghdr
export const NLMSGERR_ATTR_MSG = 1;

// linux/netlink.h: struct nlattr
export const SIZEOF_nlattr = 4;
export const nlattr_nla_len = 0; // __u16, with the header
export const nlattr_nla_type = 2; // __u16
export const NLA_TYPE_MASK = 0x3fff;

// linux/rtnetlink.h
export const RTMGRP_LINK = 0x1;
export const RTNLGRP_LINK = 1; // The same group by its number
export const RTMGRP_NEIGH = 0x4;
export const RTMGRP_IPV4_ROUTE = 0x40;
export const RTMGRP_IPV6_ROUTE = 0x400;
export const RTM_NEWLINK = 16;
export const RTM_DELLINK = 17;
export const RTM_GETLINK = 18;
export const RTM_NEWROUTE = 24;
export const RTM_DELROUTE = 25;
export const RTM_GETROUTE = 26;
export const RTM_NEWNEIGH = 28;
export const RTM_DELNEIGH = 29;
export const RTM_GETNEIGH = 30;
export const RTM_GETNEIGHTBL = 66;
export const RTEXT_FILTER_SKIP_STATS = 0x8;

// linux/neighbour.h: struct ndmsg
export const SIZEOF_ndmsg = 12;
export const ndmsg_ndm_family = 0; // __u8
export const ndmsg_ndm_ifindex = 4; // __s32
export const ndmsg_ndm_state = 8; // __u16
export const ndmsg_ndm_flags = 10; // __u8
export const ndmsg_ndm_type = 11; // __u8

export const NDA_DST = 1;
export const NDA_LLADDR = 2;
export const NDA_CACHEINFO = 3;
export const NDA_IFINDEX = 8;
export const NDA_PROTOCOL = 12;
export const NDA_FLAGS_EXT = 15;

export const NTF_USE = 0x01;
export const NTF_PROXY = 0x08;
export const NTF_EXT_LEARNED = 0x10;
export const NTF_OFFLOADED = 0x20;
export const NTF_ROUTER = 0x80;
export const NTF_EXT_MANAGED = 0x1;
export const NTF_EXT_EXT_VALIDATED = 0x4;

export const NUD_NONE = 0x00;
export const NUD_INCOMPLETE = 0x01;
export const NUD_REACHABLE = 0x02;
export const NUD_STALE = 0x04;
export const NUD_DELAY = 0x08;
export const NUD_PROBE = 0x10;
export const NUD_FAILED = 0x20;
export const NUD_NOARP = 0x40;
export const NUD_PERMANENT = 0x80;

// linux/neighbour.h: struct nda_cacheinfo
export const SIZEOF_nda_cacheinfo = 16;
export const nda_cacheinfo_ndm_confirmed = 0; // __u32, in ticks of USER_HZ
export const nda_cacheinfo_ndm_updated = 8; // __u32, in ticks of USER_HZ

/** `USER_HZ` is 100 on x86_64 and aarch64, whatever the kernel's own HZ. */
export const MILLISECONDS_PER_TICK = 10;

// linux/neighbour.h: struct ndtmsg
export const SIZEOF_ndtmsg = 4;
export const ndtmsg_ndtm_family = 0; // __u8

export const NDTA_THRESH1 = 2;
export const NDTA_THRESH2 = 3;
export const NDTA_THRESH3 = 4;
export const NDTA_CONFIG = 5;

// linux/neighbour.h: struct ndt_config
export const SIZEOF_ndt_config = 32;
export const ndt_config_ndtc_entries = 4; // __u32

// linux/rtnetlink.h: struct rtmsg
export const SIZEOF_rtmsg = 12;
export const rtmsg_rtm_family = 0; // unsigned char
export const rtmsg_rtm_dst_len = 1; // unsigned char
export const rtmsg_rtm_src_len = 2; // unsigned char
export const rtmsg_rtm_table = 4; // unsigned char
export const rtmsg_rtm_type = 7; // unsigned char
export const rtmsg_rtm_flags = 8; // unsigned

export const RT_TABLE_MAIN = 254;
export const RTN_UNICAST = 1;
export const RTNH_F_DEAD = 0x1;
export const RTA_OIF = 4;
export const RTA_GATEWAY = 5;
export const RTA_PRIORITY = 6;
export const RTA_MULTIPATH = 9;
export const RTA_VIA = 18;

// linux/rtnetlink.h: struct rtnexthop
export const SIZEOF_rtnexthop = 8;
export const rtnexthop_rtnh_len = 0; // unsigned short
export const rtnexthop_rtnh_flags = 2; // unsigned char
export const rtnexthop_rtnh_ifindex = 4; // int

// linux/rtnetlink.h: struct rtvia
export const SIZEOF_rtvia = 2;

// linux/netdevice.h
export const MAX_ADDR_LEN = 32;

// linux/rtnetlink.h: struct ifinfomsg
export const SIZEOF_ifinfomsg = 16;
export const ifinfomsg_ifi_family = 0; // unsigned char
export const ifinfomsg_ifi_type = 2; // unsigned short, ARPHRD_*
export const ifinfomsg_ifi_index = 4; // int
export const ifinfomsg_ifi_flags = 8; // unsigned, IFF_*

// linux/if_link.h
export const IFLA_ADDRESS = 1;
export const IFLA_BROADCAST = 2;
export const IFLA_IFNAME = 3;
export const IFLA_EXT_MASK = 29;
export const IFLA_PROP_LIST = 52;
export const IFLA_ALT_IFNAME = 53;

// linux/sockios.h
export const SIOCGIFNAME = 0x8910;
export const SIOCGIFINDEX = 0x8933;

// linux/if.h: struct ifreq
export const SIZEOF_ifreq = 40;
export const ifreq_ifr_name = 0; // char[IFNAMSIZ]
export const ifreq_ifr_ifindex = 16; // int

// linux/if.h
export const IFNAMSIZ = 16;
export const ALTIFNAMSIZ = 128;
export const IFF_UP = 0x1;
export const IFF_LOOPBACK = 0x8;
export const IFF_POINTOPOINT = 0x10;
export const IFF_RUNNING = 0x40;

// linux/if_arp.h
export const ARPHRD_ETHER = 1;
export const ARPHRD_INFINIBAND = 32;
export const ARPHRD_PPP = 512;
export const ARPHRD_TUNNEL = 768;
export const ARPHRD_TUNNEL6 = 769;
export const ARPHRD_LOOPBACK = 772;
export const ARPHRD_SIT = 776;
export const ARPHRD_IPGRE = 778;
export const ARPHRD_IEEE80211 = 801;
export const ARPHRD_IEEE80211_RADIOTAP = 803;
export const ARPHRD_IP6GRE = 823;
export const ARPHRD_NONE = 0xfffe;

/** `NLMSG_ALIGN` and `NLA_ALIGN`: both round up to four. */
export function align(length: number): number {
  return (length + 3) & ~3;
}
