// Models as the store has them.

import { clientErrors, storageErrors } from '../errors/index.js';
import { keys } from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { closestMatch } from '../util/index.js';
import { foldModel, type ModelView } from './fold-model.js';
import { readEvent, type ModelEvent } from './model-event.js';
import { readVersion, type ModelVersion } from './model-version.js';

/** Reads in flight: enough to hide a store's delay, few enough for its limits. */
const AT_ONCE = 32;

/** Reads a model with all its versions and its log; one without a version is empty. @throws E_RECORD */
export async function readModel(store: ArtifactStore, name: string): Promise<ModelView> {
  // The log first: an entry is written only after the version that it is about.
  const events = await readLog(store, name);
  return foldModel(name, await readVersions(store, name), events);
}

/** Reads a model. @throws E_NOT_FOUND with the nearest name; E_RECORD */
export async function showModel(store: ArtifactStore, name: string): Promise<ModelView> {
  const view = await readModel(store, name);
  if (view.versions.length > 0) return view;
  const names = await store.listFolders(keys.MODELS_FOLDER);
  throw clientErrors.notFound('model', name, {
    nearest: closestMatch(name, names),
    hint: names.length === 0 ? 'No run has offered a model yet.' : `Models: ${names.join(', ')}.`,
  });
}

/** Reads all models, by name. @throws E_RECORD */
export async function listModels(store: ArtifactStore): Promise<ModelView[]> {
  const views: ModelView[] = [];
  for (const folder of await store.listFolders(keys.MODELS_FOLDER)) {
    const [first] = await numbersIn(store, `${keys.MODELS_FOLDER}/${folder}/versions`);
    if (first === undefined) continue;
    // The folder's name is safe for storage; the version has the model's own.
    const version = await readVersion(store, folder, first);
    views.push(await readModel(store, version?.name ?? folder));
  }
  return views;
}

/** Reads the log of a model, the oldest entry first. @throws E_RECORD when one is missing or damaged */
export async function readLog(store: ArtifactStore, name: string): Promise<ModelEvent[]> {
  const numbers = await numbersIn(store, keys.modelEventsFolder(name));
  const events = await inBatches(numbers, (sequence) => readEvent(store, name, sequence));
  return events.map((event, index) => {
    if (event?.sequence === index + 1) return event;
    throw storageErrors.recordDamaged(keys.modelEventKey(name, index + 1), '$', 'is missing');
  });
}

/** Reads the versions of a model, the oldest first. @throws E_RECORD */
export async function readVersions(store: ArtifactStore, name: string): Promise<ModelVersion[]> {
  const numbers = await numbersIn(store, keys.modelVersionsFolder(name));
  const versions = await inBatches(numbers, (version) => readVersion(store, name, version));
  return versions.filter((version) => version !== undefined);
}

async function inBatches<Item>(
  numbers: readonly number[],
  read: (number: number) => Promise<Item>,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let start = 0; start < numbers.length; start += AT_ONCE) {
    items.push(...(await Promise.all(numbers.slice(start, start + AT_ONCE).map(read))));
  }
  return items;
}

/** Numbers of the records in a folder, the smallest first. */
async function numbersIn(store: ArtifactStore, folder: string): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { key } of store.list(folder)) {
    const number = /\/([1-9]\d*)\.json$/.exec(key)?.[1];
    if (number !== undefined) numbers.push(Number(number));
  }
  return numbers.sort((left, right) => left - right);
}
