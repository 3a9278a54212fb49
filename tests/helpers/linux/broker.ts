/**
 * A permission broker: where `DENO_PERMISSION_BROKER_PATH` names its socket,
 * Deno asks it for each permission instead of going by its flags, one JSON
 * object a line. `Deno.permissions` does not know of it.
 * https://docs.deno.com/runtime/reference/permissions/
 *
 * @module
 */

/** A broker that answers requests for FFI by `allows`, and grants all others. */
export class Broker implements AsyncDisposable {
  readonly #folder = Deno.makeTempDirSync();
  readonly #listener: Deno.Listener;
  readonly #allows: (path: string | null) => boolean;
  readonly #served: Promise<void>;
  /** The environment variables for a program. */
  readonly env: Readonly<Record<string, string>>;
  /** The paths it was asked about, `null` for FFI as such. */
  readonly asked: (string | null)[] = [];

  constructor(allows: (path: string | null) => boolean) {
    this.#allows = allows;
    const path = `${this.#folder}/broker`;
    this.env = { DENO_PERMISSION_BROKER_PATH: path };
    this.#listener = Deno.listen({ transport: "unix", path });
    this.#served = this.#serve();
  }

  async #serve(): Promise<void> {
    const connections: Promise<void>[] = [];
    for await (const connection of this.#listener) {
      connections.push(this.#answer(connection));
    }
    await Promise.all(connections);
  }

  async #answer(connection: Deno.Conn): Promise<void> {
    let rest = "";
    const decoder = new TextDecoder();
    const encoder = new TextEncoder();
    for await (const chunk of connection.readable) {
      const lines = (rest + decoder.decode(chunk, { stream: true }))
        .split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        const { id, permission, value } = JSON.parse(line);
        if (permission === "ffi") this.asked.push(value);
        const result = permission !== "ffi" || this.#allows(value)
          ? "allow"
          : "deny";
        await connection.write(
          encoder.encode(JSON.stringify({ id, result }) + "\n"),
        );
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#served;
    await Deno.remove(this.#folder, { recursive: true });
  }
}
