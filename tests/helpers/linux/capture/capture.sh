# Sets up what capture.ts wants to see. Run inside a namespace of its own;
# $1 is the compiled capture.c.
set -eu
c=$1
index() { ip -o link show dev "$1" | cut -d: -f1; }
ip link set lo up
ip link add va index 100 type veth peer name vb index 101
ip link set va address 02:fc:00:00:00:01
ip addr add 192.0.2.1/24 dev va
ip addr add 2001:db8::1/64 dev va nodad
unshare -n sleep 30 &
far=$!
sleep 0.2
ip link set vb netns $far
nsenter -t $far -n sh -c 'ip link set vb address 02:fc:00:00:00:02
  ip addr add 192.0.2.2/24 dev vb; ip link set vb up'
ip link set va up
"$c" requests
# NAME FAMILY HEX: the row with that address, under that name
one() { "$c" neighbors "$2" | grep "$3" | sed "s/^TYPE_28/$1/"; }
ip neigh add 192.0.2.7 lladdr 02:fc:00:00:00:05 dev va protocol static
one IPV4_PERMANENT_PROTOCOL 2 c0000207
ip neigh add 2001:db8::7 lladdr 02:fc:00:00:00:06 dev va nud stale router
one IPV6_STALE_ROUTER 10 20010db8000000000000000000000007
ip neigh add 192.0.2.8 lladdr 02:fc:00:00:00:08 dev va nud noarp extern_learn
one IPV4_NOARP_EXTERN_LEARN 2 c0000208
ip neigh add 192.0.2.2 dev va managed
sleep 0.2
one IPV4_REACHABLE_MANAGED 2 c0000202
ip neigh add 192.0.2.99 dev va use nud none
one IPV4_INCOMPLETE 2 c0000263
sleep 3.5
one IPV4_FAILED 2 c0000263
ip neigh add proxy 192.0.2.77 dev va
one IPV4_PROXY proxy c000024d
for kind in 825:EUI64:02fc0000000000ff 769:SIXTEEN:000102030405060708090a0b0c0d0e0f; do
  type=${kind%%:*}; rest=${kind#*:}; name=${rest%%:*}; hex=${rest#*:}
  "$c" type "t$type" "$type"
  ip link set "t$type" up
  ip neigh add 198.51.100.7 lladdr "$(echo "$hex" | sed 's/../&:/g; s/:$//')" dev "t$type"
  one "IPV4_$name" 2 c6336407
  ip neigh del 198.51.100.7 dev "t$type"
  "$c" link "$(index "t$type")" | sed "s/^TYPE_16/LINK_$name/"
done
ip tuntap add tun0 mode tun
ip link set tun0 up
# Nothing checks the length where the device has no address of its own
ip neigh add 2001:db8::9 lladdr 02 dev tun0 nud permanent
one IPV6_EMPTY_LLADDR 10 20010db8000000000000000000000009
"$c" link "$(index tun0)" | sed "s/^TYPE_16/LINK_TUN/"
"$c" link "$(index va)" | sed "s/^TYPE_16/LINK_VETH/"
"$c" link 1 | sed "s/^TYPE_16/LINK_LOOPBACK/"
"$c" refused "$(index va)" | sed "s/^TYPE_2/ERROR_WITH_TEXT/"
"$c" plain "$(index va)" | sed "s/^TYPE_2/ERROR_WITH_REQUEST/"
"$c" taken "$(index va)" | sed "s/^TYPE_2/ACKNOWLEDGEMENT/"
"$c" neighbors 2 | tail -n 1 | sed "s/^TYPE_3/DONE/"
# NAME FAMILY: the default route, which is the only one with this metric
route() { "$c" routes "$2" | grep 06004d000000 | sed "s/^TYPE_24/$1/"; }
ip route add default via 192.0.2.2 dev va metric 77
route ROUTE_IPV4_GATEWAY 2
ip -4 route replace default via inet6 2001:db8::2 dev va metric 77
route ROUTE_IPV4_VIA_IPV6 2
ip route replace default metric 77 nexthop via 192.0.2.2 dev va nexthop dev tun0
route ROUTE_IPV4_MULTIPATH 2
ip -6 route add default via fe80::2 dev va metric 77
route ROUTE_IPV6_GATEWAY 10
"$c" routes 2 | grep c0000200 | head -n 1 | sed "s/^TYPE_24/ROUTE_IPV4_SUBNET/"
"$c" tables | grep 6172705f6361636865 | head -n 1 | sed "s/^TYPE_64/TABLE_IPV4/"
"$c" tables | grep 6e646973635f6361636865 | head -n 1 | sed "s/^TYPE_64/TABLE_IPV6/"
"$c" tables | grep 6172705f6361636865 | tail -n 1 | sed "s/^TYPE_64/TABLE_OF_INTERFACE/"
kill $far
