import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { missingTest, namedTests } from './support/named-tests.js';

const FILE = 'docs/seed-checklist.md';
const CAPABILITIES =
  /^(containers, S3 and clusters|guarded deployments and registry|operations|viewer)$/;
// 13 that the example states, 7 that the mission implies, 14 faults, and KFP's test data.
const ITEMS = 13 + 7 + 14 + 1;

const items = readFileSync(FILE, 'utf8')
  .split(/^### /m)
  .slice(1)
  .map((text) => ({ title: text.split('\n')[0]!, text }));

/** Names of the capabilities an item waits for, without what is said of them in brackets. */
const awaited = (text: string): string[] =>
  (/^- Waits for: ([\s\S]*?)(?=^- |^#|\n\n|(?![\s\S]))/m.exec(text)?.[1] ?? '')
    .replaceAll(/\([^)]*\)/g, '')
    .split(';')
    .map((name) => name.trim())
    .filter(Boolean);

describe('docs/seed-checklist.md', () => {
  test('has every item of the checklist', () => {
    expect(items).toHaveLength(ITEMS);
  });

  test.each(items.map(({ title, text }) => [title, text]))('%s', (_, text) => {
    const tests = namedTests({ file: FILE, text });
    const isDone = text.includes('\n- Done: ');

    expect(tests.map(missingTest).filter(Boolean)).toEqual([]);
    expect(tests.length > 0).toBe(isDone);
    expect(isDone || awaited(text).length > 0).toBe(true);
    expect(awaited(text).filter((name) => !CAPABILITIES.test(name))).toEqual([]);
  });

  test('would notice a title or a file that does not exist', () => {
    expect(missingTest({ file: 'test/unit/deploy/gate.test.ts', title: 'no such' })).toBeDefined();
    expect(missingTest({ file: 'test/no.test.ts', title: 'x' })).toBeDefined();
  });
});
