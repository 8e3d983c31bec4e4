import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const SOURCE = join(import.meta.dirname, '../../../src');
// All that the supervisor's entry point reaches; none of it imports a package.
const FOLDERS = ['deploy', 'deploy/local', 'storage', 'storage/local', 'errors', 'util'];

/**
 * Translates the supervisor into a folder: it is a program of its own, and Node 20 runs no TypeScript.
 *
 * @returns path of supervisor-main.js
 */
export async function buildSupervisor(target: string): Promise<string> {
  await writeFile(join(target, 'package.json'), '{"type":"module"}');
  for (const folder of FOLDERS) {
    const files = (await readdir(join(SOURCE, folder))).filter((name) => name.endsWith('.ts'));
    await Promise.all(files.map((name) => translate(join(folder, name), target)));
  }
  return join(target, 'deploy/local/supervisor-main.js');
}

async function translate(path: string, target: string): Promise<void> {
  const { outputText } = ts.transpileModule(await readFile(join(SOURCE, path), 'utf8'), {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
    },
  });
  const out = join(target, path.replace(/\.ts$/, '.js'));
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, outputText);
}
