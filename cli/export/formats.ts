/**
 * The formats of an export other than pins: what each can say, and how. Pure.
 *
 * @module
 */

import { formatAddress } from "../../ffi/parse/address.ts";
import { parseLinkLayerAddress } from "../../ffi/parse/link_layer_address.ts";
import { escapeText } from "../output/text.ts";
import { memo } from "../../ffi/memo.ts";
import type { OPTIONS } from "../usage/options.ts";
import { type ExportEntry, interfaceWords } from "./entry.ts";
import {
  csvCell,
  csvWord,
  ipWord,
  netshWord,
  powershellWord,
  type Quoted,
} from "./quote.ts";

export type FormatName = typeof OPTIONS.to.choices[number];
export type Store = typeof OPTIONS.store.choices[number];

/** A format that has lines for each entry. */
export interface Format {
  /** Whether a line names the interface; else one export is for one interface. */
  readonly namesInterface: boolean;
  /** Whether it can write to the store that outlives a restart. */
  readonly hasStore: boolean;
  /** Why it has no words for an entry; `undefined` where it has. */
  reason(entry: ExportEntry): string | undefined;
  /** The lines before the first entry, with their line ends. */
  head(entries: readonly ExportEntry[]): string;
  /** The lines of an entry that it has words for, with their line ends. */
  lines(entry: ExportEntry, store: Store): string;
}

/** The most octets that `ip neigh` reads of a link-layer address. */
const IP_OCTETS = 20;

/** The word of an alias, and the reason where there is none. */
function namer(quote: (name: string) => Quoted) {
  const quoted = memo(quote);
  return {
    reason({ interfaceAlias, interfaceIndex }: ExportEntry) {
      if (interfaceAlias === null) {
        return interfaceIndex === 0
          ? "names its interface by a LUID: an alias is needed"
          : "names its interface by an index: an alias is needed";
      }
      const { reason } = quoted(interfaceAlias);
      return reason && `is on an interface whose name ${reason}`;
    },
    word({ interfaceAlias }: ExportEntry): string {
      const answer = quoted(interfaceAlias!);
      if (answer.reason === undefined) return answer.word;
      throw new TypeError(answer.reason);
    },
  };
}

/** The octets of a link-layer address in lower case with colons. */
function octets({ linkLayerAddress }: ExportEntry): number {
  return (linkLayerAddress.length + 1) / 3;
}

/** A link-layer address of Windows; all zeroes mean none there. */
function dashed({ linkLayerAddress }: ExportEntry): string {
  return linkLayerAddress.replaceAll(":", "-");
}

function zeroReason({ linkLayerAddress }: ExportEntry): string | undefined {
  if (/[^0:]/.test(linkLayerAddress)) return undefined;
  return "has a link-layer address of zeroes, which means none on Windows";
}

const ip = namer(ipWord);
const netsh = namer(netshWord);
const powershell = namer(powershellWord);
const csv = namer(csvWord);

/** `ip -batch FILE`, of iproute2. */
const IP_BATCH: Format = {
  namesInterface: true,
  hasStore: false,
  reason: (entry) =>
    ip.reason(entry) ??
      (octets(entry) > IP_OCTETS
        ? `has ${octets(entry)} octets, of which ip reads ${IP_OCTETS}`
        : undefined),
  head: () => "",
  lines: (entry) =>
    `neigh replace ${entry.address} lladdr ${entry.linkLayerAddress} ` +
    `dev ${ip.word(entry)} nud permanent` +
    (entry.protocol == null ? "\n" : ` protocol ${entry.protocol}\n`),
};

/**
 * A batch file of cmd that calls netsh. `set` is reported to create an entry
 * that does not exist; `add` fails where one does.
 */
const NETSH: Format = {
  namesInterface: true,
  hasStore: true,
  reason: (entry) => netsh.reason(entry) ?? zeroReason(entry),
  // cmd reads a batch file in the code page of the console
  head: (entries) =>
    entries.every(({ interfaceAlias }) =>
        /^[\x20-\x7e]*$/.test(interfaceAlias!)
      )
      ? ""
      : "@chcp 65001 >nul\r\n",
  lines: (entry, store) =>
    `netsh interface ${entry.family} set neighbors ${netsh.word(entry)} ` +
    `"${entry.address}" "${dashed(entry)}" store=${store}\r\n`,
};

/**
 * A script of PowerShell. New-NetNeighbor refuses an entry that exists, which
 * Set-NetNeighbor then changes. Without -PolicyStore both write to both stores,
 * and no value of -PolicyStore is documented to.
 */
const POWERSHELL: Format = {
  namesInterface: true,
  hasStore: true,
  reason: (entry) => powershell.reason(entry) ?? zeroReason(entry),
  head: () => "",
  lines(entry, store) {
    const what = `-InterfaceAlias ${powershell.word(entry)} ` +
      `-IPAddress '${entry.address}' -LinkLayerAddress '${dashed(entry)}'` +
      (store === "active" ? " -PolicyStore ActiveStore" : "");
    return `try { New-NetNeighbor ${what} -State Permanent -ErrorAction Stop } ` +
      `catch { Set-NetNeighbor ${what} }\n`;
  },
};

/** Sections of a .network file of systemd-networkd. */
const NETWORKD: Format = {
  namesInterface: false,
  hasStore: false,
  reason: (entry) =>
    [4, 6, 16, 20].includes(octets(entry))
      ? undefined
      : `has ${octets(entry)} octets, networkd takes 4, 6, 16 or 20`,
  head: ([first]) =>
    first === undefined ? "" : "# For the .network file of the interface " +
      `${escapeText(interfaceWords(first))}, or for a drop-in of it\n`,
  lines: (entry) =>
    `[Neighbor]\nAddress=${entry.address}\n` +
    `LinkLayerAddress=${networkdAddress(entry)}\n\n`,
};

/** Tunnels have an IP address here, which networkd takes in that form. */
function networkdAddress(entry: ExportEntry): string {
  return [4, 16].includes(octets(entry))
    ? formatAddress(parseLinkLayerAddress(entry.linkLayerAddress))
    : entry.linkLayerAddress;
}

/** /etc/ethers, as `arp -f` reads it. */
const ETHERS: Format = {
  namesInterface: false,
  hasStore: false,
  reason(entry) {
    if (entry.family === "ipv6") return "is IPv6, ethers is for IPv4";
    if (octets(entry) === 6) return undefined;
    return `has ${octets(entry)} octets, ethers takes 6`;
  },
  head: () => "",
  lines: (entry) => `${entry.linkLayerAddress} ${entry.address}\n`,
};

/** CSV with a header, as import reads it. */
const CSV: Format = {
  namesInterface: true,
  hasStore: false,
  reason: (entry) => csv.reason(entry),
  head: () => "address,linkLayerAddress,interface,state,comment\r\n",
  lines(entry) {
    const { address, linkLayerAddress, state, comment } = entry;
    const text = typeof comment === "string" || comment == null
      ? comment ?? ""
      : JSON.stringify(comment);
    const cells = [address, linkLayerAddress, csv.word(entry), state];
    return [...cells, csvCell(text)].join(",") + "\r\n";
  },
};

/** The formats by name. */
export const FORMATS: Readonly<Record<Exclude<FormatName, "pins">, Format>> = {
  "ip-batch": IP_BATCH,
  netsh: NETSH,
  powershell: POWERSHELL,
  networkd: NETWORKD,
  ethers: ETHERS,
  csv: CSV,
};
