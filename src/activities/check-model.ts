import type { DeployRequest } from '../contract/index.js';
import { checkGate } from '../deploy/index.js';
import { AnnealError } from '../errors/index.js';
import { lineageOf, type Lineage } from '../lineage/index.js';
import { verifyArtifact, type ArtifactStore } from '../storage/index.js';

/** A model whose bytes are those on record, with an evaluation that is about it. */
export interface CheckedModel {
  readonly modelDigest: string;
  /** A task of this store computed these bytes: the only case in which an endpoint may load a pickle. */
  readonly isOurs: boolean;
  /** Whether a process of this project may load it where it is a pickle: see mayUnpickle. */
  readonly mayUnpickle: boolean;
  readonly isEvaluatedInLineage: boolean;
  readonly lineage: Lineage;
}

/**
 * Checks that a model is what it is said to be. What it is worth is the gate's matter.
 * @throws E_DEPLOY_REFUSED; E_DIGEST, E_ARTIFACT when its bytes are not the recorded ones
 */
export async function checkModel(
  store: ArtifactStore,
  { model, evaluation, run }: DeployRequest,
): Promise<CheckedModel> {
  if (model.digest === undefined || store.keyOf(model.uri) === undefined) {
    throw new AnnealError(
      `The model at ${model.uri} was not made by a run, so nothing says that its bytes stay the evaluated ones.`,
      {
        code: 'E_DEPLOY_REFUSED',
        hint: 'Deploy a model that a task of this project trained.',
      },
    );
  }
  await verifyArtifact(store, model.uri, model.digest);
  const lineage = await lineageOf(store, model.digest);
  const isEvaluatedInLineage = lineage.usedBy.some(
    (execution) => execution.run.runId === run.runId,
  );
  assertAboutModel({ modelDigest: model.digest, evaluation, isEvaluatedInLineage, uri: model.uri });
  return {
    modelDigest: model.digest,
    ...{ isOurs: isOurs(lineage), mayUnpickle: mayUnpickle(lineage) },
    ...{ isEvaluatedInLineage, lineage },
  };
}

/** A pickle runs code of the task that made it: as a process only where that task was a process too. */
export function mayUnpickle({ madeBy }: Pick<Lineage, 'madeBy'>): boolean {
  const makers = madeBy.filter(isTask);
  return makers.length > 0 && makers.every(({ runner }) => runner === 'process');
}

/** Whether a task of this store computed the bytes. */
export function isOurs({ madeBy }: Pick<Lineage, 'madeBy'>): boolean {
  return madeBy.some(isTask);
}

function isTask({ runner }: Lineage['madeBy'][number]): boolean {
  return runner !== 'importer';
}

interface ModelFacts extends Pick<CheckedModel, 'modelDigest' | 'isEvaluatedInLineage'> {
  readonly evaluation: DeployRequest['evaluation'];
  readonly uri: string;
}

/** An evaluation of another model, or none at all, is a fault of the pipeline: no policy is asked. */
function assertAboutModel({
  modelDigest,
  evaluation,
  isEvaluatedInLineage,
  uri,
}: ModelFacts): void {
  const said = evaluation?.metadata;
  const isAbout = said === undefined ? isEvaluatedInLineage : said['model_digest'] === modelDigest;
  if (isAbout) return;
  const { reason } = checkGate({ modelDigest, evaluation: said, isEvaluatedInLineage });
  throw new AnnealError(`The deployer refused the model: ${reason}.`, {
    code: 'E_DEPLOY_REFUSED',
    hint: 'Only a model that an evaluation of this run has passed is deployed.',
    details: { model: uri, modelDigest },
  });
}
