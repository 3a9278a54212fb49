/**
 * Prepares what guests need, below `build/kernels/`: kernels, the root and Deno
 * of another processor, and the modules that Deno loads. Once made they are
 * kept: remove the folder for newer ones.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { places } from "../wine/places.ts";
import { emptyFolder, hash, run } from "../wine/tools.ts";
import type { Guest } from "./guest.ts";
import { INITRAMFS, writeInitramfs } from "./initramfs.ts";
import { type Kernel, type Processor, X86_64 } from "./kernels.ts";
import { Packages } from "./packages.ts";
import { Unavailable } from "./unavailable.ts";

const { checkout } = places;
const BUILD = `${checkout}/build/kernels`;
/** Deno's cache: transpiled modules, which no processor differs in. */
export const DENO_DIR = `${BUILD}/deno-dir`;

const IMAGE = "vmlinuz";

/** Programs, and Debian's packages of them. */
const PROGRAMS: readonly (readonly [program: string, debian: string])[] = [
  ["apt-get", "apt"],
  ["dpkg-deb", "dpkg"],
  ["tar", "tar"],
  ["cpio", "cpio"],
  ["depmod", "kmod"],
  ["modprobe", "kmod"],
  ["xz", "xz-utils"],
  ["gzip", "gzip"],
  ["setpriv", "util-linux"],
];

/** What the live tests run, in the root of another processor. */
const ROOT_PACKAGES = [
  ...["iproute2", "util-linux", "coreutils", "dash", "grep", "libc-bin"],
  ...["libgcc-s1", "procps", "sed"],
];

function exists(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}

/** Throws {@linkcode Unavailable} where this computer lacks a program. */
export async function checkHere({ processor }: Kernel): Promise<void> {
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    throw new Unavailable("the guests are made on x86_64 Linux");
  }
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  // Not on the path of a plain user: depmod and modprobe
  for (const folder of ["/usr/sbin", "/sbin"]) {
    if (!folders.includes(folder)) folders.push(folder);
  }
  Deno.env.set("PATH", folders.join(":"));
  for (const [program, debian] of [processor.qemu, ...PROGRAMS]) {
    const found = await Promise.all(
      folders.map((folder) => exists(`${folder}/${program}`)),
    );
    if (found.includes(true)) continue;
    throw new Unavailable(
      `${program} is not installed: as root: apt-get install ${debian}`,
    );
  }
}

/** Waits until no other run of this checkout uses `build/kernels/`. */
export async function waitForTurn(): Promise<Deno.FsFile> {
  await Deno.mkdir(BUILD, { recursive: true });
  const file = await Deno.open(`${BUILD}/lock`, { create: true, write: true });
  await file.lock(true);
  return file;
}

/**
 * Makes what is missing for a kernel; `say` is told of what takes long. With the
 * packages of a `system` the guest's root is made of those.
 */
export async function prepare(
  kernel: Kernel,
  say: (text: string) => void,
  system?: readonly string[],
): Promise<Guest & { readonly deno: string }> {
  const { name, processor } = kernel;
  const folder = `${BUILD}/${name}`;
  let packages: Packages | undefined;
  const open = async () => (packages ??= await Packages.of(
    kernel,
    `${folder}/apt`,
  ));
  const boot = `${folder}/boot`;
  const source = fileURLToPath(new URL("./initramfs.ts", import.meta.url));
  await once(boot, async () => {
    say(`downloading ${kernel.image} of ${kernel.suite}`);
    const from = await open();
    const names = await from.closure(
      kernel.image,
      /^linux-(image|binary|modules|base)-\d/,
    );
    // Of some hundred MB only an image and some modules are kept
    const unpacked = `${folder}/unpacked`;
    await emptyFolder(unpacked);
    await from.unpack([...names, "busybox-static"], unpacked);
    const release = await only(`${unpacked}/lib/modules`);
    // Newer packages have the image beside the modules
    const beside = `${unpacked}/lib/modules/${release}/vmlinuz`;
    const image = await exists(beside)
      ? beside
      : `${unpacked}/boot/vmlinuz-${release}`;
    await Deno.rename(image, `${boot}/${IMAGE}`);
    await writeInitramfs(unpacked, release, checkout, boot);
    await Deno.remove(unpacked, { recursive: true });
  }, await hash([checkout], [source]));
  const isForeign = processor !== X86_64;
  const wanted = system ?? (isForeign ? ROOT_PACKAGES : undefined);
  const root = wanted === undefined
    ? "/"
    : `${folder}/${system === undefined ? "root" : "system"}`;
  if (wanted !== undefined) {
    await once(root, async () => {
      say(`downloading a Debian ${kernel.suite} for ${processor.machine}`);
      await (await open()).unpackWhole(wanted, root);
    }, wanted.join(" "));
  }
  // Its lists and packages are some hundred MB too
  if (packages !== undefined) {
    await Deno.remove(`${folder}/apt`, { recursive: true });
  }
  return {
    processor,
    image: `${boot}/${IMAGE}`,
    initramfs: `${boot}/${INITRAMFS}`,
    root,
    checkout,
    out: `${folder}/out`,
    deno: isForeign ? await denoOf(processor) : Deno.execPath(),
  };
}

/**
 * Fills a folder, unless that was done from the same inputs. What was broken off
 * is begun anew.
 */
async function once(
  folder: string,
  fill: () => Promise<void>,
  inputs = "",
): Promise<void> {
  const stamp = `${folder}.made`;
  const made = await Deno.readTextFile(stamp).catch(() => undefined);
  if (made === inputs) return;
  await emptyFolder(folder);
  await fill();
  await Deno.writeTextFile(stamp, inputs);
}

/** The one name in a folder. */
async function only(folder: string): Promise<string> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  if (names.length === 1) return names[0]!;
  throw new Error(`${folder} has ${names.join(", ") || "nothing"}`);
}

/** The Deno of another processor, of the version of this one. */
async function denoOf({ deno, machine }: Processor): Promise<string> {
  const { deno: version } = Deno.version;
  const folder = `${BUILD}/deno-${version}-${machine}`;
  await once(folder, async () => {
    const packed = await run("npm", [
      ...["pack", `${deno}@${version}`, "--silent"],
      ...["--cache", `${folder}/npm-cache`],
    ], { cwd: folder }).catch((error) => {
      throw new Unavailable(error.message);
    });
    const tarball = `${folder}/${packed.trim().split("\n").at(-1)}`;
    await run("tar", [
      ...["-x", "-z", "-f", tarball, "-C", folder],
      ...["--strip-components=1", "package/deno"],
    ]);
    await Deno.remove(tarball);
    await Deno.remove(`${folder}/npm-cache`, { recursive: true });
  });
  return `${folder}/deno`;
}

/** Transpiles modules here, where it costs a tenth. */
export async function fillDenoDir(modules: readonly string[]): Promise<void> {
  await Deno.mkdir(DENO_DIR, { recursive: true });
  await run(Deno.execPath(), ["cache", "--no-check", ...modules], {
    cwd: checkout,
    env: { DENO_DIR, DENO_NO_UPDATE_CHECK: "1" },
  });
}
