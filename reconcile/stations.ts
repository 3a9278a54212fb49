/**
 * Finds what a person who looks after a network wants to hear of: a new station,
 * another link-layer address of one, a link-layer address on many IP addresses,
 * and another default gateway. Pure: rows go in, findings come out.
 *
 * @module
 */

import type { DefaultGateway } from "../ffi/backend.ts";
import { isEmptyRow } from "../ffi/row_difference.ts";
import type { AddressFamily, Neighbor } from "../ffi/types/neighbor.ts";
import type { NeighborEvent } from "../ffi/types/watch.ts";
import { groupOf } from "../ffi/parse/group.ts";

/** The interface of a finding. */
interface OnInterface {
  readonly interfaceIndex: number;
  readonly interfaceAlias: string | null;
}

/** What was found. */
export type Finding =
  | OnInterface & {
    /**
     * `new`: the address was not known. `changed`: it has a link-layer address
     * that it did not have before. `flip-flop`: it is back to an earlier one.
     */
    readonly type: "new" | "changed" | "flip-flop";
    readonly family: AddressFamily;
    readonly address: string;
    readonly linkLayerAddress: string;
    /** The link-layer address before; `null` for a new address. */
    readonly previous: string | null;
    /** The address is that of a default gateway. */
    readonly isGateway: boolean;
  }
  | OnInterface & {
    /** One link-layer address is now that of many addresses. */
    readonly type: "shared";
    readonly family: AddressFamily;
    readonly linkLayerAddress: string;
    /** How many, and some of them. */
    readonly count: number;
    readonly addresses: readonly string[];
  }
  | {
    /** Another default gateway. */
    readonly type: "gateway";
    readonly family: AddressFamily;
    readonly gateways: readonly DefaultGateway[];
    readonly previous: readonly DefaultGateway[];
  }
  | {
    /** Stations that were not seen for the longest time are forgotten. */
    readonly type: "full";
    /** How many are remembered. */
    readonly stations: number;
  };

/** The stations that are remembered at least. */
const MOST_STATIONS = 2 ** 18;
/** The earlier link-layer addresses that are remembered of each. */
const MOST_EARLIER = 8;
/** The addresses that a finding names. */
const MOST_NAMED = 8;

/**
 * The number of addresses from which on a link-layer address is told. A host has
 * one IPv4 address, but several IPv6 addresses by design (RFC 8981): one for its
 * link, one for each prefix, and temporary ones.
 */
const LEAST_SHARED = { ipv4: 2, ipv6: 16 } as const;

/** An address on an interface. */
interface Station {
  current: string;
  /** The latest first. */
  earlier: readonly string[];
}

/** The present addresses of one link-layer address, and how many were told. */
interface Sharing {
  readonly addresses: Set<string>;
  told: number;
}

/** Remembers stations, and compares each row with what is known. */
export class Stations {
  #most: number;
  /** Those seen last come last. */
  readonly #stations = new Map<string, Station>();
  readonly #sharing = new Map<string, Sharing>();
  #gateways: readonly DefaultGateway[];
  #gatewayKeys: ReadonlySet<string> = new Set();
  #isFull = false;

  /** `most` is how many stations are remembered at least. */
  constructor(gateways: readonly DefaultGateway[], most = MOST_STATIONS) {
    this.#most = most;
    this.#gateways = gateways;
    this.#gatewayKeys = keysOf(gateways);
  }

  /** How many entries it keeps: stations, and link-layer addresses in use. */
  get size(): number {
    return this.#stations.size + this.#sharing.size;
  }

  /** Takes a row of an earlier table as known, whether it is still there or not. */
  learnEarlier(row: Neighbor): void {
    if (!isStation(row)) return;
    this.#rememberMore(row);
    // Only counted, because the address may be gone by now
    const sharing = this.#sharingOf(row);
    sharing.told = Math.max(sharing.told, sharing.addresses.size) + 1;
  }

  /** Takes a row of the present table as known. */
  learn(row: Neighbor): void {
    if (!isStation(row)) return;
    this.#rememberMore(row);
    const sharing = this.#sharingOf(row);
    sharing.addresses.add(row.address);
    sharing.told = Math.max(sharing.told, sharing.addresses.size);
  }

  /** What an event of a watch brings that was not known. */
  update(event: NeighborEvent): Finding[] {
    const { neighbor, previous } = event;
    const isPresent = neighbor !== null && isStation(neighbor);
    if (previous !== null && isStation(previous)) {
      const isRenamed = isPresent && keyOf(neighbor) !== keyOf(previous);
      if (isRenamed) this.#rename(previous, neighbor);
      const isSame = isPresent && sharingKey(neighbor) === sharingKey(previous);
      if (!isSame) this.#leave(previous);
    }
    return isPresent ? this.#see(neighbor) : [];
  }

  /** What another set of default gateways brings. */
  updateGateways(now: readonly DefaultGateway[]): Finding[] {
    const before = this.#gateways;
    this.#gateways = now;
    this.#gatewayKeys = keysOf(now);
    return (["ipv4", "ipv6"] as const).flatMap((family) => {
      const gateways = now.filter((one) => one.family === family);
      const previous = before.filter((one) => one.family === family);
      const isSame = keysOf(gateways).symmetricDifference(keysOf(previous))
        .size === 0;
      return isSame ? [] : [{ type: "gateway", family, gateways, previous }];
    });
  }

