/** The Wine prefix: a Windows 10 with our DLLs in System32, and the environment of all that runs in it. */
import { linuxDeno, places, windowsPath } from "./places.ts";
import { emptyFolder, HarnessError, run } from "./tools.ts";

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
    // Documents and the like are links into it: nobody's own may be reached from a test.
    HOME: places.prefix,
    // The server's socket; Debian's Wine would leave a folder in /tmp.
    TMPDIR: places.temporary,
    LD_LIBRARY_PATH: `${places.wine}/usr/lib/x86_64-linux-gnu`,
    // No .NET, no browser, no menu entries; our iphlpapi before Wine's, by bare name and by absolute path alike.
    // Wine would give its own kernel32 and ntdll for any file of that name: Windows loads the file it is told to.
    WINEDLLOVERRIDES:
      "mscoree,mshtml,winemenubuilder.exe=;iphlpapi,kernel32,ntdll=n,b",
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

/** Finishes the prefix, which {@linkcode startServer} has filled, and ends the server: the registry is on disk then. */
export async function inSession(): Promise<number> {
  await runQuietly(wine, "winecfg.exe", "-v", "win10");
  await runQuietly(wineserver, "-k");
  await runQuietly(wineserver, "-w").catch(() => {}); // gone already is as good
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

/**
 * Starts the server and, by a first program, Windows' services (and fills the prefix when it is empty). What starts
 * them lends them its output for good: were that a pipe of ours, its reader would wait until the session ends.
 */
export async function startServer(): Promise<void> {
  await emptyFolder(places.temporary);
  await runQuietly(wineserver, "-p"); // stays until killed, however long the pause between two programs
  await runQuietly(wine, "cmd.exe", "/c", "exit");
}

async function runQuietly(program: string, ...args: string[]): Promise<void> {
  const { success, code } = await new Deno.Command(program, {
    args,
    env: wineEnvironment(),
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) {
    throw new HarnessError(`${program} ${args.join(" ")} failed with ${code}`);
  }
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
