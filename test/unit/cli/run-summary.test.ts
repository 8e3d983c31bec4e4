import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import { runSummary } from '../../../src/cli/output/run-summary.js';
import { CHURN_RUN, JUDGED } from '../viewer/churn-run.js';

const PLAIN = { colors: createColors(false) };

describe('the summary of a run', () => {
  it('shows the accuracy, the gate with its numbers, and the endpoint', () => {
    const text = runSummary(CHURN_RUN, { ...PLAIN, report: 'report.html' });

    expect(text).toContain('ml-training-pipeline succeeded in 9.8 s');
    expect(text).toMatch(/test_accuracy +0\.934$/m);
    expect(text).toMatch(/gate +passed, deployed \(0\.934 >= 0\.85\)$/m);
    expect(text).toMatch(
      /endpoint +churn-model-prod at http:\/\/127\.0\.0\.1:41873\/invocations$/m,
    );
    expect(text).toMatch(/report +report\.html$/m);
  });

  it('names the commit it was published from', () => {
    const source = { commit: '0123456789abcdef0123', dirty: true, path: 'train.yaml' };

    const text = runSummary({ ...CHURN_RUN, source }, PLAIN);

    expect(text).toMatch(
      /source +train\.yaml at 0123456789ab, with changes that are not committed$/m,
    );
  });

  it('says why the gate refused', () => {
    const deployment = {
      status: 'refused',
      endpoint: 'e',
      reason: 'Accuracy 0.80 is low.',
    } as const;

    const text = runSummary({ ...CHURN_RUN, deployment }, PLAIN);

    expect(text).toMatch(/gate +refused, nothing deployed/);
    expect(text).toMatch(/why +Accuracy 0\.80 is low\./);
    expect(text).not.toContain('curl');
  });

  it('says which share of the requests a model answers beside another one', () => {
    const deployment = { status: 'splitting', endpoint: 'e', percent: 20 } as const;

    const text = runSummary({ ...CHURN_RUN, deployment }, PLAIN);

    expect(text).toMatch(/gate +passed, answers a share of the requests/);
    expect(text).toMatch(/share +20 % of the requests/);
  });

  it('lists each rule of the gate with what it found', () => {
    const text = runSummary({ ...CHURN_RUN, tasks: [...CHURN_RUN.tasks, JUDGED] }, PLAIN);

    expect(text).toMatch(/ {2}leak +✓ None of the 1000 held-out rows is a training row\./);
    expect(text).toMatch(/ {2}champion +✗ 80 of 100 shared unseen rows right, the champion 90/);
    expect(text).toMatch(/ {2}approval +rejected by ada: too early/);
  });

  it('gives a line to paste, quoted for the shell', () => {
    const sample = { contentType: 'text/csv', body: "a\n'b\\" };

    const text = runSummary(CHURN_RUN, { ...PLAIN, sample });

    expect(text).toContain(
      "curl -s http://127.0.0.1:41873/invocations -H 'Content-Type: text/csv' --data-binary $'a\\n\\'b\\\\'",
    );
  });
});

describe('the numbers of the gate', () => {
  const withAccuracy = (test_accuracy: number): string =>
    runSummary(
      {
        ...CHURN_RUN,
        tasks: [
          {
            name: 'evaluate',
            kind: 'container',
            status: 'succeeded',
            cached: false,
            attempts: 1,
            outputs: { parameters: { test_accuracy }, artifacts: {} },
          },
        ],
        deployment: { status: 'refused', endpoint: 'e' },
      },
      PLAIN,
    );

  it('are rounded to four places', () => {
    expect(withAccuracy(0.8147622427253371)).toContain('(0.8148 < 0.85)');
  });

  it('are written out where rounding would hide the difference', () => {
    expect(withAccuracy(0.84999)).toContain('(0.84999 < 0.85)');
  });

  it('pass at equality', () => {
    expect(withAccuracy(0.85)).toContain('(0.85 >= 0.85)');
  });
});
