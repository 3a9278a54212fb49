/**
 * A guest of QEMU: it boots a kernel, runs one script and ends.
 *
 * @module
 */

import { emptyFolder } from "../wine/tools.ts";
import { SHARES } from "./initramfs.ts";
import type { Processor } from "./kernels.ts";

/** What a guest consists of: paths of this computer. */
export interface Guest {
  readonly processor: Processor;
  readonly image: string;
  readonly initramfs: string;
  /** The folder that the guest sees as its root. */
  readonly root: string;
  readonly checkout: string;
  /** Emptied; the script and what it leaves, and `console` with its messages. */
  readonly out: string;
  /** More arguments for QEMU, such as a network card. */
  readonly devices?: readonly string[];
}

/**
 * Boots a guest and runs the script in it. Returns the exit code of the script,
 * or a sentence on why there is none, such as that it took too long. What the
 * script prints is in `out/log`.
 */
export async function runInGuest(
  guest: Guest,
  script: string,
  minutes: number,
): Promise<number | string> {
  const { out, processor } = guest;
  await emptyFolder(out);
  await Deno.writeTextFile(`${out}/script`, script);
  const folders = { root: guest.root, checkout: guest.checkout, out };
  const shares = SHARES.flatMap((tag) => [
    "-fsdev",
    `local,id=${tag},path=${folders[tag]},security_model=none,` +
    `multidevs=remap${tag === "out" ? "" : ",readonly=on"}`,
    "-device",
    `virtio-9p-pci,fsdev=${tag},mount_tag=${tag}`,
  ]);
  // setpriv: a guest ends with this process, however that ends
  const child = new Deno.Command("setpriv", {
    args: [
      ...["--pdeathsig", "KILL", processor.qemu[0]],
      ...processor.board,
      // KVM would be faster, and need not be there
      ...["-accel", "tcg,thread=multi", "-smp", "2", "-m", "3072"],
      ...["-nodefaults", "-no-reboot", "-nographic", "-nic", "none"],
      ...guest.devices ?? [],
      ...["-serial", `file:${out}/console`],
      ...["-kernel", guest.image, "-initrd", guest.initramfs],
      "-append",
      `console=${processor.console} quiet panic=-1 mitigations=off ` +
      // The names that the kernel gives, whatever the board
      "net.ifnames=0",
      ...["-device", "virtio-rng-pci", ...shares],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill("SIGKILL");
  }, minutes * 60_000);
  const { stderr } = await child.output();
  clearTimeout(timer);
  if (isLate) return `it had not ended after ${minutes} minutes`;
  const code = await Deno.readTextFile(`${out}/code`).catch(() => undefined);
  if (code !== undefined) return Number(code);
  const told = await Deno.readTextFile(`${out}/console`).catch(() => "");
  const words = new TextDecoder().decode(stderr) + told.slice(-2000);
  return `it ended before its script:\n${words}`;
}
