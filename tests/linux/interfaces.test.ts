import { assertEquals } from "@std/assert";
import { tunMissing } from "../helpers/linux/tap.ts";
import { DEVICE, ip, networkTest, run } from "../helpers/linux/network.ts";

interface IpLink {
  readonly ifname: string;
  readonly ifindex: number;
  readonly flags: readonly string[];
  readonly address?: string;
  readonly altnames?: readonly string[];
}

const LINK_TYPES: Readonly<Record<string, string>> = {
  ether: "ethernet",
  loopback: "loopback",
  none: "tunnel",
};

networkTest("listInterfaces() agrees with ip", ({ table }) => {
  ip("tuntap add tun0 mode tun");
  ip("link add down0 type veth peer name down1");
  ip("link property add dev down0 altname wifi:0 altname uplink");
  try {
    const links: (IpLink & { link_type: string })[] = JSON.parse(
      ip("-j link show"),
    );
    assertEquals(
      table.listInterfaces(),
      links.map((link) => ({
        interfaceAlias: link.ifname,
        interfaceIndex: link.ifindex,
        interfaceLuid: null,
        linkLayerAddress: link.address ?? null,
        type: LINK_TYPES[link.link_type] as "ethernet",
        isUp: link.flags.includes("UP") && !link.flags.includes("NO-CARRIER"),
        altNames: link.altnames ?? [],
      })),
    );
  } finally {
    ip("link del tun0");
    ip("link del down0");
  }
}, tunMissing());

// Fifteen bytes of anything but "/", ":" and white space
const NAMES: Readonly<Record<string, readonly [bytes: string, alias: string]>> =
  {
    "Chinese": ["\\344\\273\\245\\345\\244\\252\\347\\275\\221", "以太网"],
    "a control character": ["e\\033[31mth", "e\x1b[31mth"],
    "no UTF-8 at all": ["eth\\377\\200x", "eth\udcff\udc80x"],
  };

for (const [name, [bytes, alias]] of Object.entries(NAMES)) {
  networkTest(
    `an interface name of ${name} is read, and accepted again`,
    ({ table }) => {
      // Only a shell can pass bytes that are not UTF-8
      run(
        "sh",
        "-c",
        `ip link set ${DEVICE} down; ip link set ${DEVICE} name "$(printf '${bytes}')"`,
      );
      try {
        const found = table.listInterfaces().map((one) => one.interfaceAlias);
        assertEquals(found.includes(alias), true);
        const key = { address: "10.0.0.7", interfaceAlias: alias };
        table.create({ ...key, linkLayerAddress: "02:fc:00:00:00:05" });
        assertEquals(table.get(key)?.interfaceAlias, alias);
      } finally {
        run("sh", "-c", `ip link set "$(printf '${bytes}')" name ${DEVICE}`);
      }
    },
  );
}

networkTest("an alternative name means the interface too", ({ table }) => {
  const long = "the-uplink-of-the-third-rack-on-the-left";
  ip(`link property add dev ${DEVICE} altname ${long} altname short`);
  for (const interfaceAlias of [long, "short"]) {
    const key = { address: "10.0.0.7", interfaceAlias };
    assertEquals(
      table.replace({ ...key, linkLayerAddress: "02:fc:00:00:00:05" }),
      interfaceAlias === long ? "created" : "unchanged",
    );
    assertEquals(table.get(key)?.interfaceAlias, DEVICE);
  }
});

networkTest(
  "an alias is looked up anew for each call",
  ({ table }) => {
    const entry = {
      interfaceAlias: "swap",
      linkLayerAddress: "02:fc:00:00:00:05",
    };
    ip("link add one type veth peer name two");
    try {
      ip("link property add dev one altname swap");
      table.create({ ...entry, address: "10.0.0.7" });
      ip("link property del dev one altname swap");
      ip("link property add dev two altname swap");
      table.create({ ...entry, address: "10.0.0.8" });
      const found = table.list({ state: "permanent", family: "ipv4" });
      assertEquals(
        found.map((row) => `${row.address} ${row.interfaceAlias}`).toSorted(),
        ["10.0.0.7 one", "10.0.0.8 two"],
      );
    } finally {
      ip("link del one");
    }
  },
);
