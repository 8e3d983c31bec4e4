import { describe, expect, it } from 'vitest';
import { toRunInput } from '../../../src/client/start-request.js';
import { assertRunId, newRunId } from '../../../src/client/run-id.js';

const PIPELINE = { name: 'demo' };

describe('a start request', () => {
  it('refuses 3 MB of text and shows the limit', () => {
    const parameters = { text: 'x'.repeat(3_000_000) };

    expect(() => toRunInput({ pipeline: PIPELINE, parameters })).toThrow(
      expect.objectContaining({
        code: 'E_PARAM_SIZE',
        message: expect.stringContaining('1048576 bytes') as string,
      }),
    );
  });

  it('counts bytes, not characters', () => {
    const parameters = { text: 'é'.repeat(600_000) };

    expect(() => toRunInput({ pipeline: PIPELINE, parameters })).toThrow(
      expect.objectContaining({ code: 'E_PARAM_SIZE' }),
    );
  });

  it('refuses 10,000 parameters', () => {
    const parameters = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`p${index}`, 1]),
    );

    expect(() => toRunInput({ pipeline: PIPELINE, parameters })).toThrow(
      expect.objectContaining({ code: 'E_PARAM_SIZE' }),
    );
  });

  it('passes half a megabyte', () => {
    const parameters = { text: 'x'.repeat(500_000) };

    expect(toRunInput({ pipeline: PIPELINE, parameters }).parameters).toEqual(parameters);
  });
});

describe('a run id', () => {
  it('names the pipeline and sorts by time', () => {
    const earlier = newRunId('ml-training-pipeline', new Date('2026-01-31T09:45:02Z'));
    const later = newRunId('ml-training-pipeline', new Date('2026-01-31T09:45:03Z'));

    expect(earlier).toMatch(/^ml-training-pipeline-20260131-094502-[0-9a-f]{4}$/);
    expect(earlier < later).toBe(true);
  });

  it('is a safe name also for a pipeline with an odd one', () => {
    const runId = newRunId(`../ü ${'x'.repeat(200)}`, new Date());

    expect(() => assertRunId(runId)).not.toThrow();
  });

  it.each(['', '../x', 'a/b', '.hidden', '-x', 'a b', 'é', 'x'.repeat(101), 'a\u0000b'])(
    'cannot be %j',
    (runId) => {
      expect(() => assertRunId(runId)).toThrow(expect.objectContaining({ code: 'E_NAME' }));
    },
  );
});
