/**
 * `neighbor apply`: applies a pins file, previews the changes, or guards the
 * entries.
 *
 * @module
 */

import type { Backend } from "../../ffi/backend.ts";
import { bindingError, ruleError } from "../../ffi/bind.ts";
import { NO_PROTOCOL, parseProtocol } from "../../ffi/parse/protocol.ts";
import { backendOf } from "../../ffi/table_backend.ts";
import type { EntryMember } from "../../ffi/types/error.ts";
import type { NeighborTable } from "../../ffi/types/table.ts";
import type { AddressIndex } from "../../reconcile/address_index.ts";
import { applyEntries } from "../../reconcile/apply.ts";
import {
  type ApplyReport,
  NeighborApplyError,
} from "../../reconcile/apply_report.ts";
import { bindDesired } from "../../reconcile/observe.ts";
import { type RunCommand, UsageError } from "../args.ts";
import { exitCode, type Line, type Lines } from "../output/answer.ts";
import { withComment } from "../output/comment.ts";
import { EntryLines } from "../output/entry_lines.ts";
import { pushed } from "../output/pushed.ts";
import { refuseFile } from "../output/refusal.ts";
import type { Warning } from "../output/warning.ts";
import type { PinsFile } from "../pins/file.ts";
import type { Problem } from "../pins/lines.ts";
import { duplicateProblems, readPins } from "../pins/read.ts";
import { OwnAddresses } from "../own_address.ts";
import { milliseconds, protocolOf } from "../values.ts";
import { Job } from "./job.ts";
import { reportJson, reportLines } from "./report.ts";

const NO_PIN: Warning = { message: "it has no pin, so nothing is held" };

/** Reads and parses the file, then applies, previews or guards it. */
export async function apply(
  table: NeighborTable,
  { operands, flags, values, lists }: RunCommand,
): Promise<Lines> {
  const modes = ["dry-run", "check", "watch"].filter((one) => flags.has(one));
  if (modes.length > 1) {
    throw new UsageError(`apply takes --${modes.join(" or --")}, not both`);
  }
  const [mode] = modes;
  if (values.interval !== undefined && mode !== "watch") {
    throw new UsageError('The option "--interval" goes with --watch');
  }
  const interval = milliseconds(values.interval);
  const renames = lists?.map === undefined
    ? undefined
    : (await import("../pins/rename.ts")).renamesOf(lists.map);
  const file = await readPins(operands[0]!, renames?.edit);
  // A mistake in the file may be the reason why a name was not met
  if (file.problems.length === 0) renames?.check(file.name);
  const owner = ownerOf(file, values.protocol);
  file.entries.setOwner(owner);
  const controller = new AbortController();
  const job = new Job(table, file, {
    prune: flags.has("prune"),
    owner,
    keepGoing: flags.has("keep-going"),
    signal: controller.signal,
  });
  // Only a warning: it may be the backup of an emptied table
  if (file.pins.length === 0) job.warnings.unshift(NO_PIN);
  const backend = backendOf(table);
  const positions = bindAndCheck(backend, job);
  if (mode === "dry-run" || mode === "check") {
    const { preview } = await import("./preview.ts");
    return { lines: preview(backend, positions, job, mode), kind: "finite" };
  }
  const stop = (by?: Deno.Signal) => controller.abort(by);
  if (mode === "watch") {
    const { guard } = await import("./guard.ts");
    return { lines: guard(job, interval), stop, kind: "guard" };
  }
  return { lines: applyLines(backend, positions, job), stop, kind: "finite" };
}

/** The protocol of the file or the option, which must not contradict it; or 0. */
function ownerOf(file: PinsFile, word: string | undefined): number {
  if (word === undefined) return file.protocol;
  const protocol = parseProtocol(protocolOf(word));
  if (file.protocol === NO_PROTOCOL || file.protocol === protocol) {
    return protocol;
  }
  throw new UsageError(
    `--protocol ${protocol} contradicts ${file.name}, whose member ` +
      `"protocol" is ${file.protocol}`,
  );
}

/**
 * Looks up the interfaces, and warns of pins of an interface's own address.
 * Throws all mistakes and duplicates at once. Only where there are some does it
 * also check each entry against its interface; otherwise `observe` does.
 */
function bindAndCheck(backend: Backend, job: Job): AddressIndex {
  const { entries, file } = job;
  const { positions, duplicates } = bindDesired(backend, entries);
  const problems: Problem[] = [
    ...file.problems,
    ...duplicateProblems(file, duplicates),
  ];
  if (problems.length === 0) {
    warnOfOwn(job);
    return positions;
  }
  for (let position = 0; position < entries.length; position++) {
    const error = bindingError(entries, position) ??
      ruleError(backend, entries, position);
    if (error === undefined) continue;
    problems.push(problemAt(job, position, error.member, error.message));
  }
  throw refuseFile(file.name, problems);
}

/** A mistake or warning about an entry, with its place and its comment. */
function problemAt(
  { file, entries }: Job,
  position: number,
  member: EntryMember | null,
  message: string,
): Problem {
  return {
    ...file.placeOf(position, member),
    message: withComment(message, entries.given[position]),
  };
}

/** Adds a warning for each pin with the link-layer address of its own interface. */
function warnOfOwn(job: Job): void {
  const { entries, table, warnings } = job;
  const own = new OwnAddresses(table.listInterfaces());
  for (let position = 0; position < entries.length; position++) {
    const address = entries.linkLayerAddress(position);
    const message = own.warning(entries.named(position), address);
    if (message === undefined) continue;
    warnings.push(problemAt(job, position, "linkLayerAddress", message));
  }
}

async function* applyLines(
  backend: Backend,
  positions: AddressIndex,
  job: Job,
): AsyncGenerator<Line, number> {
  const { entries, options } = job;
  yield* job.fileLines();
  try {
    const report = yield* pushed<Line, ApplyReport>((push) =>
      applyEntries(backend, entries, positions, {
        ...options,
        progress: (done, of) => push([{ progress: { done, of } }]),
      })
    );
    yield { json: { result: "applied", ...reportJson(job, report) } };
    yield* reportLines(job, report);
    const refused = report.entries.find(({ error }) => error !== null);
    return refused === undefined ? 0 : exitCode(refused.error!);
  } catch (error) {
    if (error instanceof NeighborApplyError) {
      const { entries } = error.report;
      yield* new EntryLines().ofApplied(entries, job.cellsOf);
    }
    throw job.explain(error);
  }
}
