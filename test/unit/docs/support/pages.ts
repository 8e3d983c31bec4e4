// The Markdown pages of the project.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Page {
  readonly file: string;
  readonly text: string;
}

/** Every page that a reader of the repository is led to. */
export function listPages(): Page[] {
  const files = [
    ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
    ...readdirSync('docs')
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
    ...readdirSync('examples').map((name) => `examples/${name}/README.md`),
    'python-tasks/README.md',
  ];
  return files.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}

/** Targets of links and images that lead to nothing in the repository. */
export function brokenLinks({ file, text }: Page): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
  return targets
    .filter((target) => !/^(https?:|mailto:)/.test(target))
    .filter((target) => !isResolved(file, target));
}

function isResolved(file: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const found = path === '' ? file : join(dirname(file), path);
  if (!existsSync(found)) return false;
  return anchor === undefined || anchorsOf(readFileSync(found, 'utf8')).includes(anchor);
}

/** Anchors of headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Every `anneal …` and `npx anneal …` of a page's shell blocks and inline code, one line each. */
export function commandLines({ text }: Page): string[] {
  const blocks = [...text.matchAll(/^```(?:sh|bash|console)?\n([\s\S]*?)^```$/gm)].map(
    ([, block]) => block!.replaceAll(/\\\n\s*/g, ' '),
  );
  const indented = [...text.matchAll(/^ {4}(\S.*)$/gm)].map(([, line]) => line!);
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
  return [...blocks.flatMap((block) => block.split('\n')), ...indented, ...inline]
    .map((line) => /^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(?:npx )?anneal ([a-z].*)$/.exec(line)?.[1])
    .filter((line) => line !== undefined)
    .map((line) => line.replace(/\s+#.*$/, ''));
}