  #see(row: StationRow): Finding[] {
    const { linkLayerAddress } = row;
    const key = keyOf(row);
    const known = this.#stations.get(key);
    const findings: Finding[] = [];
    const type = known === undefined
      ? "new"
      : known.current === linkLayerAddress
      ? undefined
      : known.earlier.includes(linkLayerAddress)
      ? "flip-flop"
      : "changed";
    if (type !== undefined) {
      findings.push({
        type,
        family: row.family,
        address: row.address,
        linkLayerAddress,
        previous: known?.current ?? null,
        isGateway: this.#gatewayKeys.has(gatewayKey(row)),
        interfaceIndex: row.interfaceIndex,
        interfaceAlias: row.interfaceAlias,
      });
    }
    this.#remember(key, linkLayerAddress);
    const shared = this.#share(row);
    if (shared !== undefined) findings.push(shared);
    if (this.#stations.size > this.#most) this.#forget(findings);
    return findings;
  }

  /** Records the link-layer address, as that of the station seen last. */
  #remember(key: string, linkLayerAddress: string): void {
    const known = this.#stations.get(key);
    this.#stations.delete(key);
    if (known === undefined) {
      this.#stations.set(key, { current: linkLayerAddress, earlier: NONE });
      return;
    }
    if (known.current !== linkLayerAddress) {
      const others = known.earlier.filter((one) => one !== linkLayerAddress);
      known.earlier = [known.current, ...others].slice(0, MOST_EARLIER);
      known.current = linkLayerAddress;
    }
    this.#stations.set(key, known);
  }

  /** Remembers a known row; twice as many stations as there are of them fit. */
  #rememberMore(row: StationRow): void {
    this.#remember(keyOf(row), row.linkLayerAddress);
    this.#most = Math.max(this.#most, 2 * this.#stations.size);
  }

  /** Forgets the station that was not seen for the longest time. */
  #forget(findings: Finding[]): void {
    const [oldest] = this.#stations.keys();
    this.#stations.delete(oldest!);
    if (this.#isFull) return;
    this.#isFull = true;
    findings.push({ type: "full", stations: this.#most });
  }

  /** The interface has another name now. */
  #rename(from: StationRow, to: StationRow): void {
    const station = this.#stations.get(keyOf(from));
    if (station === undefined) return;
    this.#stations.delete(keyOf(from));
    this.#stations.set(keyOf(to), station);
    const { told } = this.#sharingOf(from);
    const sharing = this.#sharingOf(to);
    sharing.told = Math.max(sharing.told, told);
  }

  /** Counts an address; tells where the number has doubled since it was told. */
  #share(row: StationRow): Finding | undefined {
    const sharing = this.#sharingOf(row);
    sharing.addresses.add(row.address);
    const count = sharing.addresses.size;
    const { family, linkLayerAddress, interfaceIndex, interfaceAlias } = row;
    if (count < LEAST_SHARED[family] || count < 2 * sharing.told) {
      return undefined;
    }
    sharing.told = count;
    // The newest is the interesting one
    const addresses = [...sharing.addresses].slice(-MOST_NAMED);
    return {
      ...{ type: "shared", family, linkLayerAddress, count, addresses },
      ...{ interfaceIndex, interfaceAlias },
    };
  }

  #sharingOf(row: StationRow): Sharing {
    const key = sharingKey(row);
    const sharing = this.#sharing.get(key) ??
      { addresses: new Set<string>(), told: 0 };
    this.#sharing.set(key, sharing);
    return sharing;
  }

  /** The address is no longer that of the link-layer address. */
  #leave(row: StationRow): void {
    const sharing = this.#sharing.get(sharingKey(row));
    sharing?.addresses.delete(row.address);
    if (sharing?.addresses.size === 0) this.#sharing.delete(sharingKey(row));
  }
}

const NONE: readonly string[] = [];

/** A row that has a link-layer address. */
type StationRow = Neighbor & { readonly linkLayerAddress: string };

/** Whether a row is that of a host, and not of a group or a point-to-point link. */
function isStation(row: Neighbor): row is StationRow {
  return row.linkLayerAddress !== null && !isEmptyRow(row) &&
    !/^00(:00)*$/.test(row.linkLayerAddress) && groupOf(row) === null;
}

/** The name of the interface lasts over a reboot, its index does not. */
function nameOf({ interfaceAlias, interfaceIndex }: OnInterface): string {
  return interfaceAlias ?? `${interfaceIndex}`;
}

// Neither an address nor a link-layer address contains a space
function keyOf(row: Neighbor): string {
  return `${row.address} ${nameOf(row)}`;
}

function sharingKey(row: StationRow): string {
  return `${row.linkLayerAddress} ${row.family} ${nameOf(row)}`;
}

function gatewayKey(
  { address, interfaceIndex }: {
    readonly address: string | null;
    readonly interfaceIndex: number;
  },
): string {
  return `${interfaceIndex} ${address}`;
}

function keysOf(gateways: readonly DefaultGateway[]): Set<string> {
  return new Set(gateways.map(gatewayKey));
}
