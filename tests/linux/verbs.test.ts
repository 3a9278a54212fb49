import { assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import {
  DEVICE,
  ip,
  ipNeighbor,
  networkTest,
} from "../helpers/linux/network.ts";

const FIRST = "02:fc:00:00:00:05";
const SECOND = "02:fc:00:00:00:06";
const V4 = { address: "10.0.0.7", interfaceAlias: DEVICE };
const V6 = { address: "2001:db8::7", interfaceAlias: DEVICE };

function code(call: () => unknown): string {
  return assertThrows(call, NeighborError).code;
}

for (const key of [V4, V6]) {
  const { address } = key;

  networkTest(
    `create() pins ${address}, twice is ALREADY_EXISTS`,
    ({ table }) => {
      table.create({ ...key, linkLayerAddress: FIRST });
      assertEquals(ipNeighbor(address), {
        dst: address,
        lladdr: FIRST,
        state: ["PERMANENT"],
      } as unknown as ReturnType<typeof ipNeighbor>);
      const again = { ...key, linkLayerAddress: SECOND };
      const error = assertThrows(() => table.create(again), NeighborError);
      assertEquals(error.code, "ALREADY_EXISTS");
      assertEquals(error.symbol, "EEXIST");
      assertEquals(error.operation, "RTM_NEWNEIGH");
      assertEquals(error.entry, again);
      assertEquals(ipNeighbor(address)?.lladdr, FIRST);
    },
  );

  networkTest(
    `set() changes ${address}, a missing one is NOT_FOUND`,
    ({ table }) => {
      const entry = { ...key, linkLayerAddress: SECOND };
      assertEquals(code(() => table.set(entry)), "NOT_FOUND");
      assertEquals(ipNeighbor(address), undefined);
      ip(`neigh add ${address} lladdr ${FIRST} dev ${DEVICE} nud stale`);
      table.set(entry);
      assertEquals(ipNeighbor(address)?.lladdr, SECOND);
      assertEquals(ipNeighbor(address)?.state, ["PERMANENT"]);
    },
  );

  networkTest(
    `delete() removes ${address}, a missing one is NOT_FOUND`,
    ({ table }) => {
      assertEquals(code(() => table.delete(key)), "NOT_FOUND");
      ip(`neigh add ${address} lladdr ${FIRST} dev ${DEVICE}`);
      table.delete(key);
      assertEquals(ipNeighbor(address), undefined);
      assertEquals(code(() => table.delete(key)), "NOT_FOUND");
    },
  );

  networkTest(
    `get() reads ${address}, a missing one is undefined`,
    ({ table, index }) => {
      assertEquals(table.get(key), undefined);
      ip(`neigh add ${address} lladdr ${FIRST} dev ${DEVICE} protocol static`);
      assertEquals(table.get({ address, interfaceIndex: index }), {
        address,
        family: key === V4 ? "ipv4" : "ipv6",
        interfaceIndex: index,
        interfaceLuid: null,
        interfaceAlias: DEVICE,
        linkLayerAddress: FIRST,
        state: "permanent",
        isRouter: false,
        isUnreachable: false,
        reachabilityTime: null,
        protocol: 4,
        flags: [],
      });
    },
  );

  networkTest(
    `replace() writes ${address} and returns what it did`,
    ({ table }) => {
      const entry = { ...key, linkLayerAddress: FIRST };
      assertEquals(table.replace(entry), "created");
      assertEquals(table.replace(entry), "unchanged");
      assertEquals(
        table.replace({ ...key, linkLayerAddress: SECOND }),
        "changed",
      );
      ip(`neigh replace ${address} lladdr ${FIRST} dev ${DEVICE} nud stale`);
      assertEquals(table.replace(entry), "changed");
      assertEquals(ipNeighbor(address)?.state, ["PERMANENT"]);
    },
  );

  networkTest(
    `preview() of ${address} reads and writes nothing`,
    ({ table }) => {
      const entry = { ...key, linkLayerAddress: FIRST };
      assertEquals(code(() => table.preview("set", entry)), "NOT_FOUND");
      assertEquals(code(() => table.preview("delete", key)), "NOT_FOUND");
      assertEquals(table.preview("create", entry), {
        operation: "RTM_NEWNEIGH",
        current: undefined,
      });
      assertEquals(ipNeighbor(address), undefined);
      table.create(entry);
      assertEquals(
        code(() => table.preview("create", entry)),
        "ALREADY_EXISTS",
      );
      const row = table.get(key);
      assertEquals(table.preview("delete", key), {
        operation: "RTM_DELNEIGH",
        current: row,
      });
      assertEquals(
        table.preview("set", { ...entry, linkLayerAddress: SECOND }).current,
        row,
      );
      assertEquals(ipNeighbor(address)?.lladdr, FIRST);
    },
  );
}

networkTest("a listed row can be passed to a write", ({ table }) => {
  table.create({ ...V6, linkLayerAddress: FIRST });
  const row = table.get(V6)!;
  if (row.linkLayerAddress === null) throw new Error("no address");
  table.set(JSON.parse(JSON.stringify(row)));
  assertEquals(table.get(row), row);
  table.delete(row);
  assertEquals(ipNeighbor(V6.address), undefined);
});

const STATES = {
  permanent: "PERMANENT",
  noarp: "NOARP",
  stale: "STALE",
  reachable: "REACHABLE",
  delay: "DELAY",
  probe: "PROBE",
  incomplete: "INCOMPLETE",
  failed: "FAILED",
} as const;

for (const [state, name] of Object.entries(STATES)) {
  networkTest(`get() has ip's word for ${name}`, ({ table }) => {
    const { address } = V4;
    if (state === "delay") {
      // Given outright, it would be PROBE at once
      ip(`neigh add ${address} lladdr ${FIRST} dev ${DEVICE} nud stale`);
      ip(`neigh change ${address} dev ${DEVICE} use`);
    } else {
      const lladdr = state === "incomplete" ? "" : `lladdr ${FIRST} `;
      ip(`neigh add ${address} ${lladdr}dev ${DEVICE} nud ${state}`);
    }
    assertEquals(ipNeighbor(address)?.state, [name]);
    const row = table.get(V4);
    assertEquals<string | undefined>(row?.state, state);
    assertEquals(row?.isUnreachable, state === "failed");
    assertEquals(
      row?.reachabilityTime === null,
      ["permanent", "noarp", "incomplete"].includes(state),
    );
  });
}

networkTest(
  "taking the link down flushes permanent entries too",
  ({ table }) => {
    table.create({ ...V4, linkLayerAddress: FIRST });
    ip(`link set ${DEVICE} down`);
    assertEquals(table.get(V4), undefined);
  },
);

networkTest("a closed table throws CLOSED", ({ table }) => {
  table.close();
  table.close();
  const error = assertThrows(() => table.list(), NeighborError);
  assertEquals(error.message, "This neighbor table is closed");
});
