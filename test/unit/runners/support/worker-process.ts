// A worker as a process of its own, so that it can be killed: the sources translated, and a script beside them.

import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';

const PROJECT = path.join(import.meta.dirname, '../../../..');
const ROOMS = ['errors', 'util', 'contract', 'storage', 'runners', 'ir'];

export interface WorkerOrder {
  readonly storeFolder: string;
  readonly runId: string;
  readonly container: object;
  readonly component?: object;
  readonly platform?: object;
  readonly options: object;
  /** Default `process`. */
  readonly runner?: 'docker';
}

/** Translates the rooms that a worker of these tests needs to JavaScript. */
export async function compileWorker(target: string): Promise<void> {
  for (const room of ROOMS) {
    const names = await readdir(path.join(PROJECT, 'src', room), { recursive: true });
    for (const name of names.filter((each) => each.endsWith('.ts'))) {
      const source = await readFile(path.join(PROJECT, 'src', room, name), 'utf8');
      const file = path.join(target, 'src', room, name.replace(/\.ts$/, '.js'));
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, translate(source));
    }
  }
  await cp(path.join(import.meta.dirname, '../children'), path.join(target, 'children'), {
    recursive: true,
  });
  await writeFile(path.join(target, 'package.json'), '{"type": "module"}');
  await symlink(path.join(PROJECT, 'node_modules'), path.join(target, 'node_modules'));
}

/** A started worker, and what it printed at its end: a result or an error code. */
export interface StartedWorker {
  readonly child: ChildProcess;
  readonly answer: Promise<
    | { outputs?: { parameters: Record<string, unknown> }; code?: string; message?: string }
    | undefined
  >;
}

/** Starts a worker that executes one task. */
export function startWorker(target: string, order: WorkerOrder): StartedWorker {
  const child = spawn(
    process.execPath,
    [path.join(target, 'children/execute.mjs'), JSON.stringify(order)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const answer = new Promise<string>((resolve) => child.on('close', () => resolve(text))).then(
    (whole) => (whole === '' ? undefined : (JSON.parse(whole) as object)),
  );
  return { child, answer };
}

function translate(source: string): string {
  return ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  }).outputText;
}
