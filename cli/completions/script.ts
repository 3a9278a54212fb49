/**
 * `neighbor completions`: makes a completion script from the tables in usage/.
 *
 * The scripts read the names of interfaces when they complete one, and never
 * evaluate them: a device may be named `$(reboot)`.
 *
 * @module
 */

import type { Shell } from "../usage/verbs.ts";
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
