/**
 * A .network file of systemd-networkd: of each section `[Neighbor]` the entry,
 * on the interface that `[Match]` names.
 *
 * @module
 */

import { parseAddress } from "../../ffi/parse/address.ts";
import { formatLinkLayerAddress } from "../../ffi/parse/link_layer_address.ts";
import { quote } from "../../ffi/types/error.ts";
import { type Format, isBlank, linesOf, STRAY_RETURN } from "./format.ts";
import { type Item, readRow, refused, skipped } from "./item.ts";

/** A section: its line, and the last value of each key. */
interface Section {
  readonly name: string;
  readonly line: number;
  readonly values: Map<string, string>;
}

export const networkd: Format = {
  *read(text) {
    const sections: Section[] = [];
    for (const { line, text: one } of linesOf(text)) {
      if (one.includes("\r")) {
        yield refused(line, STRAY_RETURN);
        continue;
      }
      if (isBlank(one) || /^[#;]/.test(one)) continue;
      const name = /^\[([\w .-]+)\]$/.exec(one)?.[1];
      if (name !== undefined) {
        sections.push({ name, line, values: new Map() });
        continue;
      }
      const equals = one.indexOf("=");
      const key = one.slice(0, Math.max(equals, 0)).trimEnd();
      const section = sections.at(-1);
      if (section === undefined || !/^\w+$/.test(key)) {
        yield refused(line, `${quote(one)} is no setting of a section`);
        continue;
      }
      section.values.set(key, one.slice(equals + 1).trim());
    }
    const device = deviceOf(sections);
    for (const section of sections) yield readSection(section, device);
  },
};

/** The one interface that `[Match]` names; patterns and lists name none. */
function deviceOf(sections: readonly Section[]): string | undefined {
  const matches = sections.filter(({ name }) => name === "Match");
  const name = matches.map(({ values }) => values.get("Name")).at(-1);
  return name !== undefined && /^[^\s*?[\]!]+$/.test(name) ? name : undefined;
}

function readSection(
  { name, line, values }: Section,
  device: string | undefined,
): Item {
  if (name === "Match") return skipped(line, "heading");
  if (name !== "Neighbor") {
    return skipped(line, "otherSection", quote(`[${name}]`));
  }
  const address = values.get("Address");
  // MACAddress is the name that systemd had for it before version 243
  const linkLayerAddress = values.get("LinkLayerAddress") ??
    values.get("MACAddress");
  if (address === undefined || linkLayerAddress === undefined) {
    return refused(line, "[Neighbor] takes Address= and LinkLayerAddress=");
  }
  return readRow({
    ...{ line, address, state: "configured" },
    linkLayerAddress: octetsOf(linkLayerAddress),
    ...(device !== undefined && { names: { interfaceAlias: device } }),
  });
}

/**
 * Of a tunnel the link-layer address is an IP address, and written as one.
 * networkd takes no link-layer address of eight octets, which would look like
 * one of IPv6.
 */
function octetsOf(linkLayerAddress: string): string {
  // Six and twenty octets, which most have, are no IP address
  const isOctets = /^\w+([:-]\w+){5}(([:-]\w+){14})?$/.test(linkLayerAddress);
  if (isOctets || linkLayerAddress.includes("%")) return linkLayerAddress;
  try {
    return formatLinkLayerAddress(parseAddress(linkLayerAddress).bytes);
  } catch {
    return linkLayerAddress; // its mistake is told as that of any other
  }
}
