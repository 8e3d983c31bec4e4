import { expect, test } from 'vitest';
import type { ArtifactRef } from '../../../src/contract/index.js';
import { publishManifest } from '../../../src/lineage/index.js';
import { registerCandidate, showModel } from '../../../src/models/index.js';
import type { ArtifactStore } from '../../../src/storage/index.js';
import { candidateOf } from '../../support/model-candidate.js';
import { holding, manifestOf, publishOutput, temporaryStore } from '../lineage/temporary-store.js';

const RUN = 'run-1';
const CODE = `sha256:${'1'.repeat(64)}`;

/** A run that imported data, trained on it, and evaluated what it trained. */
async function trainedModel(store: ArtifactStore): Promise<ArtifactRef & { digest: string }> {
  const data = await publishOutput(store, { runId: RUN, task: 'load', name: 'data' }, 'rows');
  const made = await publishOutput(store, { runId: RUN, task: 'train', name: 'model' }, 'trees');
  const model = { ...made, type: 'system.Model', digest: made.digest! };
  const metrics = { ...data, type: 'system.Metrics', name: 'metrics', digest: undefined };
  const report = { ...metrics, metadata: { accuracy: 0.93, label: 'yes' } };
  await publishManifest(
    store,
    manifestOf(RUN, 'load', { runner: 'importer', outputs: holding(data) }),
  );
  await publishManifest(
    store,
    manifestOf(RUN, 'train', {
      componentDigest: CODE,
      environmentDigest: 'sha256:env',
      inputs: holding(data),
      outputs: holding(model),
    }),
  );
  await publishManifest(
    store,
    manifestOf(RUN, 'evaluate', { inputs: holding(model), outputs: holding(report) }),
  );
  return model;
}

test('a version has the numbers, the data and the code that its lineage shows', async () => {
  const store = await temporaryStore();
  const model = await trainedModel(store);

  await registerCandidate(store, candidateOf('churn', 'any', { model, runId: RUN }));

  const [version] = (await showModel(store, 'churn')).versions;
  expect(version).toMatchObject({
    madeBy: 'train',
    metrics: { 'evaluate.accuracy': 0.93 },
    code: { train: CODE },
    environments: { train: 'sha256:env' },
  });
  expect(version!.data).toEqual([expect.objectContaining({ name: 'load.data', kind: 'source' })]);
});

test('the same bytes that another run offers are the version that is there (V1)', async () => {
  const store = await temporaryStore();
  const model = await trainedModel(store);
  const first = await registerCandidate(store, candidateOf('churn', 'any', { model, runId: RUN }));

  const again = await registerCandidate(store, candidateOf('churn', 'any', { model, runId: 'b' }));

  expect(again).toEqual(first);
  const { versions, events } = await showModel(store, 'churn');
  expect(versions).toHaveLength(1);
  expect(events.map(({ runId }) => runId)).toEqual([RUN, 'b']);
});
