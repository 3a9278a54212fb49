/**
 * The command in a deno.exe of its own.
 *
 * @module
 */

/** Where cli.ts is. */
export const CHECKOUT = new URL("../../../", import.meta.url);

/** How a command ended and what it printed. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** cli.ts in a deno.exe of its own, with the permission README names. */
export async function neighbor(
  args: readonly string[],
  options: {
    env?: Record<string, string>;
    deno?: string;
    cwd?: string | URL;
    permission?: readonly string[];
  } = {},
): Promise<Ran> {
  const cli = new URL("cli.ts", CHECKOUT).href;
  const permission = options.permission ?? ["--allow-ffi"];
  const { code, stdout, stderr } = await new Deno.Command(
    options.deno ?? Deno.execPath(),
    {
      args: ["run", "--quiet", "--cached-only", ...permission, cli, ...args],
      cwd: options.cwd ?? CHECKOUT,
      env: options.env ?? {},
      stdin: "null",
    },
  ).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}
