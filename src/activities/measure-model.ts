// Measures a model for the gate, as a task of its own: models are never loaded in this process.
//
// M1. It runs as a process, whatever the run's tasks run on: a program of this project, which loads skops models. A
//     pickle, which runs its maker's code, is loaded only where the task that made it was a process too.
// M2. The same question finds the same execution, running or finished.
// M3. It takes seconds, so it never goes on without its worker: another one measures again.

import type { ArtifactRef, DeployRequest } from '../contract/index.js';
import type { GateEvidence } from '../deploy/index.js';
import { AnnealError } from '../errors/index.js';
import { componentDigest } from '../lineage/index.js';
import { executeTask } from '../runners/index.js';
import type { JsonObject } from '../util/index.js';
import type { ActivityParts } from './activity-parts.js';
import { EVIDENCE_COMPONENT } from './evidence-component.js';
import type { Champion } from './find-champion.js';
import type { BeatingWork } from './with-heartbeat.js';

/** Single predictions that are timed: enough for a look, and for a limit. */
const SMOKE_ROWS = 5;
const SMOKE_ROWS_WITH_LIMIT = 100;

export interface ModelQuestion {
  readonly request: DeployRequest;
  readonly modelDigest: string;
  /** M1 */
  readonly allowPickle: boolean;
  readonly trainData: readonly ArtifactRef[];
  readonly heldOut: readonly ArtifactRef[];
  readonly champion: Champion;
  readonly segmentColumns: readonly string[];
  readonly hasLatencyLimit: boolean;
  /** Store key for what the measuring leaves (M2). */
  readonly stagingKey: string;
}

/** Digest of what measures: part of every decision record. */
export const EVALUATOR_DIGEST = componentDigest(EVIDENCE_COMPONENT.component, {
  container: EVIDENCE_COMPONENT.container,
});

/** Has a model measured. @throws what executeTask throws; E_DIGEST when its bytes have changed */
export async function measureModel(
  { store, runners, admit }: Pick<ActivityParts, 'store' | 'runners' | 'admit'>,
  question: ModelQuestion,
  { signal, progress }: BeatingWork,
): Promise<GateEvidence> {
  const { run, task } = question.request;
  const { stagingKey } = question;
  progress('measures the model for the gate');
  const runner = await runners.get('process'); // M1
  const done = await executeTask(
    {
      id: {
        runId: run.runId,
        task: `${task}/${stagingKey.split('/').slice(-2).join('/')}`,
        attempt: 1,
      },
      stagingKey,
      ...EVIDENCE_COMPONENT,
      inputs: { parameters: parametersOf(question), artifacts: artifactsOf(question) },
      names: {
        ...{ jobName: run.runId, jobResourceName: run.runId, jobId: run.runId },
        ...{ taskName: 'gate-evidence', taskId: `${run.runId}/${task}` },
        pipelineRoot: store.uriOf(stagingKey),
        createTime: run.createdAt,
      },
    },
    { store, runner, signal: endingSignal(signal), admit, progress },
  );
  const staging = await store.stage(stagingKey);
  await staging.release().catch(() => undefined); // what stays behind is removed by its age
  const evidence = done.outputs.parameters['Output'];
  if (typeof evidence === 'object' && evidence !== null && !Array.isArray(evidence)) {
    return evidence as GateEvidence;
  }
  throw new AnnealError('What measured the model for the gate gave no answer.', {
    code: 'E_TASK_OUTPUT',
    hint: `Read its log in the store: ${stagingKey}/log.txt`,
  });
}

/** M3 */
function endingSignal(signal: AbortSignal): AbortSignal {
  const ending = new AbortController();
  const end = (): void => ending.abort('canceled');
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return ending.signal;
}

function parametersOf(question: ModelQuestion): JsonObject {
  const { champion } = question;
  return {
    model_digest: question.modelDigest,
    allow_pickle: question.allowPickle,
    segment_columns: [...new Set(question.segmentColumns)],
    smoke_rows: question.hasLatencyLimit ? SMOKE_ROWS_WITH_LIMIT : SMOKE_ROWS,
    ...(champion.model && {
      champion_digest: champion.model.digest,
      champion_allow_pickle: champion.mayUnpickle,
    }),
  };
}

/** Absent lists are left out: KFP knows no empty ones. */
function artifactsOf(question: ModelQuestion): Record<string, readonly ArtifactRef[]> {
  const { request, champion, trainData, heldOut } = question;
  const given = {
    model: [request.model],
    train_data: trainData,
    held_out: heldOut,
    champion: champion.model === undefined ? [] : [champion.model],
    champion_train_data: champion.trainData,
  };
  return Object.fromEntries(Object.entries(given).filter(([, list]) => list.length > 0));
}
