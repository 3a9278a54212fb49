/**
 * How a network namespace of one's own is had here: without privilege where the
 * kernel allows that, else as root.
 *
 * @module
 */

/** Whether a program can be run and succeeds. */
export function works(command: string, ...args: string[]): boolean {
  try {
    return new Deno.Command(command, {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).outputSync().success;
  } catch {
    return false;
  }
}

/** The option of `unshare` that works, or a sentence on why none does. */
export function namespaceOption(): { option: string } | { reason: string } {
  if (!works("ip", "-V")) {
    return { reason: "there is no ip to tell the truth, install iproute2" };
  }
  if (!works("unshare", "--version")) {
    return { reason: "there is no unshare, install util-linux" };
  }
  for (const option of ["-rn", "-n"]) {
    if (works("unshare", option, "true")) return { option };
  }
  return {
    reason: "unshare -rn is not allowed here, and unshare -n only to root",
  };
}
