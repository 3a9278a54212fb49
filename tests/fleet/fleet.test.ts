import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  type Fleet,
  fleetTest,
  hostsWith,
  parseRecap,
  type Played,
} from "../helpers/fleet/fleet.ts";
import { EXAMPLE, type Host } from "../helpers/fleet/host.ts";

// The pins of examples/ansible: of the group, and of host1.example alone
const GATEWAY = '192.0.2.1 02:fc:00:00:00:01 ["PERMANENT"]';
const OF_HOST1 = '2001:db8::7 02:fc:00:00:00:07 ["PERMANENT"]';

function pinsOf({ name }: Host): string[] {
  return name === "host1.example" ? [GATEWAY, OF_HOST1] : [GATEWAY];
}

function neighborsOf(host: Host): string[] {
  return host.neighbors().map((line) =>
    line.replace(/ (\w+)$/, (_, state) => ` ["${state}"]`)
  );
}

/** Sets the pins of every host by `ip`. */
function pinAll({ hosts }: Fleet): void {
  for (const host of hosts) {
    for (const line of pinsOf(host)) {
      const [address, linkLayer] = line.split(" ");
      host.pin(`${address} lladdr ${linkLayer} nud permanent`);
    }
  }
}

function assertAllPinned({ hosts }: Fleet, except: readonly string[] = []) {
  for (const host of hosts) {
    if (except.includes(host.name)) continue;
    assertEquals(neighborsOf(host), pinsOf(host), host.name);
  }
}

function assertDone(played: Played): void {
  assertEquals(played.code, 0, played.output);
}

function names({ hosts }: Fleet): string[] {
  return hosts.map(({ name }) => name).sort();
}

fleetTest(
  "check: every host would change, and nothing is done or left behind",
  (fleet) => {
    const before = fleet.hosts.map((host) => host.written());
    const played = fleet.play("check", "--check", "--diff");
    assertDone(played);
    assertEquals(hostsWith(played, "changed"), names(fleet));
    assertStringIncludes(
      played.output,
      "+192.0.2.1 02:fc:00:00:00:01 lan0 permanent",
    );
    for (const [position, host] of fleet.hosts.entries()) {
      assertEquals(neighborsOf(host), [], host.name);
      assertEquals(host.written(), before[position], host.name);
    }
  },
);

fleetTest("apply: every host changes; again: none", (fleet) => {
  const first = fleet.play("apply", "--diff");
  assertDone(first);
  assertEquals(hostsWith(first, "changed"), names(fleet));
  assertAllPinned(fleet);
  assertStringIncludes(
    first.output,
    "+2001:db8::7 02:fc:00:00:00:07 lan0 permanent",
  );
  const again = fleet.play("apply again");
  assertDone(again);
  assertEquals(hostsWith(again, "changed"), []);
  const check = fleet.play("check again", "--check");
  assertDone(check);
  assertEquals(hostsWith(check, "changed"), []);
});

fleetTest("drift on three hosts: exactly these change", (fleet) => {
  pinAll(fleet);
  const [, second, third, , , , , eighth] = fleet.hosts;
  second!.pin("192.0.2.1 lladdr 02:ee:00:00:00:01 nud permanent");
  third!.ip("neigh del 192.0.2.1 dev lan0");
  eighth!.pin("192.0.2.1 lladdr 02:fc:00:00:00:01 nud stale");
  const drifted = [second!.name, third!.name, eighth!.name].sort();
  const check = fleet.play("drift, check", "--check", "--diff");
  assertEquals(hostsWith(check, "changed"), drifted);
  assertStringIncludes(
    check.output,
    "-192.0.2.1 02:ee:00:00:00:01 lan0 permanent",
  );
  const played = fleet.play("drift");
  assertDone(played);
  assertEquals(hostsWith(played, "changed"), drifted);
  assertAllPinned(fleet);
});

