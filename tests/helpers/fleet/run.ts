/**
 * Runs the tests of tests/fleet: N hosts that Ansible reaches by SSH, each a
 * network namespace with an sshd and a file system of its own.
 *
 *   deno task test:fleet [N]
 *
 * Everything runs in a process namespace that ends with this process, so that a
 * failure and Ctrl-C leave no sshd, no mount and no network device behind.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { works } from "../linux/namespace.ts";

/** Set by this file: the number of hosts, and only inside the namespaces. */
export const HOSTS = "NEIGHBOR_FLEET_HOSTS";
/** Set by this file: an empty folder, to mount a tmpfs on. */
export const MOUNT_POINT = "NEIGHBOR_FLEET_FOLDER";

const FOLDER = fileURLToPath(new URL("../../fleet", import.meta.url));
const TOOLS = [
  ["ansible-playbook", "ansible-core", "--version"],
  ["/usr/sbin/sshd", "openssh-server", "-t -f /dev/null"],
  ["ssh", "openssh-client", "-V"],
  ["ip", "iproute2", "-V"],
  ["git", "git", "--version"],
  ["unshare", "util-linux", "--version"],
] as const;
const OPTIONS = ["-m", "-n", "-p", "-f", "--kill-child", "--mount-proc"];

function refuse(message: string): never {
  console.error(message);
  Deno.exit(1);
}

function countOf(words: readonly string[]): number {
  const [word = "8", ...others] = words;
  const count = Number(word);
  if (others.length > 0 || !/^[0-9]+$/.test(word) || count < 8 || count > 250) {
    refuse(`"${words.join(" ")}" is no number of hosts from 8 to 250`);
  }
  return count;
}

async function main(): Promise<number> {
  const count = countOf(Deno.args);
  if (Deno.build.os !== "linux") refuse("The fleet needs Linux");
  if (Deno.uid() !== 0) {
    refuse("The fleet needs root, for the mounts and the sshd of each host");
  }
  const missing = TOOLS.filter(([program, , words]) =>
    !isThere(program) || (program !== "/usr/sbin/sshd" &&
      !works(program, ...words.split(" ")))
  ).map(([, debian]) => debian);
  if (missing.length > 0) refuse(`First: apt-get install ${missing.join(" ")}`);
  if (!works("unshare", ...OPTIONS, "true")) {
    refuse(`unshare ${OPTIONS.join(" ")} is not allowed here`);
  }
  const folder = await Deno.makeTempDir({ prefix: "neighbor-fleet-" });
  try {
    const child = new Deno.Command("unshare", {
      args: [...OPTIONS, Deno.execPath(), "test", "-A", FOLDER],
      env: {
        [HOSTS]: `${count}`,
        [MOUNT_POINT]: folder,
        DENO_NO_UPDATE_CHECK: "1",
      },
      stdin: "null",
    }).spawn();
    // With unshare everything in its process namespace ends
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      Deno.addSignalListener(signal, () => child.kill("SIGKILL"));
    }
    return (await child.status).code;
  } finally {
    // Empty here: the tmpfs was mounted in another mount namespace
    await Deno.remove(folder);
  }
}

function isThere(program: string): boolean {
  if (!program.startsWith("/")) return true;
  try {
    return Deno.statSync(program).isFile;
  } catch {
    return false;
  }
}

if (import.meta.main) Deno.exit(await main());
