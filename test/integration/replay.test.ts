// The histories of real runs, replayed by the workflow code of this build.
//
// A failure here means that runs in flight would break: put the change behind patched('<behaviour>'), or, before
// the first release of a version, record its histories again (node bin/record-histories.mjs).

import { readFileSync } from 'node:fs';
import { Buffer } from 'node:buffer';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, expect, test } from 'vitest';
import { parseHistory, readHistories } from '../support/read-histories.js';

/** Without and with spans: a worker may be restarted with the other one in the middle of a run. */
const BUNDLES = {
  plain: bundle('workflow-bundle.cjs'),
  traced: bundle('workflow-bundle.traced.cjs'),
};
type Bundle = keyof typeof BUNDLES;
const RECORDED = readHistories();
interface RecordedEvent {
  readonly eventType: string;
  readonly activityTaskStartedEventAttributes?: { readonly attempt: number };
}
/** Every release keeps one of each. */
const KINDS = [
  'branch-elif',
  'branch-else',
  'branch-if',
  'canceled-with-exit-handler',
  'churn-cached',
  'churn-promoted',
  'churn-refused',
  'failed',
  'loop',
  'loop-sliced',
  'loop-sliced-for-loop-1-0',
  'loop-sliced-for-loop-1-2',
  'loop-sliced-for-loop-1-4',
  'monitor-churn',
  'parameter-refused',
  'retried',
  'worker-killed',
];

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
});

test.each(RECORDED)('$name replays without non-determinism', async ({ workflowId, history }) => {
  const error = await replay(workflowId, history);

  expect(error).toBeUndefined();
});

test.each(RECORDED)('$name replays where traces are on', async ({ workflowId, history }) => {
  const error = await replay(workflowId, history, 'traced');

  expect(error).toBeUndefined();
});

test('a workflow that asks for something else than recorded is found out', async () => {
  const recorded = RECORDED.find(({ name }) => name.endsWith('/failed'))!;
  const changed = recorded.text.replaceAll('"name":"runTask"', '"name":"importArtifact"');
  const { workflowId, history } = parseHistory(changed);

  const error = await replay(workflowId, history);

  expect(changed).not.toBe(recorded.text);
  expect(error?.name).toBe('DeterminismViolationError');
});

test('every release has one recording of each kind', () => {
  const releases = [...new Set(RECORDED.map(({ name }) => name.split('/')[0]!))];

  const kinds = releases.map((release) =>
    RECORDED.filter(({ name }) => name.startsWith(`${release}/`))
      .map(({ name }) => name.split('/')[1])
      .sort(),
  );

  expect(kinds).toEqual(releases.map(() => KINDS));
});

test.each([
  ['churn-cached', '"cached":true'],
  ['churn-refused', '"status":"refused"'],
  ['churn-promoted', '"status":"promoted"'],
  ['canceled-with-exit-handler', 'cleaned up'],
  ['retried', '"attempts":3'],
  ['monitor-churn', '"action":"retrain"'],
  ['worker-killed', 'EVENT_TYPE_ACTIVITY_TASK_STARTED attempt 2'],
])('%s holds what its name says', (name, words) => {
  const { text } = RECORDED.find((recorded) => recorded.name.endsWith(`/${name}`))!;

  expect(readable(text).includes(words)).toBe(true);
});

test.each(RECORDED)('$name is small and names nothing of the machine that made it', ({ text }) => {
  expect(text.length).toBeLessThan(300_000);
  expect(readable(text).match(/\/(tmp|home|root|work|Users)\/.{20}|"\d+@.{20}|pypi/)).toBeNull();
});

async function replay(
  workflowId: string,
  history: object,
  bundle: Bundle = 'plain',
): Promise<Error | undefined> {
  const options = { workflowBundle: { code: BUNDLES[bundle] } };
  const results = Worker.runReplayHistories(options, [{ workflowId, history }]);
  for await (const { error } of results) return error;
  throw new Error('nothing was replayed');
}

function bundle(name: string): string {
  return readFileSync(new URL(`../../dist/${name}`, import.meta.url), 'utf8');
}

/** A recording with its payloads decoded, and tries of activities spelled out. */
function readable(text: string): string {
  const decoded = text.replaceAll(/"data":"([A-Za-z0-9+/=]*)"/g, (_, data: string) =>
    Buffer.from(data, 'base64').toString(),
  );
  const { events } = JSON.parse(text) as { events: RecordedEvent[] };
  const tries = events.map(
    ({ eventType, activityTaskStartedEventAttributes: started }) =>
      `${eventType} attempt ${started?.attempt ?? 0}`,
  );
  return `${decoded}\n${tries.join('\n')}`;
}
