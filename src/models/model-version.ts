// One version of a model: what it is, and where it came from. It never changes.

import type { ArtifactRef } from '../contract/index.js';
import { decode, keys, readRecord } from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';

export interface ModelVersion {
  readonly schemaVersion: 1;
  /** Name of the model: that of its endpoint. */
  readonly name: string;
  /** From 1. */
  readonly version: number;
  /** The stored bytes, with what training recorded about them. */
  readonly model: ArtifactRef & { readonly digest: string };
  /** The run that first offered it, and its task that deploys. */
  readonly run: ModelRun;
  /** Path of the task that computed the bytes; absent when no record says so. */
  readonly madeBy?: string;
  /** Numbers of the tasks that led to it and of those that judged it: `<task>.<metric>`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Data from outside that it was made from, and the data sets on the way. */
  readonly data: readonly ModelData[];
  /** Digest of the code of each task that led to it, by path. */
  readonly code: Readonly<Record<string, string>>;
  /** Digest of the environment or image of each of them. */
  readonly environments: Readonly<Record<string, string>>;
  /** What its endpoint was asked to run on. */
  readonly instanceType?: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface ModelRun {
  readonly runId: string;
  readonly pipeline: string;
  /** Of the compiled spec. */
  readonly digest: string;
  readonly task: string;
}

export interface ModelData {
  /** `<task>.<output>`. */
  readonly name: string;
  readonly uri: string;
  readonly digest?: string;
  readonly kind: 'source' | 'derived';
}

const { fields, text, digest, count, optional, instant, jsonObject, listOf, mapOf, oneOf } = decode;

const finite: decode.Decode<number> = (value, path) => {
  if (typeof value !== 'number') throw new decode.DecodeError(path, 'is not a number');
  return value;
};

const modelVersion = fields<ModelVersion>({
  schemaVersion: oneOf(1),
  name: text,
  version: count,
  model: fields<ModelVersion['model']>({
    name: text,
    type: text,
    schemaVersion: text,
    uri: text,
    digest,
    sizeBytes: optional(count),
    metadata: jsonObject,
  }),
  run: fields<ModelRun>({ runId: text, pipeline: text, digest: text, task: text }),
  madeBy: optional(text),
  metrics: mapOf(finite),
  data: listOf(
    fields<ModelData>({
      name: text,
      uri: text,
      digest: optional(digest),
      kind: oneOf('source', 'derived'),
    }),
  ),
  code: mapOf(text),
  environments: mapOf(text),
  instanceType: optional(text),
  createdAt: instant,
});

/** @returns undefined when there is no such version. @throws E_RECORD when it is damaged */
export function readVersion(
  store: ArtifactStore,
  name: string,
  version: number,
): Promise<ModelVersion | undefined> {
  return readRecord(store, keys.modelVersionKey(name, version), modelVersion);
}
