"""What Python's ipaddress module says of addresses and subnets: reads a JSON
array of texts a line, answers an array a line, with null for what it refuses."""

import ipaddress
import json
import sys


def address(text):
    try:
        one = ipaddress.ip_address(text)
    except ValueError:
        return None
    scope = getattr(one, "scope_id", None)
    mapped = getattr(one, "ipv4_mapped", None)
    plain = ipaddress.ip_address(one.packed)
    return {
        "octets": list(one.packed),
        "zone": scope,
        "text": "::ffff:" + str(mapped) if mapped else str(plain),
        "isUnspecified": plain.is_unspecified,
        "isLoopback": plain.is_loopback and mapped is None,
        "isMulticast": plain.is_multicast and mapped is None,
    }


def subnet(text):
    try:
        one = ipaddress.ip_network(text)
    except ValueError:
        return None
    return {
        "first": list(one.network_address.packed),
        "last": list(one.broadcast_address.packed),
    }


ask = {"address": address, "subnet": subnet}[sys.argv[1]]
for line in sys.stdin:
    print(json.dumps([ask(text) for text in json.loads(line)]), flush=True)
