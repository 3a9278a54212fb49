/**
 * Debian packages of another release or processor, from the mirror that this
 * computer uses. They come by an apt with a folder of its own and are only
 * unpacked, so that the computer's own packages and lists stay as they are.
 *
 * @module
 */

import { run } from "../wine/tools.ts";
import type { Kernel } from "./kernels.ts";
import { Unavailable } from "./unavailable.ts";

const KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** The mirror of Debian that apt is configured to use. */
async function mirror(): Promise<string> {
  const targets = await run("apt-get", [
    ...["indextargets", "--format", "$(ORIGIN) $(REPO_URI)"],
    "Created-By: Packages",
  ]);
  const uri = /^Debian (\S+)/m.exec(targets)?.[1];
  if (uri === undefined) {
    throw new Unavailable(
      "apt has no lists of Debian here: run apt-get update on a Debian",
    );
  }
  return uri;
}

/** The packages of one suite and processor. */
export class Packages {
  readonly #folder: string;
  readonly #options: readonly string[];

  private constructor(folder: string, options: readonly string[]) {
    this.#folder = folder;
    this.#options = options;
  }

  /** Fetches the list of the packages; `folder` is apt's own. */
  static async of(
    { suite, processor }: Kernel,
    folder: string,
  ): Promise<Packages> {
    const signed = await Deno.stat(KEYS).then(
      () => `[signed-by=${KEYS}] `,
      () => "",
    );
    const source = `deb ${signed}${await mirror()} ${suite} main\n`;
    for (const name of ["state/lists/partial", "cache/archives/partial"]) {
      await Deno.mkdir(`${folder}/${name}`, { recursive: true });
    }
    await Deno.writeTextFile(`${folder}/sources.list`, source);
    // No package is installed, so that each comes with what it depends on
    await Deno.writeTextFile(`${folder}/status`, "");
    const settings = {
      "Dir::Etc::SourceList": `${folder}/sources.list`,
      "Dir::Etc::SourceParts": "/dev/null",
      "Dir::State": `${folder}/state`,
      "Dir::State::status": `${folder}/status`,
      "Dir::Cache": `${folder}/cache`,
      "APT::Architecture": processor.debian,
      "APT::Architectures": processor.debian,
      "APT::Sandbox::User": "",
      "Acquire::Languages": "none",
      // The mirror may be a snapshot, whose lists are old by intention
      "Acquire::Check-Valid-Until": "false",
    };
    const options = Object.entries(settings).flatMap(
      ([name, value]) => ["-o", `${name}=${value}`],
    );
    const packages = new Packages(folder, options);
    await packages.#apt("apt-get", "--quiet", "update");
    return packages;
  }

  #apt(program: string, ...args: string[]): Promise<string> {
    return run(program, [...this.#options, ...args], { cwd: this.#folder })
      .catch((error) => {
        throw new Unavailable(error.message);
      });
  }

  /** A package and those of its dependencies that match, and theirs. */
  async closure(name: string, isWanted: RegExp): Promise<string[]> {
    const found = new Set([name]);
    for (const one of found) {
      const text = await this.#apt("apt-cache", "depends", one);
      for (const [, on] of text.matchAll(/^ *\|?(?:Pre)?Depends: (\S+)$/gm)) {
        if (isWanted.test(on!)) found.add(on!);
      }
    }
    return [...found];
  }

  /** Downloads packages and unpacks them into a folder. */
  async unpack(names: readonly string[], into: string): Promise<void> {
    const folder = await Deno.makeTempDir({ dir: this.#folder });
    try {
      await run("apt-get", [
        ...this.#options,
        ...["--quiet", "download", ...names],
      ], { cwd: folder }).catch((error) => {
        throw new Unavailable(error.message);
      });
      await unpackAll(folder, into);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }

  /** Like {@linkcode Packages.unpack}, with all that the packages depend on. */
  async unpackWhole(names: readonly string[], into: string): Promise<void> {
    await this.#apt(
      ...["apt-get", "--quiet", "--yes", "--download-only"] as const,
      ...["--no-install-recommends", "install", ...names],
    );
    await unpackAll(`${this.#folder}/cache/archives`, into);
  }
}

async function unpackAll(folder: string, into: string): Promise<void> {
  // Where a package has files in /bin, they belong in /usr/bin
  for (const name of ["bin", "sbin", "lib"]) {
    await Deno.mkdir(`${into}/usr/${name}`, { recursive: true });
    await Deno.symlink(`usr/${name}`, `${into}/${name}`).catch((error) => {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    });
  }
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".deb")) continue;
    const tar = `${folder}/${name}.tar`;
    await run("sh", [
      ...["-c", 'dpkg-deb --fsys-tarfile "$1" >"$2"', "sh"],
      ...[`${folder}/${name}`, tar],
    ]);
    await run("tar", [
      ...["-x", "-f", tar, "-C", into, "--no-same-owner"],
      ...["--keep-directory-symlink", "--exclude=./usr/share/doc"],
    ]);
    await Deno.remove(tar);
  }
}
