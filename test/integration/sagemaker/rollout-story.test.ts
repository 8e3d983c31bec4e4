// `npm run demo:sagemaker` as a person starts it: real runs, training and serving; only AWS is faked.

import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { TEST_PYTHON } from '../../support/anneal-cli.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');

interface Story {
  readonly runs: readonly {
    readonly run: string;
    readonly status: string;
    readonly reason?: string;
    readonly modelDigest: string;
  }[];
  /** Distinct answers to one question, asked many times after each run. */
  readonly answers: readonly (readonly unknown[])[];
  readonly ledger: readonly { readonly operation: string; readonly effective: boolean }[];
}

if (TEST_PYTHON === undefined) {
  console.warn('SKIPPED: the story on the fake SageMaker, because ANNEAL_TEST_PYTHON is not set.');
}

describe.skipIf(TEST_PYTHON === undefined)('an endpoint on the fake SageMaker', () => {
  let story: Story;
  beforeAll(async () => {
    const { stdout } = await execa(
      process.execPath,
      [join(ROOT, 'bin/demo-sagemaker.mjs'), '--json'],
      { cwd: ROOT, env: { ANNEAL_PYTHON_ENV: TEST_PYTHON, AWS_EC2_METADATA_DISABLED: 'true' } },
    );
    story = JSON.parse(stdout) as Story;
  }, 600_000);

  it('is created, goes back by canary, keeps answering, and is promoted', () => {
    const [first, second, third] = story.answers;

    expect(story.runs.map(({ status }) => status)).toEqual(['promoted', 'rolled_back', 'promoted']);
    expect(story.runs.map(({ run }) => run)).toEqual(['succeeded', 'failed', 'succeeded']);
    expect(story.runs[1]!.reason).toMatch(/CloudWatch alarm "churn-model-prod-[0-9a-f]+-errors"/);
    expect(first).toHaveLength(1);
    expect(second).toEqual(first);
    expect(third).toHaveLength(1);
    expect(third).not.toEqual(first);
  });

  it('is changed once for each model', () => {
    const effective = story.ledger.filter((entry) => entry.effective);
    const count = (operation: string): number =>
      effective.filter((entry) => entry.operation === operation).length;

    expect(count('CreateEndpoint')).toBe(1);
    expect(count('UpdateEndpoint')).toBe(2);
    expect(count('CreateModel')).toBe(3);
  });
});
