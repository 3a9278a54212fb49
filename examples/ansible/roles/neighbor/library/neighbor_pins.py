#!/usr/bin/python
"""Ansible module: applies pins by the command `neighbor apply`."""

import ipaddress
import json
import re

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: neighbor_pins
short_description: Pinned entries of the IP neighbor table
description:
  - Gives the pins to C(neighbor apply) on its standard input. No file is written.
  - Either all pins are applied, or nothing is changed.
options:
  command:
    description: The path of the installed command.
    type: path
    required: true
  sources:
    description: Lists of pins by the name of the variable they come from.
    type: dict
    required: true
  prune:
    description: Remove permanent entries that are not pins, on interfaces that have pins.
    type: bool
    default: false
  protocol:
    description:
      - The owner of the entries, a number from 1 to 255. With it C(prune) removes
        only entries that have it. Empty for none.
    type: str
    default: ""
"""

DIFFERS = 5  # The exit code of --check where something differs


def address_key(text):
    """The address in one spelling, and its zone."""
    address, _, zone = str(text).partition("%")
    try:
        return str(ipaddress.ip_address(address)), zone
    except ValueError:
        return address, zone  # The command refuses it, and says why


def entry_key(pin):
    """What makes two pins pins of one entry: the address and the interface."""
    address, zone = address_key(pin.get("address"))
    named = [
        pin.get(member)
        for member in ("interfaceAlias", "interfaceLuid", "interfaceIndex")
    ]
    interface = next((name for name in named if name is not None), zone)
    return address, str(interface)


# Octets, or groups of two as Cisco writes them. Others are compared as written
HEXADECIMAL = re.compile(
    "[0-9A-Fa-f]{2}([-:][0-9A-Fa-f]{2})*|[0-9A-Fa-f]{4}(\\.[0-9A-Fa-f]{4})+"
)
NOT_COMPARED = {
    "address",
    "linkLayerAddress",
    "interfaceAlias",
    "interfaceLuid",
    "interfaceIndex",
    "comment",
}


def wanted(pin):
    """What a pin asks for: the link-layer address in one spelling, and the rest."""
    address = str(pin.get("linkLayerAddress"))
    if HEXADECIMAL.fullmatch(address):
        address = re.sub("[-:.]", "", address).lower()
    return address, {name: pin[name] for name in pin if name not in NOT_COMPARED}


def words_of(pin):
    """What a pin asks for, as it is written."""
    rest = wanted(pin)[1]
    text = json.dumps(pin.get("linkLayerAddress"))
    return text if not rest else "%s %s" % (text, json.dumps(rest, sort_keys=True))


def merge(sources):
    """
    The pins of all sources, each with where it comes from, in the order of the
    names of the sources. A pin that two sources agree on counts once; pins that
    contradict each other are returned as conflicts.
    """
    merged, conflicts = {}, []
    for name in sorted(sources):
        pins = sources[name]
        if not isinstance(pins, list):
            raise ValueError("%s is not a list of pins" % name)
        for position, pin in enumerate(pins):
            place = "%s[%d]" % (name, position)
            if not isinstance(pin, dict):
                raise ValueError("%s is not a pin: %s" % (place, json.dumps(pin)))
            key = entry_key(pin)
            first = merged.setdefault(key, (place, pin))
            if wanted(first[1]) != wanted(pin):
                conflicts.append(
                    "%s on %s is %s in %s and %s in %s"
                    % (
                        *key,
                        words_of(first[1]),
                        first[0],
                        words_of(pin),
                        place,
                    )
                )
    return list(merged.values()), conflicts


def printable(value):
    """Text without what could steer a terminal."""
    return str(value).encode("unicode_escape").decode("ascii")


def line_of(entry, protocol=None):
    """A pin or a row as one line of a diff; a pin may have the file's protocol."""
    named = [
        entry.get(member)
        for member in ("interfaceAlias", "interfaceLuid", "interfaceIndex")
    ]
    interface = next((name for name in named if name is not None), "")
    words = [
        entry.get("address"),
        re.sub("[-.]", ":", str(entry.get("linkLayerAddress") or "-")).lower(),
        interface,
        entry.get("state", "permanent"),
    ]
    owner = entry.get("protocol") or protocol
    if owner:
        words += ["proto", owner]
    return " ".join(printable(word) for word in words if word != "") + "\n"


def changes(answer):
    """The rows before and after, by the answer of --check or of an application."""
    if answer["result"] == "check":
        plan = answer["plan"]
        before = [one["current"] for one in plan["change"]] + plan["remove"]
        after = plan["create"] + [one["entry"] for one in plan["change"]]
        return before, after
    before, after = [], []
    for one in answer["entries"]:
        if one["outcome"] in ("changed", "removed"):
            before.append(one["previous"])
        if one["outcome"] in ("created", "changed"):
            after.append(one["entry"])
    return before, after


def explain(error, places):
    """The error of the command, its lines replaced by the variables they are of."""
    def words(one):
        place = places.get(one.get("line"))
        message = printable(one.get("message"))
        return message if place is None else "%s: %s" % (place, message)

    problems = error.get("problems")
    return "; ".join(words(one) for one in problems) if problems else words(error)


def main():
    """Runs the command and reports what it has done, or would do."""
    module = AnsibleModule(
        argument_spec=dict(
            command=dict(type="path", required=True),
            sources=dict(type="dict", required=True),
            prune=dict(type="bool", default=False),
            protocol=dict(type="str", default=""),
        ),
        supports_check_mode=True,
    )
    try:
        pins, conflicts = merge(module.params["sources"])
    except ValueError as error:
        module.fail_json(msg=printable(error))
    if conflicts:
        module.fail_json(msg="Contradictory pins: " + printable("; ".join(conflicts)))

    # One pin a line: the lines in an error of the command lead to the variables
    text = '{"neighbors": [\n%s\n]}\n' % ",\n".join(json.dumps(pin) for _, pin in pins)
    places = {line: place for line, (place, _) in enumerate(pins, start=2)}
    words = [module.params["command"], "apply", "-", "--json"]
    if module.params["prune"]:
        words.append("--prune")
    protocol = module.params["protocol"]
    if protocol:
        words += ["--protocol", protocol]
    if module.check_mode:
        words.append("--check")
    code, out, err = module.run_command(words, data=text, binary_data=False)

    if code not in ((0, DIFFERS) if module.check_mode else (0,)):
        try:
            message = explain(json.loads(err)["error"], places)
        except (ValueError, KeyError, TypeError, AttributeError):
            message = printable(err.strip() or "it ended with %d" % code)
        module.fail_json(msg=message, rc=code)
    try:
        answer = json.loads(out)
        before, after = changes(answer)
    except (ValueError, KeyError, TypeError, AttributeError):
        module.fail_json(msg="No answer of neighbor apply: %s" % printable(out[:200]))
    for warning in answer.get("warnings", []):
        module.warn(explain(warning, places))
    module.exit_json(
        changed=len(before) + len(after) > 0,
        diff={
            "before": "".join(sorted(line_of(one) for one in before)),
            "after": "".join(sorted(line_of(one, protocol) for one in after)),
            "before_header": "neighbor table",
            "after_header": "neighbor table",
        },
    )


if __name__ == "__main__":
    main()
