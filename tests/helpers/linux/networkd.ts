/**
 * Runs systemd-networkd on the network of a test, in mounts of its own: it reads
 * the files that the test gives it and configures a device by them.
 *
 * @module
 */

import type { Cause } from "../skipped.ts";

const PROGRAM = "/usr/lib/systemd/systemd-networkd";

/** What is missing; `undefined` where it can run. */
export const NO_NETWORKD: Cause | undefined = isInstalled() ? undefined : {
  missing: "systemd-networkd is not installed",
  remedy: "apt-get install systemd",
};

function isInstalled(): boolean {
  try {
    return Deno.statSync(PROGRAM).isFile;
  } catch {
    return false;
  }
}

/**
 * Where it reads its files, /run is empty. A read-only /sys tells it that there
 * is no udev to wait for. The user it changes to is root in its /etc/passwd,
 * since a user namespace may have no other one.
 */
const SCRIPT = `
set -e
mount -t tmpfs none /run
mount -t sysfs -o ro none /sys
mkdir -p "/run/systemd/network/10-$DEVICE.network.d"
cd /run/systemd/network
printf '[Match]\\nName=%s\\n[Network]\\nLinkLocalAddressing=no\\nKeepConfiguration=yes\\n' \\
  "$DEVICE" > "10-$DEVICE.network"
cat > "10-$DEVICE.network.d/neighbors.conf"
sed '/^systemd-network:/d' /etc/passwd > /run/passwd
echo 'systemd-network:x:0:0::/:/bin/false' >> /run/passwd
mount --bind /run/passwd /etc/passwd
exec ${PROGRAM}
`;

/** A running systemd-networkd. */
export class Networkd implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;

  /** `dropIn` is the text of a drop-in of the device's `.network` file. */
  constructor(device: string, dropIn: string) {
    this.#child = new Deno.Command("unshare", {
      args: ["-m", "sh", "-c", SCRIPT],
      env: { DEVICE: device, SYSTEMD_LOG_TARGET: "console" },
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const writer = this.#child.stdin.getWriter();
    writer.write(new TextEncoder().encode(dropIn)).then(() => writer.close());
  }

  /** Ends it; returns what it has logged. */
  async end(): Promise<string> {
    try {
      this.#child.kill("SIGTERM");
    } catch {
      // It has ended already
    }
    const { stderr } = await this.#child.output();
    return new TextDecoder().decode(stderr);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already
    }
    await this.#child.status;
  }
}
