import { mlflowErrors } from '../errors/index.js';
import type { JsonObject } from '../util/index.js';
import { scalarText } from './scalar-text.js';
import { isMlflowAnswer, type MlflowClient } from './mlflow-client.js';

/** Finds or makes an experiment. @returns its id. @throws E_MLFLOW, also for one in MLflow's trash */
export async function ensureExperiment(client: MlflowClient, name: string): Promise<string> {
  const found = await findExperiment(client, name);
  if (found !== undefined) return found;
  try {
    const { experiment_id: id } = await client.post('experiments/create', { name });
    return scalarText(id);
  } catch (error) {
    if (!isMlflowAnswer(error, 'RESOURCE_ALREADY_EXISTS')) throw error;
    const made = await findExperiment(client, name); // by another delivery, a moment ago
    if (made === undefined) throw error;
    return made;
  }
}

async function findExperiment(client: MlflowClient, name: string): Promise<string | undefined> {
  try {
    const query = { experiment_name: name };
    const { experiment } = await client.get('experiments/get-by-name', query);
    const { experiment_id: id, lifecycle_stage: stage } = experiment as JsonObject;
    if (stage === 'deleted') throw inTrash(client, name);
    return scalarText(id);
  } catch (error) {
    if (isMlflowAnswer(error, 'RESOURCE_DOES_NOT_EXIST')) return undefined;
    throw error;
  }
}

function inTrash({ address }: MlflowClient, name: string): Error {
  return mlflowErrors.mlflowFailed(address, {
    reason: `the experiment "${name}" was deleted there`,
    retryable: false,
    hint: 'Restore it in MLflow (mlflow experiments restore), or set ANNEAL_MLFLOW_EXPERIMENT.',
  });
}
