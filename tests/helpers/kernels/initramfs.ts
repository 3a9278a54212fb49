/**
 * The first root of a guest: busybox, the modules that mount the real one, and
 * the script that does it.
 *
 * @module
 */

import { emptyFolder, run } from "../wine/tools.ts";

/** What the guest mounts its root by, and the network devices of the tests. */
const MODULES = [
  ...["virtio_pci", "virtio_rng", "9pnet_virtio", "9p", "overlay"],
  ...["veth", "bridge", "tun", "virtio_net"],
];

/** The tags of the folders that the guest mounts from this computer. */
export const SHARES = ["root", "checkout", "out"] as const;

/**
 * The guest's init. Its root is a folder of this computer, read-only below a
 * layer in memory. `/out` is the only folder that it can change. The script may
 * leave `/out/boot`: then systemd starts in that root, as on a computer.
 */
const init = (checkout: string) =>
  `#!/bin/busybox sh
b=/bin/busybox
mount9p() { $b mount -t 9p -o "trans=virtio,version=9p2000.L,msize=512000,$1" $2 "$3"; }
$b mkdir -p /proc /sys /dev /lower /layer /new
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs dev /dev
for m in /modules/*.ko; do $b insmod $m || echo "no module $m"; done
mount9p ro,cache=loose root /lower
$b mount -t tmpfs layer /layer
$b mkdir /layer/upper /layer/work
$b mount -t overlay -o lowerdir=/lower,upperdir=/layer/upper,workdir=/layer/work overlay /new
$b mkdir -p /new/proc /new/sys /new/dev /new/out /new/tmp /new/root "/new${checkout}"
$b mount -t proc proc /new/proc
$b mount -t sysfs sysfs /new/sys
$b mount -t devtmpfs dev /new/dev
$b mkdir -p /new/dev/shm /new/dev/pts /dev/net
$b mount -t tmpfs shm /new/dev/shm
$b mount -t devpts devpts /new/dev/pts
mount9p ro,cache=loose checkout "/new${checkout}"
mount9p rw,cache=none out /new/out
$b chroot /new /bin/sh /out/script >/new/out/log 2>&1
code=$?
[ -e /new/out/boot ] && exec $b switch_root /new /lib/systemd/systemd
echo $code >/new/out/code
$b sync
$b poweroff -f
`;

/** The name of the archive in its folder. */
export const INITRAMFS = "initramfs.gz";

/** Writes the archive; `kernel` has the unpacked packages. */
export async function writeInitramfs(
  kernel: string,
  release: string,
  checkout: string,
  into: string,
): Promise<void> {
  const folder = `${into}/files`;
  await emptyFolder(folder);
  await Deno.mkdir(`${folder}/bin`);
  await Deno.mkdir(`${folder}/modules`);
  await Deno.copyFile(`${kernel}/bin/busybox`, `${folder}/bin/busybox`);
  // Its processor may be another: files and folders only, no program is run
  await Deno.writeTextFile(`${folder}/init`, init(checkout), { mode: 0o755 });
  await run("depmod", ["-b", kernel, release]);
  for (const [at, path] of (await modulePaths(kernel, release)).entries()) {
    const name = path.split("/").at(-1)!.replace(/\.ko.*$/, ".ko");
    const to = `${folder}/modules/${`${at}`.padStart(3, "0")}-${name}`;
    await unpackModule(path, to);
  }
  await run("sh", [
    ...["-c", 'cd "$1" && find . | cpio --quiet -o -H newc | gzip -1 >"$2"'],
    ...["sh", folder, `${into}/${INITRAMFS}`],
  ]);
  await Deno.remove(folder, { recursive: true });
}

/** The files to load, each after those that it needs. */
async function modulePaths(kernel: string, release: string): Promise<string[]> {
  const paths = new Set<string>();
  for (const name of MODULES) {
    const text = await run("modprobe", [
      ...["-d", kernel, "-S", release, "--show-depends", name],
    ]);
    for (const [, path] of text.matchAll(/^insmod (\S+)/gm)) paths.add(path!);
  }
  return [...paths];
}

async function unpackModule(from: string, to: string): Promise<void> {
  if (from.endsWith(".ko")) return await Deno.copyFile(from, to);
  const program = from.endsWith(".xz") ? "xz" : "zstd";
  await run("sh", ["-c", `${program} -dc "$1" >"$2"`, "sh", from, to]);
}
