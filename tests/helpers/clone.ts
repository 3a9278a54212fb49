/**
 * A copy of this checkout as a stranger has it: in a folder whose name has a
 * space, a quote and letters beyond ASCII, with an empty home, an empty cache
 * and every registry out of reach.
 *
 * @module
 */

import { copy } from "../../.ci/publish.ts";
import { fileURLToPath, pathToFileURL } from "node:url";
import { dirname } from "node:path";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const IS_WINDOWS = Deno.build.os === "windows";
/** What Windows' file names may have too. */
const NAME = "it's 以太网 ü";
/** A port without a listener. */
const NOWHERE = "http://127.0.0.1:9/";

/** The exit code and the output of a program. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A clone with its own home and cache folders, and programs that use only these. */
export class Clone implements AsyncDisposable {
  readonly #folder: string;
  /** The path of the copy. */
  readonly root: string;
  /** The home folder. */
  readonly home: string;

  private constructor(folder: string, name: string) {
    this.#folder = folder;
    this.root = `${folder}/${name}/neighbor`;
    this.home = `${folder}/${name}/home`;
  }

  /** Copies the checkout into a folder of that name. */
  static async make(name: string = NAME): Promise<Clone> {
    const folder = await Deno.makeTempDir({ prefix: "neighbor-" });
    const clone = new Clone(folder, name);
    const leftOut = [".git", "build", "dist", "node_modules"];
    await copy(ROOT, clone.root, leftOut);
    await Deno.mkdir(clone.home);
    return clone;
  }

  /** The URL of a file of the clone. */
  url(path: string): string {
    return pathToFileURL(`${this.root}/${path}`).href;
  }

  /** Writes a file into the home folder; returns its path. */
  async write(name: string, text: string): Promise<string> {
    const path = `${this.home}/${name}`;
    await Deno.writeTextFile(path, text);
    return path;
  }

  /** Runs Deno, in the clone unless `cwd` says otherwise. */
  async deno(args: readonly string[], cwd: string = this.root): Promise<Ended> {
    return await ended(this.command(Deno.execPath(), args, cwd));
  }

  /** Runs the installed command in the home folder. */
  async neighbor(...args: string[]): Promise<Ended> {
    const [program, ...before] = IS_WINDOWS
      ? ["cmd", "/c", "neighbor"]
      : ["neighbor"];
    return await ended(this.command(program!, [...before, ...args], this.home));
  }

  /** A program with this home, this cache and no registry. */
  command(
    program: string,
    args: readonly string[],
    cwd: string = this.home,
  ): Deno.Command {
    const paths = [
      `${this.home}/.deno/bin`,
      dirname(Deno.execPath()),
      Deno.env.get("PATH") ?? "",
    ];
    return new Deno.Command(program, {
      args: [...args],
      cwd,
      // Windows starts no program without this variable
      clearEnv: !IS_WINDOWS,
      env: {
        HOME: this.home,
        USERPROFILE: this.home,
        PATH: paths.join(IS_WINDOWS ? ";" : ":"),
        DENO_DIR: `${this.#folder}/cache`,
        JSR_URL: NOWHERE,
        NPM_CONFIG_REGISTRY: NOWHERE,
        NO_COLOR: "1",
        DENO_NO_UPDATE_CHECK: "1",
      },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  }

  /** Removes the folders. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

async function ended(command: Deno.Command): Promise<Ended> {
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** The arguments of `deno` that README names to install the command. */
export async function installWords(): Promise<string[]> {
  return (await found("README.md", /^deno (install --global .*)$/m)).split(" ");
}

/** The arguments that docs/install.md names before a user's script, for this clone. */
export async function scriptWords(clone: Clone): Promise<string[]> {
  const line = await found(
    "docs/install.md",
    /^deno (run .* CLONE.*) script\.ts$/m,
  );
  return line.split(" ").map((word) => word.replace("CLONE", clone.root));
}

/** The configuration of a user's project, for this clone. */
export async function projectConfig(clone: Clone): Promise<string> {
  const json = /^(\{\n {2}"imports".*?^\})$/ms;
  const url = clone.url("").replace(/\/$/, "");
  return (await found("docs/install.md", json)).replaceAll("CLONE", url);
}

/** The first group of an expression in a file of this checkout. */
export async function found(file: string, what: RegExp): Promise<string> {
  const text = await Deno.readTextFile(`${ROOT}/${file}`);
  const [, match] = what.exec(text) ?? [];
  if (match === undefined) throw new Error(`${file} has nothing like ${what}`);
  return match;
}
