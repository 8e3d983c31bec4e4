// Registries elsewhere that show what ours holds.
//
// X1. Ours is the truth: a mirror is brought to it, as often as one likes, and never asked.
// X2. A mirror that is away keeps no model from going live: what it missed, the next change or
//     `anneal models export` brings.

import type { ModelVersionView, ModelView } from './fold-model.js';

export interface ModelMirror {
  readonly name: 'mlflow' | 'sagemaker';
  /** Brings one version, and the stages of those that are there already. */
  push(version: ModelVersionView, model: ModelView, signal: AbortSignal): Promise<MirroredVersion>;
}

export interface MirroredVersion {
  /** Its name there: `churn/3`, an ARN. */
  readonly reference: string;
}
