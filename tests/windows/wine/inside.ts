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

/** Wine's server wants its socket in this folder of the machine; here it gets one of its own. */
async function hideSocketFolder(): Promise<void> {
  const folder = "/tmp/.wine-0";
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  await run("mount", ["-t", "tmpfs", "-o", "mode=700", "session", folder]);
}

async function main([module, ...args]: string[]): Promise<number> {
  // The first process of a namespace gets only the signals that it asks for.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => Deno.exit(130));
  }
  await hideSocketFolder();
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
