/** The Wine prefix: a Windows 10 with our DLLs in System32, and the environment of all that runs in it. */
import { linuxDeno, places, windowsPath } from "./places.ts";
import { HarnessError, run } from "./tools.ts";

const bin = `${places.wine}/usr/lib/wine`;

/** The loader; takes a Linux or Windows path of a program and its arguments. */
export const wine: string = `${bin}/wine64`;

/** The server that all Wine processes of a prefix share. */
export const wineserver: string = `${bin}/wineserver`;

/** Environment of every Wine process, deno.exe included. */
export function wineEnvironment(): Record<string, string> {
  return {
    WINEPREFIX: places.prefix,
    WINESERVER: wineserver,
    LD_LIBRARY_PATH: `${places.wine}/usr/lib/x86_64-linux-gnu`,
    // Ours before Wine's own: by bare name and by absolute path alike.
    WINEDLLOVERRIDES: "mscoree,mshtml=;iphlpapi=n,b",
    WINEDEBUG: "-all",
    DISPLAY: "",
    // Interface names that are not ASCII reach Windows by the locale's character set.
    LC_ALL: "C.UTF-8",
    DENO_DIR: windowsPath(places.denoDir),
    DENO_NO_UPDATE_CHECK: "1",
    // Otherwise each run leaves a copy of deno.exe, named node.exe, in the temporary folder.
    DENO_DISABLE_NODE_SHIM: "1",
    RUST_BACKTRACE: "0",
    NO_COLOR: "1",
  };
}

/** Fills the empty prefix and ends the server, so that the registry is on disk. */
export async function inSession(): Promise<number> {
  const env = wineEnvironment();
  for (
    const [program, ...args] of [["wineboot.exe", "-i"], [
      "winecfg.exe",
      "-v",
      "win10",
    ]]
  ) {
    // Not `run`: services started on the way inherit our pipes and keep them open for minutes.
    const options = {
      args: [program ?? "", ...args],
      env,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    } satisfies Deno.CommandOptions;
    const { success, code } = await new Deno.Command(wine, options).output();
    if (!success) throw new HarnessError(`${program} failed with ${code}`);
  }
  await run(wineserver, ["-k"], { env });
  await run(wineserver, ["-w"], { env }).catch(() => {}); // gone already is as good
  // Otherwise a newer Wine part would renew the prefix under our feet, and our DLLs with it.
  await Deno.writeTextFile(`${places.prefix}/.update-timestamp`, "disable\n");
  return 0;
}

/** Copies our DLLs into the prefix's System32. */
export async function installDlls(): Promise<void> {
  const system32 = `${places.prefix}/drive_c/windows/system32`;
  for (const name of ["bcryptprimitives.dll", "iphlpapi.dll", "wiphlp.dll"]) {
    // Removed first: Wine's own may be a link into the unpacked parts.
    await Deno.remove(`${system32}/${name}`).catch(() => {});
    await Deno.copyFile(`${places.dll}/${name}`, `${system32}/${name}`);
  }
}

/** Starts the server with its output discarded: what it inherited would keep a reader of our pipes waiting. */
export async function startServer(): Promise<void> {
  await new Deno.Command(wineserver, {
    args: ["-p"], // stays until killed, however long the pause between two programs
    env: wineEnvironment(),
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
}

/** Lets the Linux Deno fetch and cache what deno.exe will load: there is no way out of the namespace. */
export async function fillDenoDir(files: string[]): Promise<void> {
  const lock = await Deno.stat(`${places.checkout}/deno.lock`).then(
    () => ["--frozen"],
    () => [],
  );
  await run(linuxDeno, ["cache", "--quiet", ...lock, ...files], {
    cwd: places.checkout,
    env: { DENO_DIR: places.denoDir, NO_COLOR: "1" },
  });
}
