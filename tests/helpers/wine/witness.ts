/** For tests inside deno.exe under Wine: the truth about the neighbor table, asked of Linux and not of Wine. */

/** Address of the session's witness; empty where there is none. */
const witness: string = Deno.env.get("NEIGHBOR_WITNESS") ?? "";

/** Whether this is deno.exe in a session of the Wine harness. */
export const underWine: boolean = Deno.build.os === "windows" && witness !== "";

/** Path of a deno.exe that has a planted iphlpapi.dll beside it; empty outside the harness. */
export const decoyDeno: string = Deno.env.get("NEIGHBOR_DECOY_DENO") ?? "";

/** What `ip` answered. */
export interface IpAnswer {
  /** Its exit code. */
  code: number;
  /** Its output. */
  stdout: string;
  /** Its complaints. */
  stderr: string;
}

/** Runs `ip` with these arguments in the session's network and answers what it said, also when it failed. */
export async function tryIp(...args: string[]): Promise<IpAnswer> {
  if (!underWine) {
    throw new Error("There is no witness here: ask `underWine` first");
  }
  const response = await fetch(`${witness}/ip`, {
    method: "POST",
    body: JSON.stringify(args),
  });
  if (!response.ok) {
    throw new Error(
      `The witness answered ${response.status}: ${await response.text()}`,
    );
  }
  return await response.json();
}

/** The same, answering its output; throws when `ip` failed. */
export async function ip(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await tryIp(...args);
  if (code !== 0) {
    throw new Error(
      `ip ${args.join(" ")} failed with ${code}: ${stderr.trim()}`,
    );
  }
  return stdout;
}

/** A row of `ip -j neigh show`. */
export interface KernelNeighbor {
  /** IP address. */
  dst: string;
  /** Interface. */
  dev: string;
  /** Link-layer address, when known. */
  lladdr?: string;
  /** States, upper case: `["PERMANENT"]`. */
  state: string[];
}

/** The kernel's own rows, all states; `filter` is what `ip neigh show` takes: `"dev", "Ethernet"`. */
export async function kernelNeighbors(
  ...filter: string[]
): Promise<KernelNeighbor[]> {
  const output = await ip("-j", "neigh", "show", "nud", "all", ...filter);
  return output.trim() === "" ? [] : JSON.parse(output);
}

/** The kernel's index of an interface, which is Windows' as well. */
export async function kernelIndex(name: string): Promise<number> {
  const [link] = JSON.parse(await ip("-j", "link", "show", "dev", name));
  return link.ifindex;
}

/** Removes every row that a test may have left, whatever its state. */
export async function clearKernel(): Promise<void> {
  for (const { dst, dev } of await kernelNeighbors()) {
    await tryIp("neigh", "del", dst, "dev", dev);
  }
}
