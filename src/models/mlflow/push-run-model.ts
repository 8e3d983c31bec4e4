import type { MlflowTarget } from '../../config/index.js';
import type { RunEvent } from '../../contract/index.js';
import type { ArtifactStore } from '../../storage/index.js';
import { readModel } from '../read-model.js';
import { mlflowMirror } from './push-version.js';

/** Brings the version that a run offered, or promoted, to MLflow's registry. @throws E_MLFLOW, E_RECORD, E_STORE */
export async function pushRunModel(
  { run, deployment }: RunEvent,
  target: MlflowTarget,
  { store, signal }: { readonly store: ArtifactStore; readonly signal: AbortSignal },
): Promise<void> {
  if (deployment === undefined || deployment.endpoint === '') return;
  const model = await readModel(store, deployment.endpoint);
  const own = new Set(
    model.events.filter(({ runId }) => runId === run.runId).map(({ version }) => version),
  );
  const mirror = mlflowMirror(target, store);
  for (const version of model.versions.filter((each) => own.has(each.version))) {
    await mirror.push(version, model, signal);
  }
}
