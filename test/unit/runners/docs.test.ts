import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readImageRules } from '../../../src/runners/index.js';

const text = readFileSync(path.join(import.meta.dirname, '../../../docs/kfp.md'), 'utf8');

test('the image rules of docs/kfp.md are rules', () => {
  const [, block = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-docs-'));
  const file = path.join(folder, 'images.yaml');
  writeFileSync(file, block);

  const rules = readImageRules(file);

  expect(rules.map(({ image }) => image)).toHaveLength(4);
  rmSync(folder, { recursive: true });
});
