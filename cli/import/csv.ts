/**
 * CSV with a header that names its columns: a spreadsheet, or what
 * `Get-NetNeighbor | Export-Csv` writes.
 *
 * @module
 */

import { quote } from "../../ffi/types/error.ts";
import { type CsvRecord, csvRecords } from "./csv_records.ts";
import { type Format, isBlank } from "./format.ts";
import { type Item, readRow, refused, skipped, STATES } from "./item.ts";

/** What a column is. */
type Role = "address" | "linkLayer" | "alias" | "index" | "state" | "comment";

/** The names of the columns, in lower case without blanks and punctuation. */
const COLUMNS: Readonly<Record<Role, readonly string[]>> = {
  address: [
    ...["ip", "address", "ipaddress", "ipaddr", "ipv4", "ipv6", "inet", "dst"],
    ...["ipv4address", "ipv6address", "internetaddress"],
  ],
  linkLayer: [
    ...["mac", "macaddress", "macaddr", "lladdr", "linklayeraddress"],
    ...["linklayer", "hwaddress", "hwaddr", "hardwareaddress", "ether"],
    ...["physicaladdress", "ethernetaddress"],
  ],
  alias: [
    ...["interface", "interfacealias", "interfacename", "dev", "device"],
    ...["iface", "ifname", "netif", "nic"],
  ],
  index: ["ifindex", "interfaceindex"],
  state: ["state"],
  comment: ["comment", "comments", "description", "note", "notes"],
};

/** Each delimiter, with its name. */
const DELIMITERS = { ",": "commas", ";": "semicolons", "\t": "tabs" } as const;

/** The columns that are read. */
interface Header {
  /** The position of each. */
  readonly columns: ReadonlyMap<Role, number>;
  /** The number of cells that a record has. */
  readonly width: number;
}

export const csv: Format = {
  *read(text) {
    const delimiter = delimiterOf(text);
    let header: Header | undefined;
    for (const record of csvRecords(text, delimiter)) {
      const { line, cells, mistake } = record;
      // Spreadsheets write an empty row as delimiters
      if (mistake === undefined && cells.every(isBlank)) continue;
      if (mistake !== undefined) {
        yield refused(line, mistake);
      } else if (header !== undefined) {
        yield readRecord(record, header);
      } else if (/^sep=/i.test(cells[0]!)) {
        yield skipped(line, "heading"); // For Excel
      } else {
        const read = headerOf(cells);
        if (typeof read === "string") {
          // Without a header no line can be read
          yield refused(line, read);
          return;
        }
        header = read;
        yield skipped(line, "heading");
      }
    }
  },
};

/** The delimiter that the header is split into the most columns by. */
function delimiterOf(text: string): string {
  let best = ",";
  let most = 0;
  for (const delimiter of Object.keys(DELIMITERS)) {
    for (const { cells } of csvRecords(text, delimiter)) {
      if (/^sep=/i.test(cells[0] ?? "") || cells.every(isBlank)) continue;
      const known = cells.filter((name) => roleOf(name) !== undefined).length;
      if (known > most) [best, most] = [delimiter, known];
      break;
    }
  }
  return best;
}

function roleOf(name: string): Role | undefined {
  const word = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const roles = Object.keys(COLUMNS) as Role[];
  return roles.find((role) => COLUMNS[role].includes(word));
}

/** The columns of a header, or its mistake. */
function headerOf(cells: readonly string[]): Header | string {
  const columns = new Map<Role, number>();
  for (const [at, name] of cells.entries()) {
    const role = roleOf(name);
    if (role === undefined) continue;
    const other = columns.get(role);
    if (other === undefined) columns.set(role, at);
    // Get-NetNeighbor writes the index twice
    else if (role !== "index") {
      return `The columns ${quote(cells[other]!)} and ${quote(name)} of the ` +
        "header mean the same: rename one";
    }
  }
  if (columns.has("address") && columns.has("linkLayer")) {
    return { columns, width: cells.length };
  }
  const separators = Object.values(DELIMITERS).join(", ");
  return "It is no header of CSV: it takes a column such as ip or address, " +
    `and one such as mac or lladdr, separated by ${separators}`;
}

function readRecord(
  { line, cells }: CsvRecord,
  { columns, width }: Header,
): Item {
  if (cells.length !== width) {
    const message = `The record has ${cells.length} cells, the header ${width}`;
    return refused(line, message);
  }
  const cell = (role: Role) => {
    const at = columns.get(role);
    return at === undefined ? "" : cells[at]!.trim();
  };
  const [address, linkLayer, alias] = [
    ...[cell("address"), cell("linkLayer"), cell("alias")],
  ];
  if (address === "") {
    return skipped(line, "noAddress", quote(cells.join(",")));
  }
  const index = cell("index");
  if (index !== "" && !/^[0-9]{1,10}$/.test(index)) {
    return refused(line, `${quote(index)} is no index of an interface`);
  }
  return readRow({
    ...{ line, address: address!, comment: cell("comment") },
    linkLayerAddress: linkLayer || undefined,
    // Other words are of a column that means something else
    state: STATES.get(cell("state").toLowerCase()) ?? "configured",
    names: {
      ...(alias && { interfaceAlias: alias }),
      ...(index !== "" && { interfaceIndex: Number(index) }),
    },
  });
}
