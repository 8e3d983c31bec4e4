// A version of a model in MLflow's registry: its bytes in the run that made it, its stage as tag and alias.
//
// P1. A version is found again by its tag, so pushing it twice makes it once; a create whose answer was lost, too.
// P2. The alias `champion` names the version that serves, and no other.

import type { MlflowTarget } from '../../config/index.js';
import { mlflowErrors } from '../../errors/index.js';
import {
  artifactAddress,
  ensureExperiment,
  findTrackedRuns,
  isMlflowAnswer,
  openMlflow,
  RUN_TAG,
  runTag,
  scalarText,
  takesArtifacts,
  trackedRun,
  uploadArtifact,
  whyNotUploaded,
  type MlflowClient,
  type TrackedRun,
} from '../../mlflow/index.js';
import type { ArtifactStore } from '../../storage/index.js';
import type { JsonObject } from '../../util/index.js';
import type { ModelVersionView, ModelView } from '../fold-model.js';
import type { MirroredVersion, ModelMirror } from '../mirror.js';

const VERSION_TAG = 'anneal.version';
const STAGE_TAG = 'anneal.stage';
const ALIAS = 'champion';

/** Makes the mirror in one MLflow. */
export function mlflowMirror(target: MlflowTarget, store: ArtifactStore): ModelMirror {
  return {
    name: 'mlflow',
    push: async (version, model, signal) => {
      const client = await openMlflow(target, signal);
      const experiment = await ensureExperiment(client, target.experiment ?? version.run.pipeline);
      return pushVersion({ client, store, experiment, signal }, version, model);
    },
  };
}

interface PushTools {
  readonly client: MlflowClient;
  readonly store: ArtifactStore;
  /** Id of the experiment that its run is in, or is to be. */
  readonly experiment: string;
  readonly signal: AbortSignal;
}

/** A version as MLflow keeps it. */
interface RegisteredVersion {
  readonly number: string;
  readonly tags: ReadonlyMap<string, string>;
}

async function pushVersion(
  tools: PushTools,
  version: ModelVersionView,
  model: ModelView,
): Promise<MirroredVersion> {
  const { client } = tools;
  const { name } = version;
  await ensureModel(client, name);
  let registered = await registeredVersions(client, name);
  if (findVersion(registered, version.version) === undefined) {
    await createVersion(tools, version);
    registered = await registeredVersions(client, name); // P1
  }
  await tagStages(client, model, registered);
  const number = findVersion(registered, version.version)!.number;
  if (version.stage === 'champion') {
    await client.post('registered-models/alias', { name, alias: ALIAS, version: number }); // P2
  }
  return { reference: `${name}/${number}` };
}

async function ensureModel(client: MlflowClient, name: string): Promise<void> {
  try {
    await client.post('registered-models/create', { name });
  } catch (error) {
    if (!isMlflowAnswer(error, 'RESOURCE_ALREADY_EXISTS')) throw error;
  }
}

async function registeredVersions(
  client: MlflowClient,
  name: string,
): Promise<readonly RegisteredVersion[]> {
  const found: RegisteredVersion[] = [];
  let token = '';
  do {
    const { model_versions: versions = [], next_page_token: next = '' } = await client.get(
      'model-versions/search',
      { filter: `name='${name}'`, max_results: '200', ...(token !== '' && { page_token: token }) },
    );
    found.push(...(versions as readonly JsonObject[]).map(registeredVersion));
    token = scalarText(next);
  } while (token !== '');
  return found;
}

function registeredVersion({ version, tags = [] }: JsonObject): RegisteredVersion {
  const pairs = (tags as readonly JsonObject[]).map(
    ({ key, value }) => [scalarText(key), scalarText(value)] as const,
  );
  return { number: scalarText(version), tags: new Map(pairs) };
}

/** Of several, which only a race makes, the first. */
function findVersion(
  registered: readonly RegisteredVersion[],
  version: number,
): RegisteredVersion | undefined {
  return registered
    .filter(({ tags }) => tags.get(VERSION_TAG) === String(version))
    .sort((left, right) => Number(left.number) - Number(right.number))[0];
}

async function createVersion(tools: PushTools, version: ModelVersionView): Promise<void> {
  const { client } = tools;
  const { name, model, run, stage } = version;
  const tracked = await runOf(tools, version);
  if (!takesArtifacts(tracked)) {
    const reason = whyNotUploaded(tracked).replace(/\.$/, '');
    throw mlflowErrors.mlflowFailed(client.address, { reason, retryable: false });
  }
  const place = { task: version.madeBy ?? run.task, output: model.name };
  await uploadArtifact(tracked, { ...place, artifact: model }, tools);
  await client.post('model-versions/create', {
    name,
    source: artifactAddress(tracked, place),
    run_id: tracked.id,
    description: `${name}@${version.version} of Anneal: run ${run.runId}, ${model.digest}`,
    tags: tagsOf({
      [VERSION_TAG]: String(version.version),
      [STAGE_TAG]: stage,
      'anneal.model_digest': model.digest,
      'anneal.run_id': run.runId,
      'anneal.pipeline': run.pipeline,
      'anneal.pipeline_digest': run.digest,
    }),
  });
}

/** The run in MLflow that holds the model's bytes: the tracked one, or one made for them. */
async function runOf(
  { client, experiment }: PushTools,
  { run, metrics, createdAt }: ModelVersionView,
): Promise<TrackedRun> {
  const [tracked] = await findTrackedRuns(client, experiment, run.runId);
  if (tracked !== undefined) return tracked;
  const timestamp = Date.parse(createdAt);
  const created = await client.post('runs/create', {
    experiment_id: experiment,
    run_name: run.runId,
    start_time: timestamp,
    tags: tagsOf({ [RUN_TAG]: runTag(run.runId), 'anneal.pipeline': run.pipeline }),
  });
  const made = trackedRun(created['run'] as JsonObject);
  const numbers = Object.entries(metrics).slice(0, 1000); // MLflow's limit on one request
  await client.post('runs/log-batch', {
    run_id: made.id,
    metrics: numbers.map(([key, value]) => ({ key, value, timestamp, step: 0 })),
  });
  await client.post('runs/update', { run_id: made.id, status: 'FINISHED', end_time: timestamp });
  return made;
}

async function tagStages(
  client: MlflowClient,
  { name, versions }: ModelView,
  registered: readonly RegisteredVersion[],
): Promise<void> {
  for (const { version, stage } of versions) {
    const found = findVersion(registered, version);
    if (found === undefined || found.tags.get(STAGE_TAG) === stage) continue;
    const tag = { name, version: found.number, key: STAGE_TAG, value: stage };
    await client.post('model-versions/set-tag', tag);
  }
}

function tagsOf(tags: Readonly<Record<string, string>>): { key: string; value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}
