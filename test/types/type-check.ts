// Type-checks text as if it were a file of this folder.

import { fileURLToPath } from 'node:url';
import path from 'node:path';
import ts from 'typescript';

const folder = fileURLToPath(new URL('.', import.meta.url));
const project = path.resolve(folder, '../..');

/**
 * Checks files with the project's own compiler options; `anneal` and what is below it are the sources.
 *
 * @param files  text by file name; the names are relative to this folder and need not exist
 * @returns one line per error: `file:line message`
 */
export function typeCheck(files: Readonly<Record<string, string>>): readonly string[] {
  const texts = new Map(
    Object.entries(files).map(([name, text]) => [path.join(folder, name), text]),
  );
  const options: ts.CompilerOptions = {
    ...readOptions(),
    noEmit: true,
    incremental: false,
    baseUrl: project,
    paths: {
      anneal: ['src/index.ts'],
      'anneal/dsl': ['src/dsl/index.ts'],
      'anneal/pipelines': ['src/pipelines/index.ts'],
    },
  };
  delete options.tsBuildInfoFile;
  const program = ts.createProgram([...texts.keys()], options, hostWith(texts, options));
  return [...texts.keys()]
    .map((name) => program.getSourceFile(name)!)
    .flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ])
    .map(describeDiagnostic);
}

function readOptions(): ts.CompilerOptions {
  const file = path.join(project, 'tsconfig.test.json');
  const { config } = ts.readConfigFile(file, (name) => ts.sys.readFile(name)) as {
    config: unknown;
  };
  return ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, project)
    .options;
}

function hostWith(
  texts: ReadonlyMap<string, string>,
  options: ts.CompilerOptions,
): ts.CompilerHost {
  const host = ts.createCompilerHost(options, true);
  return {
    ...host,
    fileExists: (name) => texts.has(name) || host.fileExists(name),
    readFile: (name) => texts.get(name) ?? host.readFile(name),
    getSourceFile: (name, target, ...rest) => {
      const text = texts.get(name);
      return text === undefined
        ? host.getSourceFile(name, target, ...rest)
        : ts.createSourceFile(name, text, target, true);
    },
  };
}

function describeDiagnostic({ file, start = 0, messageText }: ts.Diagnostic): string {
  const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
  const message = ts.flattenDiagnosticMessageText(messageText, '\n');
  return `${path.basename(file?.fileName ?? '')}:${line} ${message}`;
}
