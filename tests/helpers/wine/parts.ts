/**
 * Obtains what is not ours: Wine 8 from Debian 12's packages and deno.exe from npm. Neither is installed; both are
 * unpacked into `build/wine/`, and no step needs root.
 */
import { createHash } from "node:crypto";
import { places } from "./places.ts";
import { emptyFolder, HarnessError, hash, once, run, say } from "./tools.ts";

/** Wine itself, its loader, and the two libraries it needs that a plain Debian does not have. */
const packages = ["libwine", "wine64", "libz-mingw-w64", "libunwind8"];

/** The newest deno.exe on npm, pinned by what the registry published for it. */
const denoExe = {
  name: "@deno/win32-x64",
  version: "2.9.5",
  integrity:
    "sha512-LkcERsH0olOgevg9L9eootSr1U8ydyfnX1bS3mFqU+lGBeTYtlec5b/QF473WUOGVgPlWECrkxi4As5kEaFOzg==",
} as const;

/** The version of deno.exe that the tests run on. */
export const denoVersion: string = denoExe.version;

/** Makes `build/wine/wine` and `build/wine/deno` when they are missing; returns a hash that names what is in them. */
export async function obtainParts(): Promise<string> {
  const source = await Deno.readTextFile(new URL(import.meta.url));
  const inputs = await hash([source]);
  // One after the other: both are limited by the line, and progress stays readable.
  await once("wine", inputs, obtainWine);
  await once("deno.exe", inputs, obtainDenoExe);
  return inputs;
}

async function obtainWine(): Promise<void> {
  const debs = `${places.build}/debs`;
  await emptyFolder(debs);
  await emptyFolder(places.wine);
  say(
    `downloading ${
      packages.join(", ")
    } (100 MB; needs an up-to-date "apt-get update")`,
  );
  await run("apt-get", ["download", "--quiet", ...packages], { cwd: debs });
  for await (const { name } of Deno.readDir(debs)) {
    if (name.startsWith("libwine_") && !name.startsWith("libwine_8.")) {
      throw new HarnessError(
        `Found ${name}: the harness is made for Debian 12's Wine 8, other versions are untried`,
      );
    }
    await unpack(`${debs}/${name}`);
  }
  await Deno.remove(debs, { recursive: true });

  await adoptZlib();
  // Debian's is a script that wants /usr/lib/wine and a persistence of 0; the harness ends its server itself.
  await Deno.remove(`${places.wine}/usr/lib/wine/wineserver`);
  await Deno.symlink("wineserver64", `${places.wine}/usr/lib/wine/wineserver`);

  say("stripping Wine's DLLs (711 MB to 133 MB)");
  await strip(`${places.wine}/usr/lib/x86_64-linux-gnu/wine/x86_64-windows`);
}

async function unpack(deb: string): Promise<void> {
  const tar = `${deb}.tar`;
  await Deno.writeTextFile(tar, "");
  const file = await Deno.open(tar, { write: true });
  const unpacking = new Deno.Command("dpkg-deb", {
    args: ["--fsys-tarfile", deb],
    stdout: "piped",
  }).spawn();
  await unpacking.stdout.pipeTo(file.writable);
  if (!(await unpacking.status).success) {
    throw new HarnessError(`dpkg-deb cannot unpack ${deb}`);
  }
  await run("tar", [
    "-x",
    "-f",
    tar,
    "-C",
    places.wine,
    "--no-same-owner",
    "--exclude=./usr/share/doc",
  ]);
  await Deno.remove(tar);
}

/** The step of libwine's postinst: Wine takes a DLL for one of its own by a signature in the DOS stub. */
async function adoptZlib(): Promise<void> {
  const zlib = await Deno.readFile(
    `${places.wine}/usr/x86_64-w64-mingw32/lib/zlib1.dll`,
  );
  const signature = new Uint8Array(32);
  new TextEncoder().encodeInto("Wine builtin DLL", signature);
  zlib.set(signature, 64);
  await Deno.writeFile(
    `${places.wine}/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/zlib1.dll`,
    zlib,
  );
}

async function strip(folder: string): Promise<void> {
  const files: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    // Type libraries and message styles are no PE images that strip could read.
    if (/\.(dll|exe|drv|sys|cpl|ocx|acm|ax|ds)$/.test(name)) {
      files.push(`${folder}/${name}`);
    }
  }
  const half = files.length >> 1;
  await Promise.all(
    [files.slice(0, half), files.slice(half)].map((some) =>
      run("x86_64-w64-mingw32-strip", ["-s", ...some])
    ),
  );
}

async function obtainDenoExe(): Promise<void> {
  const { name, version, integrity } = denoExe;
  await emptyFolder(places.deno);
  say(`downloading ${name}@${version} (42 MB)`);
  // npm's cache goes into the folder too: nothing is left elsewhere.
  const packed = await run("npm", [
    "pack",
    `${name}@${version}`,
    "--silent",
    "--cache",
    `${places.deno}/npm-cache`,
  ], {
    cwd: places.deno,
  });
  const tarball = `${places.deno}/${packed.trim().split("\n").at(-1)}`;
  const found = `sha512-${
    createHash("sha512").update(await Deno.readFile(tarball)).digest("base64")
  }`;
  if (found !== integrity) {
    throw new HarnessError(
      `${name}@${version} is not what was pinned: ${found} instead of ${integrity}`,
    );
  }
  await run("tar", [
    "-x",
    "-z",
    "-f",
    tarball,
    "-C",
    places.deno,
    "--strip-components=1",
    "package/deno.exe",
  ]);
  await Deno.remove(tarball);
  await Deno.remove(`${places.deno}/npm-cache`, { recursive: true });
}
