import type { Candidate } from '../../src/models/index.js';
import { sha256Of } from '../../src/storage/index.js';

/** A model that a run offers; equal texts are equal models. */
export function candidateOf(
  name: string,
  text: string,
  {
    runId = `run of ${text}`,
    verdict = 'accepted',
    ...changes
  }: Partial<Candidate> & { readonly runId?: string } = {},
): Candidate {
  return {
    name,
    model: {
      name: 'model',
      type: 'system.Model',
      schemaVersion: '0.0.1',
      uri: `file:///models/${encodeURIComponent(text)}`,
      digest: sha256Of(text),
      metadata: {},
    },
    run: { runId, pipeline: 'churn', digest: sha256Of('spec'), task: 'deploy' },
    verdict,
    ...changes,
  };
}
