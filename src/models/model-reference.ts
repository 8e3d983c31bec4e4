import { clientErrors, modelErrors } from '../errors/index.js';
import type { ModelVersionView, ModelView } from './fold-model.js';

/** What was asked for: a model, and perhaps one of its versions. */
export interface ModelReference {
  readonly name: string;
  readonly version?: number | 'champion';
}

/** Reads `NAME`, `NAME@3` or `NAME@champion`. @throws E_NOT_FOUND for any other form */
export function parseModelReference(text: string): ModelReference {
  const [, name, version] = /^([^@]+)(?:@(champion|[1-9]\d*))?$/.exec(text) ?? [];
  if (name === undefined) {
    throw clientErrors.notFound('model version', text, {
      hint: 'Give NAME@VERSION, such as churn-model-prod@3, or NAME@champion.',
    });
  }
  if (version === undefined) return { name };
  return { name, version: version === 'champion' ? version : Number(version) };
}

/** Finds the version of a model that is meant; the newest without a choice. @throws E_NOT_FOUND */
export function chooseVersion(
  { name, champion, versions }: ModelView,
  wanted: ModelReference['version'],
): ModelVersionView {
  const number = wanted === 'champion' ? champion : wanted;
  const found =
    wanted === undefined ? versions[0] : versions.find(({ version }) => version === number);
  if (found !== undefined) return found;
  throw clientErrors.notFound('model version', `${name}@${wanted}`, {
    hint: `Versions of "${name}": ${versions.map(({ version }) => version).join(', ')}.`,
  });
}

/** The version that a rollback goes back to. @throws E_STATE when there is none */
export function formerChampionOf(model: ModelView): ModelVersionView {
  if (model.formerChampion === undefined) throw modelErrors.noFormerChampion(model.name);
  return chooseVersion(model, model.formerChampion);
}
