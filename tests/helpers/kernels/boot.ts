/**
 * `deno task test:boot [NAME] [BINARY]`: boots systemd and systemd-networkd of a
 * Debian in QEMU with `examples/neighbor.service`, and checks what the pins are
 * at each step. The command is the bundle with `deno`, or a compiled binary.
 *
 * Ends with 0 where every check passed, 1 where one failed, and 69
 * (EX_UNAVAILABLE) where no guest could be booted.
 *
 * @module
 */

import { bundle, EX_UNAVAILABLE, GRANTS } from "../../../.ci/bundle.ts";
import { places } from "../wine/places.ts";
import { emptyFolder } from "../wine/tools.ts";
import { checkHere, prepare, waitForTurn } from "./build.ts";
import { type Check, check, PINS } from "./boot_checks.ts";
import { runInGuest } from "./guest.ts";
import { chosen, KERNELS } from "./kernels.ts";
import { Unavailable } from "./unavailable.ts";

/** What a computer with systemd consists of, less what only its users need. */
const PACKAGES = [
  ...["systemd", "udev", "base-files", "bash", "coreutils", "dash", "grep"],
  ...["sed", "iproute2", "util-linux", "mount", "libc-bin", "libgcc-s1"],
];

const FILES = `${places.checkout}/build/kernels/boot-files`;

const NETWORK = `[Match]
Name=eth0
[Network]
Address=192.0.2.9/24
Address=2001:db8::9/64
IPv6AcceptRA=no
`;

/** The emulated processor is slow: see run.ts for V8's. */
const DROP_IN = `[Service]
TimeoutStartSec=600
Environment=DENO_V8_FLAGS=--jitless
`;

const BEFORE = `[Unit]
DefaultDependencies=no
After=network-pre.target neighbor.service
Before=systemd-networkd.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'ip neigh show nud permanent >/out/before'
`;

const EVENTS = `[Unit]
DefaultDependencies=no
After=before.service
Before=systemd-networkd.service
[Service]
ExecStart=/bin/sh -c 'exec ip monitor neigh >/out/events'
`;

const CHECK = `[Unit]
Wants=network-online.target
After=network-online.target neighbor.service
[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart=/bin/bash /out/check
StandardOutput=file:/out/log
StandardError=inherit
`;

/** What the guest does once it is online; each step leaves a file in `/out`. */
const STEPS = `
rows() { ip neigh show nud permanent; }
both() { [ "$(rows | grep -c -e '^192.0.2.1 ' -e '^2001:db8::1 ')" = 2 ]; }
until_both() { for i in $(seq 300); do both && return; sleep 0.2; done; }
rows >/out/online
# The packets go where the entries say, or the kernel asks first
until_both
for host in 192.0.2.1 2001:db8::1; do echo >/dev/udp/$host/9; done
systemctl show neighbor >/out/unit
systemd-analyze verify neighbor.service >/out/verify 2>&1
echo "code $?" >>/out/verify
wc -l </out/events >/out/events-before
systemctl restart systemd-networkd
/lib/systemd/systemd-networkd-wait-online --timeout=300
until_both
sleep 2
rows >/out/restarted
systemctl stop neighbor
systemctl show neighbor >/out/stopped
rows >/out/left
echo '[{' >/etc/neighbor/pins.json
systemctl start neighbor
for i in $(seq 300); do systemctl is-failed --quiet neighbor && break; sleep 0.2; done
# Longer than RestartSec=
sleep 7
systemctl show neighbor >/out/mistaken
rows >/out/mistaken-rows
journalctl --no-pager --output=short-monotonic >/out/journal
echo 0 >/out/code
sync
systemctl poweroff --force --force
`;

