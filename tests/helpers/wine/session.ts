/**
 * Runs programs in a session: a fresh network, mount and process namespace with the network of network.ts, one
 * wineserver, and a witness. All of it ends with the session; root is not needed.
 *
 * A module that wants to work inside exports `inSession` and hands itself to {@linkcode enterSession}:
 *
 * ```ts ignore
 * export async function inSession(session: Session, args: string[]): Promise<number> {
 *   const set = await session.denoExe(["run", "--allow-ffi", "cli.ts", "set", ...args]).output();
 *   console.log((await session.ip("neigh", "show")).stdout);
 *   return set.code;
 * }
 * if (import.meta.main) Deno.exit(await enterSession(import.meta.url, Deno.args));
 * ```
 *
 * As a program, `deno run -A tests/helpers/wine/session.ts run -A some.ts` runs deno.exe with these arguments.
 */
import { fileURLToPath } from "node:url";
import { buildDlls } from "./build.ts";
import { obtainParts } from "./parts.ts";
import { linuxDeno, places } from "./places.ts";
import { fillDenoDir, installDlls } from "./prefix.ts";
import {
  emptyFolder,
  HarnessError,
  hash,
  missing,
  once,
  run,
  say,
} from "./tools.ts";

/** What a program inside a session has at hand. */
export interface Session {
  /** deno.exe with these arguments, in the checkout unless `cwd` says otherwise; `env` is added to the session's. */
  denoExe(args: string[], options?: Deno.CommandOptions): Deno.Command;
  /** The truth: `ip` in the session's network namespace. */
  ip(
    ...args: string[]
  ): Promise<{ code: number; stdout: string; stderr: string }>;
}

/** What a module exports to work inside a session: gets the session and the arguments, answers the exit code. */
export type InSession = (session: Session, args: string[]) => Promise<number>;

/**
 * Makes what is missing, then runs the module's `inSession` in a fresh session and answers its exit code. Sessions of
 * a checkout run one after the other: they share a prefix. `cache` names modules (beside the module itself) whose
 * dependencies deno.exe will need: there is no network inside.
 */
export async function enterSession(
  module: string,
  args: string[],
  cache: string[] = [],
): Promise<number> {
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    throw new HarnessError("The Wine harness runs on x86-64 Linux only");
  }
  await Deno.mkdir(places.build, { recursive: true });
  using _turn = await waitForTurn();
  const parts = await obtainParts();
  const dlls = await buildDlls(parts);
  const prefix = await once("prefix", await prefixInputs(parts), async () => {
    await emptyFolder(places.prefix);
    await inside(new URL("./prefix.ts", import.meta.url).href, []);
  });
  await once("system32", await hash([dlls, prefix]), installDlls);
  if (cache.length > 0) await fillDenoDir(cache);
  return await inside(module, args);
}

async function prefixInputs(parts: string): Promise<string> {
  return await hash([parts], [
    fileURLToPath(new URL("./prefix.ts", import.meta.url)),
  ]);
}

/** Holds a lock that the operating system lets go of with the process, however it ends. */
async function waitForTurn(): Promise<Deno.FsFile> {
  const file = await Deno.open(`${places.build}/lock`, {
    create: true,
    write: true,
  });
  const soon = setTimeout(
    () => say("waiting for another session of this checkout …"),
    300,
  );
  await file.lock(true);
  clearTimeout(soon);
  return file;
}

async function inside(module: string, args: string[]): Promise<number> {
  // Clear messages before, not riddles inside: tools that are missing, namespaces that are not permitted.
  await run("ip", ["-V"]);
  await run("unshare", ["-rnmpf", "--mount-proc", "true"]);
  // setpriv: were this process killed, the session would go on without anybody to end it.
  const command = new Deno.Command("setpriv", {
    args: [
      ...["--pdeathsig", "KILL", "unshare"],
      ...[
        "-rnmpf",
        "--mount-proc",
        "--kill-child",
        linuxDeno,
        "run",
        "--quiet",
        "--no-lock",
        "--allow-all",
      ],
      ...[
        fileURLToPath(new URL("./inside.ts", import.meta.url)),
        module,
        ...args,
      ],
    ],
    cwd: places.checkout,
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  });
  let child: Deno.ChildProcess;
  try {
    child = command.spawn();
  } catch (error) {
    throw error instanceof Deno.errors.NotFound ? missing("setpriv") : error;
  }
  // unshare takes its child along, and that is the first process of the namespace: all the others go too.
  let interrupted = false;
  const end = () => {
    interrupted = true;
    child.kill("SIGKILL");
  };
  Deno.addSignalListener("SIGINT", end);
  Deno.addSignalListener("SIGTERM", end);
  try {
    const { code } = await child.status;
    return interrupted ? 130 : code;
  } finally {
    Deno.removeSignalListener("SIGINT", end);
    Deno.removeSignalListener("SIGTERM", end);
  }
}

/** The session of this file as a program: deno.exe with the given arguments. */
export const inSession: InSession = async (session, args) => {
  const child = session.denoExe(args, {
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  return (await child.status).code;
};

/** Ends the program with the exit code of a session, or with 70 and one line when there can be none. */
export async function exitWith(session: Promise<number>): Promise<never> {
  try {
    Deno.exit(await session);
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    say(error.message);
    Deno.exit(70);
  }
}

if (import.meta.main) {
  const scripts = Deno.args.filter((arg) => arg.endsWith(".ts"));
  await exitWith(enterSession(import.meta.url, Deno.args, scripts));
}
