import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import { runSummary } from '../../../src/cli/output/run-summary.js';
import { CHURN_RUN } from '../viewer/churn-run.js';

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

  it('gives a line to paste, quoted for the shell', () => {
    const sample = { contentType: 'text/csv', body: "a\n'b\\" };

    const text = runSummary(CHURN_RUN, { ...PLAIN, sample });

    expect(text).toContain(
      "curl -s http://127.0.0.1:41873/invocations -H 'Content-Type: text/csv' --data-binary $'a\\n\\'b\\\\'",
    );
  });
});
