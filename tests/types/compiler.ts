/**
 * Type-checks small programs against the public API, all of them in one
 * `ts.Program`, under the strictest options there are.
 *
 * @module
 */

import ts from "typescript";
import { fileURLToPath } from "node:url";

/** A program of a few lines with a unique name. */
export interface Program {
  readonly name: string;
  readonly source: string;
}

/** What the compiler says about one program. */
export interface Diagnostic {
  readonly code: number;
  readonly message: string;
}

/** Other text in one of the checkout's files, for a test to notice. */
export interface Mutation {
  /** From the checkout's folder: `"ffi/types/neighbor.ts"`. */
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
  .replaceAll("\\", "/");
const FOLDER = `${ROOT}tests/types/programs/`;
const DENO = `${FOLDER}deno.d.ts`;
// What the public API is built with is not part of it
const PACKAGES = `${FOLDER}packages.d.ts`;

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  allowImportingTsExtensions: true,
  allowUnreachableCode: false,
  allowUnusedLabels: false,
  erasableSyntaxOnly: true,
  exactOptionalPropertyTypes: true,
  isolatedModules: true,
  noEmit: true,
  noFallthroughCasesInSwitch: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noPropertyAccessFromIndexSignature: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  lib: ["lib.esnext.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  paths: { "@ipnet/neighbor": [`${ROOT}mod.ts`] },
  target: ts.ScriptTarget.ESNext,
  types: [],
};

/** The types of the running Deno, as a file the compiler can be given. */
function denoTypes(): string {
  const { stdout } = new Deno.Command(Deno.execPath(), {
    args: ["types"],
    stderr: "inherit",
  }).outputSync();
  return new TextDecoder().decode(stdout);
}

/** A compiler that keeps what it has read between one check and the next. */
export class Compiler {
  readonly #sources = new Map<string, ts.SourceFile>();
  readonly #given = new Map([
    [DENO, denoTypes()],
    [PACKAGES, 'declare module "@std/*";\n'],
  ]);

  /** Checks programs; the answer has one list for each, in order. */
  check(
    programs: readonly Program[],
    mutation?: Mutation,
  ): Diagnostic[][] {
    const files = new Map(this.#given);
    const paths = programs.map(({ source }, i) => {
      const path = `${FOLDER}program_${i}.ts`;
      files.set(path, source);
      return path;
    });
    if (mutation !== undefined) {
      const path = ROOT + mutation.path;
      const text = Deno.readTextFileSync(path);
      if (!text.includes(mutation.from)) {
        throw new Error(`${mutation.path} has no "${mutation.from}"`);
      }
      files.set(path, text.replaceAll(mutation.from, mutation.to));
    }
    const program = ts.createProgram(
      [DENO, PACKAGES, ...paths],
      OPTIONS,
      this.#host(files),
    );
    const broken = [
      ...program.getOptionsDiagnostics(),
      ...program.getGlobalDiagnostics(),
    ];
    if (broken.length > 0) {
      throw new Error(broken.map((one) => read(one).message).join("\n"));
    }
    return paths.map((path) => {
      const file = program.getSourceFile(path)!;
      return [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file),
      ].map(read);
    });
  }

  #host(files: ReadonlyMap<string, string>): ts.CompilerHost {
    const host = ts.createCompilerHost(OPTIONS);
    return {
      ...host,
      fileExists: (path) => files.has(path) || host.fileExists(path),
      readFile: (path) => files.get(path) ?? host.readFile(path),
      getSourceFile: (path, version, ...rest) => {
        const text = files.get(path);
        if (text !== undefined && !this.#given.has(path)) {
          return ts.createSourceFile(path, text, version);
        }
        let source = this.#sources.get(path);
        if (source === undefined) {
          source = text === undefined
            ? host.getSourceFile(path, version, ...rest)
            : ts.createSourceFile(path, text, version);
          if (source !== undefined) this.#sources.set(path, source);
        }
        return source;
      },
    };
  }
}

function read({ code, messageText }: ts.Diagnostic): Diagnostic {
  return { code, message: ts.flattenDiagnosticMessageText(messageText, "\n") };
}
