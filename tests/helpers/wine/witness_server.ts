/**
 * The truth from outside Wine: runs `ip` in the session's namespace for whoever asks over HTTP on 127.0.0.1.
 *
 * `POST /ip` with a JSON array of arguments answers `{code, stdout, stderr}`.
 */

/** A running witness. */
export interface WitnessServer {
  /** What `NEIGHBOR_WITNESS` is set to. */
  readonly url: string;
  /** Ends it. */
  stop(): Promise<void>;
}

/** Starts the witness on a free port. */
export function startWitness(): WitnessServer {
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
  }, answer);
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    stop: () => server.shutdown(),
  };
}

async function answer(request: Request): Promise<Response> {
  if (request.method !== "POST" || new URL(request.url).pathname !== "/ip") {
    return new Response("POST /ip only", { status: 404 });
  }
  const args: unknown = await request.json();
  if (!Array.isArray(args) || !args.every((arg) => typeof arg === "string")) {
    return new Response("a JSON array of strings, please", { status: 400 });
  }
  return Response.json(await runIp(args));
}

/** Runs `ip` here and now. */
export async function runIp(
  args: string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command("ip", {
    args,
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}
