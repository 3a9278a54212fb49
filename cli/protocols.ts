/**
 * The names of protocols, from the files that `ip` reads too. They are read
 * only where Deno may do so without a prompt; without them a protocol is shown
 * and given as a number.
 *
 * @module
 */

import { quote } from "../ffi/types/error.ts";
import { UsageError } from "./args.ts";

/** The names by their numbers. */
export type ProtocolNames = ReadonlyMap<number, string>;

/** The folders of iproute2: a file of the first replaces one of the second. */
const FOLDERS = ["/etc/iproute2", "/usr/share/iproute2"] as const;

/** The most bytes of a file, and the most files, that are read. */
const MAX_BYTES = 65_536;
const MAX_FILES = 64;

/** A number, a name and perhaps a comment. */
const LINE = /^[ \t]*(0x[0-9a-f]{1,2}|[0-9]{1,3})[ \t]+(\S{1,64})[ \t]*(#|$)/i;

/** The names that may be read; none where there are no such files. */
export async function protocolNames(
  folders: readonly string[] = FOLDERS,
): Promise<ProtocolNames> {
  const names = new Map<number, string>();
  for (const text of await readFiles(folders)) {
    for (const line of text.split("\n")) {
      const [, number, name] = LINE.exec(line.trimEnd()) ?? [];
      // A name of digits would look like another number
      if (name === undefined || /^[0-9]+$/.test(name)) continue;
      if (Number(number) <= 255) names.set(Number(number), name);
    }
  }
  return names;
}

/** The number of a protocol that was given by its name. */
export async function protocolNumber(
  word: string,
  folders: readonly string[] = FOLDERS,
): Promise<number> {
  const names = await protocolNames(folders);
  for (const [number, name] of names) if (name === word) return number;
  const [folder] = folders;
  const path = `${folder}/rt_protos`;
  const why = names.size > 0
    ? `no protocol has that name in ${path}`
    : await mayRead(path)
    ? `there are no names in ${path}`
    : `a name is looked up in ${path}, which needs --allow-read=${folder}`;
  throw new UsageError(
    `The protocol ${quote(word)} is not a number from 1 to 255: ${why}`,
  );
}

/** The texts of the files, those that count more last. */
async function readFiles(folders: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  for (const folder of folders) {
    const text = await read(`${folder}/rt_protos`);
    if (text === undefined) continue;
    texts.push(text);
    break;
  }
  const files = new Map<string, string>();
  for (const folder of folders.toReversed()) {
    const path = `${folder}/rt_protos.d`;
    for (const name of await list(path)) files.set(name, `${path}/${name}`);
  }
  for (const name of [...files.keys()].sort().slice(0, MAX_FILES)) {
    const text = await read(files.get(name)!);
    if (text !== undefined) texts.push(text);
  }
  return texts;
}

/** The names of the `.conf` files of a folder. */
async function list(path: string): Promise<string[]> {
  const names: string[] = [];
  try {
    if (!await mayRead(path)) return [];
    for await (const { name } of Deno.readDir(path)) {
      if (name.endsWith(".conf")) names.push(name);
    }
  } catch {
    // The names are optional
  }
  return names;
}

/** The text of a file; `undefined` where it cannot be read, or is too large. */
async function read(path: string): Promise<string | undefined> {
  try {
    if (!await mayRead(path)) return undefined;
    // Opening a pipe would wait for its other end
    const { isFile, size } = await Deno.stat(path);
    if (!isFile || size > MAX_BYTES) return undefined;
    return await Deno.readTextFile(path);
  } catch {
    return undefined; // The names are optional
  }
}

async function mayRead(path: string): Promise<boolean> {
  const { state } = await Deno.permissions.query({ name: "read", path });
  return state === "granted";
}
