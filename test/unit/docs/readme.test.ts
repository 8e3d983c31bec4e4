import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { typeCheck } from '../../types/type-check.js';
import { listCommands } from './support/commands.js';
import { brokenLinks, commandLines, listPages } from './support/pages.js';

const pages = listPages();
const commands = listCommands();
const scripts = Object.keys(
  (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }).scripts,
);

/** What a command line uses that the program does not have. */
function unknownWords(line: string): string[] {
  const words = line.split(/\s+/);
  const command = commands
    .filter((each) => line === each.words || line.startsWith(`${each.words} `))
    .sort((left, right) => right.words.length - left.words.length)[0];
  if (command === undefined) return [`anneal ${words[0]}`];
  const flags = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split('=')[0]!);
  return flags
    .filter((flag) => !command.flags.has(flag))
    .map((flag) => `anneal ${command.words} ${flag}`);
}

describe.each(pages.map((page) => [page.file, page] as const))('%s', (_, page) => {
  test('has no link that leads nowhere', () => {
    expect(brokenLinks(page)).toEqual([]);
  });

  test('names only commands and flags that the program has', () => {
    expect(commandLines(page).flatMap(unknownWords)).toEqual([]);
  });

  test('names only npm scripts that exist', () => {
    const named = [...page.text.matchAll(/npm (?:run ([a-z:]+)|(start|test))\b/g)];
    const unknown = named
      .map(([, script, short]) => script ?? short!)
      .filter((script) => !scripts.includes(script));

    expect(unknown).toEqual([]);
  });
});

describe('README.md', () => {
  const readme = pages.find(({ file }) => file === 'README.md')!.text;

  test('has npm start and npm test as its first two commands', () => {
    const block = /^```sh\n([\s\S]*?)^```$/m.exec(readme)![1]!;

    expect(block.split('\n').map((line) => line.replace(/\s+#.*/, ''))).toEqual([
      'npm start',
      'npm test',
      '',
    ]);
  });

  test('shows a pipeline in TypeScript that compiles', () => {
    const code = /^```ts\n([\s\S]*?)^```$/m.exec(readme)![1]!;
    const generated = `export * from '../../src/pipelines/components.generated.js';`;

    expect(typeCheck({ 'readme.ts': code, 'components.generated.ts': generated })).toEqual([]);
  });

  test('checks would find a wrong command and a wrong flag', () => {
    expect(unknownWords('rnu x')).toEqual(['anneal rnu']);
    expect(unknownWords('run x --detatch')).toEqual(['anneal run --detatch']);
  });
});
