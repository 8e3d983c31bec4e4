import { cp, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const PROJECT = join(import.meta.dirname, '../../..');
const FOLDERS = ['errors', 'util', 'ir', 'contract', 'storage', 'lineage'];

/**
 * Translates the storage rooms to JavaScript, so that a plain Node process can run (and be killed in) them.
 *
 * @param target  folder that gets `src/…` and `children/…`
 */
export async function compileSources(target: string): Promise<void> {
  for (const folder of FOLDERS)
    await compileFolder(join(PROJECT, 'src', folder), join(target, 'src', folder));
  await cp(join(import.meta.dirname, 'children'), join(target, 'children'), { recursive: true });
  const { imports } = JSON.parse(await readFile(join(PROJECT, 'package.json'), 'utf8')) as Manifest;
  await writeFile(join(target, 'package.json'), JSON.stringify({ type: 'module', imports }));
  await symlink(join(PROJECT, 'bin'), join(target, 'bin'));
  await symlink(join(PROJECT, 'node_modules'), join(target, 'node_modules'));
}

interface Manifest {
  readonly imports: Readonly<Record<string, string>>;
}

async function compileFolder(from: string, to: string): Promise<void> {
  const names = await readdir(from, { recursive: true });
  for (const name of names.filter((each) => each.endsWith('.ts'))) {
    const path = join(to, name.replace(/\.ts$/, '.js'));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, translate(await readFile(join(from, name), 'utf8')));
  }
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
