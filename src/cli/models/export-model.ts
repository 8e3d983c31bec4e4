import type { Settings } from '../../config/index.js';
import { createModelArchive } from '../../deploy/index.js';
import { configErrors } from '../../errors/index.js';
import {
  chooseVersion,
  mlflowMirror,
  parseModelReference,
  sageMakerMirror,
  showModel,
  type ModelMirror,
} from '../../models/index.js';
import type { ArtifactStore } from '../../storage/index.js';
import type { CliContext } from '../cli-context.js';
import { openWorkplace } from '../session.js';

/** Brings a version to another registry. @throws E_CONFIG, E_NOT_FOUND, E_MLFLOW, E_AWS_CONFIG, E_DEPLOY */
export async function exportVersion(
  context: CliContext,
  text: string,
  to: ModelMirror['name'],
): Promise<void> {
  const { output } = context;
  const { settings, store } = await openWorkplace(context);
  const { name, version } = parseModelReference(text);
  const model = await showModel(store, name);
  const chosen = chooseVersion(model, version);
  const mirror = openMirror(to, settings, store);
  const { reference } = await mirror.push(chosen, model, new AbortController().signal);
  output.json({ name, version: chosen.version, registry: to, reference });
  output.result(`${name}@${chosen.version} is ${reference} in ${to}.`);
}

function openMirror(
  to: ModelMirror['name'],
  settings: Settings,
  store: ArtifactStore,
): ModelMirror {
  if (to === 'mlflow') {
    const { mlflow } = settings;
    if (mlflow === undefined) throw configErrors.settingNeeded('ANNEAL_MLFLOW_TRACKING_URI');
    return mlflowMirror(mlflow, store);
  }
  const { region, image, bucket } = settings.deploy.sagemaker;
  if (region === undefined) throw configErrors.settingNeeded('ANNEAL_SAGEMAKER_REGION');
  if (image === undefined) throw configErrors.settingNeeded('ANNEAL_SAGEMAKER_IMAGE');
  if (bucket === undefined) throw configErrors.settingNeeded('ANNEAL_SAGEMAKER_BUCKET');
  const archive = createModelArchive({ bucket, s3: { ...settings.s3, region } });
  return sageMakerMirror({ region, image, store, archive });
}