/** The script before systemd starts: it lays out the files of the guest. */
const SCRIPT = `set -e
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
cp -r '${FILES}/.' /
cp '${places.checkout}/examples/neighbor.service' /etc/systemd/system/
# Else it would be a first boot, which enables every unit
echo 0123456789abcdef0123456789abcdef >/etc/machine-id
cd /etc/systemd/system
want() { mkdir -p $1.wants; ln -s $2 $1.wants/; }
want multi-user.target /etc/systemd/system/neighbor.service
want multi-user.target /etc/systemd/system/check.service
want multi-user.target /lib/systemd/system/systemd-networkd.service
want systemd-networkd.service /etc/systemd/system/before.service
want systemd-networkd.service /etc/systemd/system/events.service
want network-online.target /lib/systemd/system/systemd-networkd-wait-online.service
ln -s /lib/systemd/system/multi-user.target default.target
# No console: a getty would wait for it
ln -s /dev/null serial-getty@.service
: >/out/boot
cat >/out/check <<'END'
${STEPS}END
`;

/** Writes the files that the guest has beside Debian's. */
async function layOut(deno: string, binary: string | undefined): Promise<void> {
  await emptyFolder(FILES);
  const write = async (path: string, text: string, mode = 0o644) => {
    const whole = `${FILES}/${path}`;
    await Deno.mkdir(whole.slice(0, whole.lastIndexOf("/")), {
      recursive: true,
    });
    await Deno.writeTextFile(whole, text, { mode });
  };
  const units = "etc/systemd/system";
  await write("etc/systemd/network/eth0.network", NETWORK);
  await write(`${units}/neighbor.service.d/slow.conf`, DROP_IN);
  await write(`${units}/before.service`, BEFORE);
  await write(`${units}/events.service`, EVENTS);
  await write(`${units}/check.service`, CHECK);
  await write("etc/neighbor/pins.json", JSON.stringify(PINS), 0o600);
  const bin = `${FILES}/usr/local/bin`;
  await Deno.mkdir(bin, { recursive: true });
  if (binary !== undefined) return Deno.copyFile(binary, `${bin}/neighbor`);
  await Deno.copyFile(deno, `${bin}/deno`);
  const folder = "usr/local/lib/neighbor";
  const made = await bundle(`${FILES}/${folder}`, false);
  if (made.code !== 0) throw new Unavailable(made.message);
  await write(
    "usr/local/bin/neighbor",
    `#!/bin/sh
exec /usr/local/bin/deno run --no-config --no-remote --no-npm ${
      GRANTS.join(" ")
    } /${folder}/cli.js "$@"
`,
    0o755,
  );
}

function say(text: string): void {
  console.error(`boot: ${text}`);
}

async function main(words: readonly string[]): Promise<number> {
  const binary = words.find((word) => word.includes("/"));
  const names = words.filter((word) => word !== binary);
  const [kernel] = names.length === 0 ? KERNELS : chosen(names);
  await checkHere(kernel!);
  using _ = await waitForTurn();
  const guest = await prepare(kernel!, say, PACKAGES);
  await layOut(guest.deno, binary);
  say(`booting ${kernel!.name}`);
  const { out } = guest;
  const devices = [
    // A network from which nothing gets out: what is sent is recorded
    ...["-netdev", "user,id=net,restrict=on"],
    ...["-device", "virtio-net-pci,netdev=net,mac=02:fc:00:00:00:09"],
    ...["-object", `filter-dump,id=dump,netdev=net,file=${out}/frames`],
  ];
  const start = performance.now();
  const code = await runInGuest({ ...guest, devices }, SCRIPT, 30);
  const seconds = Math.round((performance.now() - start) / 1000);
  const checks: Check[] = code === 0
    ? await check(out)
    : [{ name: "the guest ends its checks", failure: `${code}` }];
  for (const { name, failure } of checks) {
    console.log(failure === undefined ? `ok: ${name}` : `FAILED: ${name}`);
    if (failure !== undefined) console.log(failure);
  }
  const failed = checks.filter(({ failure }) => failure !== undefined).length;
  console.log(
    `Boot of ${kernel!.name} in ${seconds} s: ${
      checks.length - failed
    } passed | ${failed} failed`,
  );
  return failed === 0 ? 0 : 1;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    if (error instanceof RangeError) {
      console.error(error.message);
      Deno.exit(2);
    }
    if (!(error instanceof Unavailable)) throw error;
    console.log(`SKIPPED: boot: ${error.message}`);
    Deno.exit(EX_UNAVAILABLE);
  }
}