fleetTest("one host refuses: it alone fails, and is as it was", (fleet) => {
  const host = fleet.hosts[3]!;
  host.pin("192.0.2.1 lladdr 02:ee:00:00:00:01 nud permanent");
  host.pin("192.0.2.9 lladdr 02:ee:00:00:00:09 nud permanent");
  const before = neighborsOf(host);
  // The kernel refuses IPv6 there, after the IPv4 pin was changed
  host.run("sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/lan0/disable_ipv6");
  try {
    const played = fleet.withVariables(
      { [host.name]: HOST_PINS },
      () => fleet.play("one host refuses"),
    );
    assertEquals(played.code, 2, played.output);
    assertEquals(hostsWith(played, "failed"), [host.name]);
    assertEquals(neighborsOf(host), before);
    // The variable that the refused pin is of, and the kernel's own words
    assertStringIncludes(played.output, "neighbor_pins_host[0]: ");
    assertStringIncludes(played.output, "IPv6 is disabled on this device");
    assertEquals(
      hostsWith(played, "changed"),
      names(fleet).filter((name) => name !== host.name),
    );
    assertAllPinned(fleet, [host.name]);
  } finally {
    host.run("sh", "-c", "echo 0 > /proc/sys/net/ipv6/conf/lan0/disable_ipv6");
    host.ip("addr add 2001:db8::10/64 dev lan0 nodad");
  }
});

const HOST_PINS = `neighbor_pins_host:
  - address: "2001:db8::7"
    linkLayerAddress: "02-fc-00-00-00-07"
    interfaceAlias: lan0
`;

fleetTest("one host is down: the others are done", (fleet) => {
  const host = fleet.hosts[4]!;
  host.ip("link set eth0 down");
  try {
    const played = fleet.play("one host down", "-T", "30");
    assertEquals(played.code, 4, played.output);
    assertEquals(hostsWith(played, "unreachable"), [host.name]);
    assertEquals(
      hostsWith(played, "changed"),
      names(fleet).filter((name) => name !== host.name),
    );
    assertEquals(neighborsOf(host), []);
    assertAllPinned(fleet, [host.name]);
  } finally {
    host.ip("link set eth0 up");
  }
});

fleetTest("prune removes the permanent entries that are no pins", (fleet) => {
  pinAll(fleet);
  const host = fleet.hosts[5]!;
  host.pin("192.0.2.9 lladdr 02:ee:00:00:00:09 nud permanent");
  // Longer than the plays take: the kernel collects a stale entry after that
  const stale = "/proc/sys/net/ipv4/neigh/lan0/gc_stale_time";
  host.run("sh", "-c", `echo 3600 > ${stale}`);
  host.pin("192.0.2.10 lladdr 02:ee:00:00:00:0a nud stale");
  const kept = fleet.play("not pruned");
  assertDone(kept);
  assertEquals(hostsWith(kept, "changed"), []);
  const played = fleet.play("prune", "--diff", "-e", "neighbor_prune=true");
  assertDone(played);
  assertEquals(hostsWith(played, "changed"), [host.name]);
  assertStringIncludes(
    played.output,
    "-192.0.2.9 02:ee:00:00:00:09 lan0 permanent",
  );
  assertEquals(neighborsOf(host), [
    GATEWAY,
    '192.0.2.10 02:ee:00:00:00:0a ["STALE"]',
  ]);
});

fleetTest(
  "pull mode: a host applies its own pins from a repository",
  (fleet) => {
    const [host, other] = [fleet.hosts[0]!, fleet.hosts[1]!];
    const repository = "/srv/pins";
    host.enter("cp", "-r", EXAMPLE, repository);
    host.enter("sh", "-ec", COMMIT, "commit", repository);
    const pull = () =>
      parseRecap(host.enter(
        ...["ansible-pull", "-U", repository, "-d", "/var/lib/pins"],
        ...["-i", "inventory.yml", "--limit", host.name, "-c", "local"],
        "site.yml",
      ));
    assertEquals(pull().get(host.name)?.changed, 1);
    assertEquals(neighborsOf(host), pinsOf(host));
    assertEquals(pull().get(host.name)?.changed, 0);
    assertEquals(neighborsOf(other), []);
  },
);

const COMMIT = `cd "$1"
git init -q
git add .
git -c user.name=test -c user.email=test@example.com commit -qm pins
`;

