import type { JsonObject } from '../util/json.js';
import type { InputParameterJson } from './spec.js';

/** How an executor label is carried out. */
export type ExecutorKind = 'container' | 'importer' | 'deploy';

/** What the interpreter needs to know of an executor; its code stays in the store. */
export interface ExecutorPlan {
  readonly kind: ExecutorKind;
  /** importer: the ImporterSpec of the IR, as JSON. */
  readonly importer?: JsonObject;
  /** Where its platform settings take the names of secrets and volumes from: see platformNames. */
  readonly platformNames?: Readonly<Record<string, InputParameterJson>>;
}
