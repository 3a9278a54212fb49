/**
 * `neighbor completions`: a script for a shell, from the table of what the
 * command takes.
 *
 * Names of interfaces are read when they are asked for, and no shell evaluates
 * them: a device may be called `$(reboot)`.
 *
 * @module
 */

import type { Shell } from "../usage.ts";
import { bash } from "./bash.ts";
import { fish } from "./fish.ts";
import { powershell } from "./powershell.ts";
import { zsh } from "./zsh.ts";

const SCRIPTS: Readonly<Record<Shell, () => string>> = {
  bash,
  zsh,
  fish,
  powershell,
};

/** The script for a shell. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell]();
}
