import { describe, expect, test } from 'vitest';
import { activityFacts } from '../../../src/telemetry/activity-facts.js';

const run = { runId: 'r1', pipeline: 'churn', digest: 'sha256:0' };

describe('whom an activity works for', () => {
  test.each([
    ['a task', { run, task: 'a/1/b', component: 'comp-b', attempt: 2, runner: 'docker' }, 'a/1/b'],
    ['a run to be prepared', { runId: 'r1', input: { pipeline: { name: 'churn@3' } } }, undefined],
    ['a graph', run, undefined],
    ['an event', { hook: 0, event: { id: 'e', run } }, undefined],
    ['the record of a run', { ...run, status: 'succeeded', tasks: [] }, undefined],
  ])('%s', (_, request, task) => {
    const facts = activityFacts(request);

    expect(facts).toMatchObject({ runId: 'r1', pipeline: 'churn' });
    expect(facts.task).toBe(task);
  });

  test.each([undefined, null, 'text', { run: 1 }, { input: { pipeline: { name: 7 } } }])(
    'nothing is known of %o, and nothing breaks',
    (request) => {
      expect(Object.values(activityFacts(request)).filter(Boolean)).toEqual([]);
    },
  );
});
