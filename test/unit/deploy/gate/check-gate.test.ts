import { describe, expect, it } from 'vitest';
import { checkGate } from '../../../../src/deploy/index.js';

const MODEL = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const PASSED = { model_digest: MODEL, passed: true, test_accuracy: 0.93, threshold: 0.85 };

const decide = (evaluation: Record<string, unknown>) =>
  checkGate({ modelDigest: MODEL, evaluation });

describe('checkGate', () => {
  it('accepts the evaluated model when it passed', () => {
    expect(decide(PASSED)).toEqual({
      accepted: true,
      reason: 'test_accuracy 0.93 >= threshold 0.85',
    });
  });

  it('accepts a tie with the threshold (G3)', () => {
    expect(decide({ ...PASSED, test_accuracy: 0.85 }).accepted).toBe(true);
  });

  it('refuses an accuracy just below the threshold', () => {
    expect(decide({ ...PASSED, test_accuracy: 0.8499 })).toEqual({
      accepted: false,
      code: 'E_DEPLOY_REFUSED',
      reason: 'test_accuracy 0.8499 is below the threshold 0.85',
    });
  });

  it.each([[undefined], [Number.NaN], [Infinity], ['0.93'], [null], [1.2], [-0.1]])(
    'refuses the accuracy %s as a metric (G1)',
    (accuracy) => {
      expect(decide({ ...PASSED, test_accuracy: accuracy })).toMatchObject({
        accepted: false,
        code: 'E_METRIC',
      });
    },
  );

  it('names a metric that is not a number as it was found', () => {
    expect(decide({ ...PASSED, test_accuracy: Number.NaN })).toMatchObject({
      reason: 'test_accuracy is NaN; the gate needs a number from 0 to 1',
    });
  });

  it.each([[undefined], [Number.NaN], [85]])('refuses the threshold %s (G1)', (threshold) => {
    expect(decide({ ...PASSED, threshold })).toMatchObject({ accepted: false, code: 'E_METRIC' });
  });

  it.each([[false], [undefined], ['true'], [1]])('refuses passed = %s', (passed) => {
    expect(decide({ ...PASSED, passed })).toMatchObject({
      accepted: false,
      code: 'E_DEPLOY_REFUSED',
    });
  });

  it('gives the reason of an evaluation that is stricter than its threshold', () => {
    const decision = decide({ ...PASSED, passed: false, reason: 'no better than the majority' });

    expect(decision.reason).toBe('the evaluation did not pass: no better than the majority');
  });

  it('refuses a model that was swapped after its evaluation (G2)', () => {
    expect(checkGate({ modelDigest: OTHER, evaluation: PASSED })).toEqual({
      accepted: false,
      code: 'E_DEPLOY_REFUSED',
      reason: `evaluated model ${MODEL} is not the model to deploy ${OTHER}`,
    });
  });

  it.each([[undefined], [''], [7]])('refuses an evaluation of model %s (G2)', (digest) => {
    expect(decide({ ...PASSED, model_digest: digest })).toMatchObject({
      accepted: false,
      code: 'E_DEPLOY_REFUSED',
    });
  });

  it('refuses a model without a digest', () => {
    expect(checkGate({ modelDigest: undefined, evaluation: PASSED }).accepted).toBe(false);
  });

  it('accepts a model without a wired evaluation when lineage vouches for it (G4)', () => {
    expect(checkGate({ modelDigest: MODEL, isEvaluatedInLineage: true }).accepted).toBe(true);
  });

  it.each([[false], [undefined]])(
    'refuses a model without a wired evaluation when lineage says %s (G4)',
    (isEvaluatedInLineage) => {
      expect(checkGate({ modelDigest: MODEL, isEvaluatedInLineage })).toMatchObject({
        accepted: false,
        code: 'E_DEPLOY_REFUSED',
      });
    },
  );

  it('does not let lineage overrule a wired evaluation that failed', () => {
    const facts = { modelDigest: MODEL, evaluation: { ...PASSED, passed: false } };

    expect(checkGate({ ...facts, isEvaluatedInLineage: true }).accepted).toBe(false);
  });
});
