import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { harmlessSettings } from '../../../src/ir/platform/index.js';
import type { Pipeline } from '../../../src/ir/index.js';
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

test('docs/kfp.md lists every setting that is passed over', () => {
  const all = [
    ...['imagePullPolicy', 'imagePullSecret', 'nodeSelector', 'nodeAffinity', 'podAffinity'],
    ...['tolerations', 'securityContext', 'enabledSharedMemory'],
  ];
  const config = Object.fromEntries(all.map((setting) => [setting, {}]));
  const pipeline = {
    deployment: { executors: { e: {} } },
    platform: { platforms: { kubernetes: { deploymentSpec: { executors: { e: config } } } } },
  } as unknown as Pipeline;

  const passedOver = harmlessSettings(pipeline).map(({ setting }) => setting);

  expect([...passedOver].sort()).toEqual([...all].sort());
  for (const setting of passedOver) expect(text).toContain(`\`${setting}\``);
});
