#!/bin/sh
# Makes the samples that Debian's own tools print. Run it in a namespace:
#   unshare -rn sh tests/cli/import/samples/samples.sh
set -e
cd "$(dirname "$0")"
ip link set lo up
ip link add eth0 type veth peer name eth1
ip link set eth0 address 02:fc:00:00:00:01 up; ip link set eth1 up
ip addr add 192.0.2.10/24 dev eth0
ip addr add 2001:db8::10/64 dev eth0 nodad
r() { ip neigh add "$@"; }
r 192.0.2.1 lladdr 02:fc:00:00:00:05 dev eth0 nud permanent
r 192.0.2.2 lladdr 02:fc:00:00:00:06 dev eth0 nud stale
r 192.0.2.3 lladdr 02:fc:00:00:00:07 dev eth0 nud reachable
r 192.0.2.4 lladdr 02:fc:00:00:00:08 dev eth0 nud permanent protocol static
r 192.0.2.5 lladdr 02:fc:00:00:00:09 dev eth0 nud stale extern_learn
r 192.0.2.8 dev eth0 nud failed
r 192.0.2.9 dev eth0 nud incomplete
r 192.0.2.255 lladdr ff:ff:ff:ff:ff:ff dev eth0 nud permanent
r 224.0.0.1 lladdr 01:00:5e:00:00:01 dev eth0 nud noarp
r 2001:db8::1 lladdr 02:fc:00:00:00:05 dev eth0 nud permanent
r fe80::1 lladdr 02:fc:00:00:00:05 dev eth0 nud permanent router
r proxy 192.0.2.40 dev eth0
ip neigh show nud all > ip.txt
ip -s neigh > ip_statistics.txt
ip neigh show proxy > ip_proxy.txt
ip neigh show dev eth0 > ip_dev.txt
ip -c=always neigh > ip_color.txt
ip -br neigh > ip_brief.txt
ip -br neigh show dev eth0 > ip_brief_dev.txt
ip -c=always -br neigh > ip_brief_color.txt
ip -N -d -o -s -s neigh > ip_options.txt
ip -j neigh > ip_json.txt
ip -j -br neigh > ip_json_brief.txt
ip -j -p neigh > ip_json_pretty.txt
ip -j neigh show dev eth0 > ip_json_dev.txt
busybox ip neigh > ip_busybox.txt
cat /proc/net/arp > proc.txt
arp -an > arp_an.txt
arp -a > arp_a.txt
arp -n > arp_n.txt
arp -ev > arp_ev.txt
busybox arp -an > arp_busybox.txt
