import type { ArtifactStore, StoredObject } from '../../src/storage/index.js';

/**
 * Documents in memory, with the promises of a store that matter to records.
 * @param turn  decides when each call is carried out
 */
export function memoryStore(turn: <Result>(work: () => Result) => Promise<Result>): ArtifactStore {
  const kept = new Map<string, Uint8Array>();
  const below = (folder: string): string[] =>
    [...kept.keys()].filter((key) => key.startsWith(`${folder}/`)).sort();
  const missing = (): never => {
    throw new Error('this store holds documents only');
  };
  return {
    uriOf: (key) => `memory:///${key}`,
    keyOf: () => undefined,
    put: (key, bytes, options) =>
      turn(() => {
        if (options?.ifAbsent === true && kept.has(key)) return false;
        kept.set(key, Buffer.from(bytes as string));
        return true;
      }),
    get: (key) => turn(() => kept.get(key)),
    list: async function* (folder): AsyncGenerator<StoredObject> {
      const keys = await turn(() => below(folder));
      for (const key of keys) yield { key, sizeBytes: kept.get(key)!.length, modifiedAtMs: 0 };
    },
    listFolders: (folder) =>
      turn(() => [
        ...new Set(below(folder).map((key) => key.slice(folder.length + 1).split('/')[0]!)),
      ]),
    remove: (key) => turn(() => void kept.delete(key)),
    stage: missing,
    localPath: missing,
    inspect: missing,
    fetchExternal: missing,
    openExternalFolder: missing,
    downloadLinks: missing,
  };
}
