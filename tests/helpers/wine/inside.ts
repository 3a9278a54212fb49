/**
 * The first process of a session's namespaces (session.ts starts it): makes the network, the witness and the
 * wineserver, then runs the given module's `inSession`. When it ends, the kernel ends everything else.
 */
import { buildNetwork } from "./network.ts";
import { places, windowsPath } from "./places.ts";
import { startServer, wine, wineEnvironment } from "./prefix.ts";
import type { InSession, Session } from "./session.ts";
import { HarnessError, run, say } from "./tools.ts";
import { runIp, startWitness } from "./witness_server.ts";

/** Debian's Wine prefers the machine's folder for sockets, if there is one, to the one it is told. */
async function hideRuntimeFolder(): Promise<void> {
  const exists = await Deno.stat("/run/user").then(() => true, () => false);
  if (exists) {
    await run("mount", [
      "-t",
      "tmpfs",
      "-o",
      "mode=755",
      "session",
      "/run/user",
    ]);
  }
}

async function main([module, ...args]: string[]): Promise<number> {
  // The first process of a namespace gets only the signals that it asks for.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => Deno.exit(130));
  }
  await hideRuntimeFolder();
  await buildNetwork();
  const witness = startWitness();
  await startServer();

  const environment = {
    ...wineEnvironment(),
    NEIGHBOR_WITNESS: witness.url,
    NEIGHBOR_DECOY_DENO: windowsPath(`${places.decoy}/deno.exe`),
  };
  const session: Session = {
    denoExe: (words, options = {}) =>
      new Deno.Command(wine, {
        cwd: places.checkout,
        ...options,
        args: [`${places.deno}/deno.exe`, ...words],
        env: { ...environment, ...options.env },
      }),
    ip: (...words) => runIp(words),
  };
  const { inSession } = await import(module ?? "") as { inSession?: InSession };
  if (!inSession) throw new HarnessError(`${module} exports no inSession`);
  return await inSession(session, args);
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  say(error instanceof HarnessError ? error.message : Deno.inspect(error));
  Deno.exit(70);
}