fleetTest(
  "prune by owner removes only the entries that have its protocol",
  (fleet) => {
    const own = ["-e", "neighbor_protocol=44"];
    const first = fleet.play("apply with an owner", "--diff", ...own);
    assertDone(first);
    assertEquals(hostsWith(first, "changed"), names(fleet));
    assertStringIncludes(
      first.output,
      "+192.0.2.1 02:fc:00:00:00:01 lan0 permanent proto 44",
    );
    const host = fleet.hosts[5]!;
    host.pin("192.0.2.9 lladdr 02:ee:00:00:00:09 nud permanent proto 44");
    host.pin("192.0.2.11 lladdr 02:ee:00:00:00:0b nud permanent proto 45");
    host.pin("192.0.2.12 lladdr 02:ee:00:00:00:0c nud permanent");
    const prune = ["-e", "neighbor_prune=true"];
    const played = fleet.play("prune by owner", "--diff", ...own, ...prune);
    assertDone(played);
    assertEquals(hostsWith(played, "changed"), [host.name]);
    assertStringIncludes(
      played.output,
      "-192.0.2.9 02:ee:00:00:00:09 lan0 permanent proto 44",
    );
    assertEquals(neighborsOf(host), [
      GATEWAY,
      '192.0.2.11 02:ee:00:00:00:0b ["PERMANENT"]',
      '192.0.2.12 02:ee:00:00:00:0c ["PERMANENT"]',
    ]);
  },
);

fleetTest("a host that contradicts its group is refused", (fleet) => {
  const [contrary, agreeing, owner] = fleet.hosts.slice(5) as Host[];
  const pin = (octet: string, more = "") =>
    `neighbor_pins_host:\n  - address: "192.0.2.1"\n` +
    `    linkLayerAddress: "02fc.0000.00${octet}"\n    interfaceAlias: lan0\n` +
    more;
  fleet.withVariables({
    [contrary!.name]: pin("99"),
    [owner!.name]: pin("01", "    protocol: 44\n"),
    // The same entry in another spelling is no contradiction
    [agreeing!.name]: pin("01", "    comment: the same\n"),
  }, (limit) => {
    const played = fleet.play("contradiction", ...limit);
    assertEquals(
      hostsWith(played, "failed"),
      [contrary!.name, owner!.name].sort(),
    );
    const output = played.output.replaceAll('\\"', '"');
    assertStringIncludes(
      output,
      'is "02fc.0000.0001" {"protocol": 44} in neighbor_pins_host[0] and ' +
        '"02-fc-00-00-00-01" in neighbor_pins_rack1[0]',
    );
    assertStringIncludes(
      output,
      'Contradictory pins: 192.0.2.1 on lan0 is "02fc.0000.0099" in ' +
        'neighbor_pins_host[0] and "02-fc-00-00-00-01" in neighbor_pins_rack1[0]',
    );
    assertEquals(neighborsOf(contrary!), []);
    assertEquals(neighborsOf(agreeing!), [GATEWAY]);
  });
});

const MISTAKES = [
  ["neighbor_pins_host: none\n", "neighbor_pins_host is not a list of pins"],
  ["neighbor_pins_host: [5]\n", "neighbor_pins_host[0] is not a pin: 5"],
  [
    // Without quotes YAML reads such an address as a number of base 60
    "neighbor_pins_host:\n  - address: 192.0.2.3\n" +
    "    linkLayerAddress: 12:34:56:12:34:56\n    interfaceAlias: lan0\n",
    "neighbor_pins_host[0]: ",
  ],
  ["neighbor_prune: perhaps\n", "neighbor_prune"],
  ["neighbor_command: /nonexistent/neighbor\n", "/nonexistent/neighbor"],
] as const;

fleetTest("a mistake in a variable is refused, and named", (fleet) => {
  const hosts = fleet.hosts.slice(2, 2 + MISTAKES.length);
  const files = hosts.map(({ name }, n) => [name, MISTAKES[n]![0]]);
  fleet.withVariables(Object.fromEntries(files), (limit) => {
    const played = fleet.play("mistakes", "--check", ...limit);
    assertEquals(
      hostsWith(played, "failed"),
      hosts.map(({ name }) => name).sort(),
    );
    for (const [n, { name }] of hosts.entries()) {
      const line = played.output.split("\n").find((line) =>
        line.startsWith(`fatal: [${name}]`)
      );
      assertStringIncludes(line ?? played.output, MISTAKES[n]![1]);
    }
    assert(!played.output.includes("Traceback"), played.output);
  });
});
