/**
 * What `deno task test:boot` expects of the files that the guest leaves.
 *
 * @module
 */

import { destinationOf, framesOf, requestOf } from "./frames.ts";

const LINK_LAYER = ["02:fc:00:00:00:01", "02:fc:00:00:00:02"] as const;

/** The guest's pins file. */
export const PINS = [
  {
    address: "192.0.2.1",
    linkLayerAddress: LINK_LAYER[0],
    interfaceAlias: "eth0",
  },
  {
    address: "2001:db8::1",
    linkLayerAddress: LINK_LAYER[1],
    interfaceAlias: "eth0",
  },
] as const;
/** Their addresses as {@linkcode requestOf} writes them. */
const ASKED = ["c0000201", "20010db8000000000000000000000001"];

/** A check; without a failure it passed. */
export interface Check {
  readonly name: string;
  readonly failure?: string;
}

/** What of the pins the rows of `ip neigh` lack, in words. */
export function missing(rows: string): string | undefined {
  const lacking = PINS.filter(({ address, linkLayerAddress }) =>
    !rows.split("\n").some((row) =>
      row.startsWith(`${address} dev eth0 lladdr ${linkLayerAddress} `) &&
      row.includes("PERMANENT")
    )
  );
  if (lacking.length === 0) return undefined;
  const words = lacking.map(({ address }) => address).join(", ");
  return `no permanent row of ${words} in:\n${rows}`;
}

/** What is wrong with the frames, in words. */
export function badFrames(file: Uint8Array): string | undefined {
  const frames = framesOf(file);
  const asked = frames.map(requestOf).filter((one) => ASKED.includes(one!));
  if (asked.length > 0) return `there were requests for ${asked.join(", ")}`;
  for (const [at, address] of ASKED.entries()) {
    const to = frames.map(destinationOf)
      .filter((one) => one?.address === address)
      .map((one) => one!.linkLayer);
    const wanted = LINK_LAYER[at]!.replaceAll(":", "");
    if (to.length === 0) return `no packet was sent to ${address}`;
    if (to.some((one) => one !== wanted)) {
      return `packets to ${address} went to ${to.join(", ")}`;
    }
  }
  return undefined;
}

/** Reads what the guest has left in a folder. */
export async function check(out: string): Promise<Check[]> {
  const read = (name: string) =>
    Deno.readTextFile(`${out}/${name}`).catch((error) => `${error}`);
  const checks: Check[] = [];
  const add = (name: string, failure: string | undefined) =>
    checks.push(failure === undefined ? { name } : { name, failure });
  const says = (text: string, ...parts: string[]) =>
    parts.every((part) => text.includes(part)) ? undefined : text;
  const [journal, events] = [await read("journal"), await read("events")];

  add(
    "the pins stood before systemd-networkd was started",
    missing(await read("before")),
  );
  add("they stood at network-online.target", missing(await read("online")));
  add(
    "the packets went to the pinned addresses, and nobody was asked",
    badFrames(await Deno.readFile(`${out}/frames`)),
  );
  add(
    "the unit runs since its first start",
    says(await read("unit"), "ActiveState=active\n", "NRestarts=0\n"),
  );
  add(
    "systemd-analyze verify has nothing to say",
    await read("verify") === "code 0\n" ? undefined : await read("verify"),
  );
  const cycles = journal.split("\n").filter((line) =>
    line.includes("ordering cycle")
  );
  add(
    "no unit was left out to break a cycle",
    journal.includes("systemd") && cycles.length === 0
      ? undefined
      : cycles.join("\n") || journal,
  );
  const later = events.split("\n").slice(Number(await read("events-before")));
  add(
    "systemd-networkd removed them as it was started again",
    says(
      later.join("\n"),
      ...PINS.map(({ address }) => `Deleted ${address} dev eth0`),
    ),
  );
  add("the guard restored them", missing(await read("restarted")));
  const repaired = [...journal.matchAll(/"type":"repaired"/g)].length;
  add(
    "the journal has each repair",
    repaired >= PINS.length ? undefined : journal,
  );
  add(
    "a stop ends the unit without a failure",
    says(await read("stopped"), "Result=success\n", "ActiveState=inactive\n"),
  );
  add("a stop leaves the entries", missing(await read("left")));
  add(
    "a mistake in the file ends the unit for good",
    says(
      await read("mistaken"),
      ...["ActiveState=failed\n", "ExecMainStatus=2\n", "NRestarts=0\n"],
    ),
  );
  add("it changes no entry", missing(await read("mistaken-rows")));
  return checks;
}
