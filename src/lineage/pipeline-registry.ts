// Compiled pipelines by name and version.
//
// V1. A version never changes, and its text is what its digest says.
// V2. The same text published again is the same version, whoever publishes and however many at once:
//     a publisher creates version n+1 only after it has read versions 1 to n, and loses to whoever made n+1 first.
// V3. Where a version is from is no part of it: the same text may be published from one commit after the other, and
//     the last one counts.

import type { CodeSource, PipelineReference } from '../contract/index.js';
import { clientErrors, storageErrors } from '../errors/index.js';
import { sha256Of, type ArtifactStore } from '../storage/index.js';
import { closestMatch } from '../util/index.js';
import { count, digest, fields, oneOf, text } from './decode.js';
import { PIPELINES_FOLDER, pipelineFolder, pipelineVersionKey, specKey } from './keys.js';
import { parsePipelineReference } from './pipeline-reference.js';
import { readRecord } from './read-record.js';
import { readPipelineSource, writePipelineSource } from './pipeline-source.js';
import { encodeRecord } from './record.js';

/** `sha256:` and 64 hexadecimal digits. */
const WHOLE_DIGEST = 71;

/** One published version. */
export interface PipelineVersion {
  readonly name: string;
  readonly version: number;
  /** `sha256:<hex>` of the text. */
  readonly digest: string;
}

export interface PipelineToPublish {
  readonly name: string;
  readonly text: string;
  readonly digest?: string;
  readonly source?: CodeSource;
}

export interface PublishedPipeline extends PipelineVersion {
  /** False when this text was published under that name before. */
  readonly created: boolean;
}

export interface DatedVersion extends PipelineVersion {
  /** ISO 8601: when it was published. */
  readonly publishedAt: string;
  readonly source?: CodeSource;
}

export interface ResolvedPipeline extends PipelineVersion {
  /** The compiled spec, as published. */
  readonly text: string;
}

const versionRecord = fields<PipelineVersion & { readonly schemaVersion: 1 }>({
  schemaVersion: oneOf(1),
  name: text,
  version: count,
  digest,
});

/**
 * Publishes a compiled pipeline (V2).
 *
 * @param pipeline.text    the spec's canonical text
 * @param pipeline.digest  checked against the text when given
 * @param pipeline.source  where the text is from (V3); without it what is known stays
 * @throws E_DIGEST when text and digest differ; E_STORE, E_STORE_FULL
 */
export async function publishPipeline(
  store: ArtifactStore,
  pipeline: PipelineToPublish,
): Promise<PublishedPipeline> {
  const { source } = pipeline;
  const published = await createVersion(store, pipeline);
  if (source !== undefined) await writePipelineSource(store, published, source);
  return published;
}

async function createVersion(
  store: ArtifactStore,
  pipeline: PipelineToPublish,
): Promise<PublishedPipeline> {
  const { name } = pipeline;
  const specDigest = sha256Of(pipeline.text);
  if (pipeline.digest !== undefined && pipeline.digest !== specDigest) {
    throw storageErrors.digestMismatch(`pipeline:${name}`, pipeline.digest, specDigest);
  }
  await store.put(specKey(specDigest), pipeline.text); // not conditional: mends a damaged copy
  for (;;) {
    const versions = await versionNumbers(store, name);
    const existing = await findDigest(store, name, versions, specDigest);
    if (existing !== undefined) return { ...existing, created: false };
    const created = { name, version: (versions[0] ?? 0) + 1, digest: specDigest };
    const record = encodeRecord({ schemaVersion: 1, ...created });
    const key = pipelineVersionKey(name, created.version);
    if (await store.put(key, record, { ifAbsent: true })) return { ...created, created: true };
  }
}

/**
 * Finds a published pipeline with its text.
 *
 * @param wanted  version or digest choose one, beside the name or in it; without them the newest
 * @throws E_NOT_FOUND for an unknown name, version or digest, and for an abbreviated digest that several
 *   versions share; E_DIGEST or E_RECORD when it was tampered with
 */
export async function resolvePipeline(
  store: ArtifactStore,
  wanted: PipelineReference,
): Promise<ResolvedPipeline> {
  const reference = { ...wanted, ...parsePipelineReference(wanted.name) };
  const versions = await versionNumbers(store, reference.name);
  if (versions.length === 0) throw unknownPipeline(reference.name, await listPipelines(store));
  const found = await chooseVersion(store, reference, versions);
  const bytes = await store.get(specKey(found.digest));
  if (bytes === undefined) throw storageErrors.artifactMissing(store.uriOf(specKey(found.digest)));
  const actual = sha256Of(bytes);
  if (actual !== found.digest) {
    throw storageErrors.digestMismatch(store.uriOf(specKey(found.digest)), found.digest, actual);
  }
  return { ...found, text: Buffer.from(bytes).toString('utf8') };
}

/** Lists the versions of one pipeline, the newest first. @throws E_NOT_FOUND, E_RECORD */
export async function listVersions(
  store: ArtifactStore,
  name: string,
): Promise<readonly DatedVersion[]> {
  const found: DatedVersion[] = [];
  for await (const { key, modifiedAtMs } of store.list(pipelineFolder(name))) {
    if (versionIn(key) === undefined) continue;
    const version = await readVersionAt(store, key);
    const source = await readPipelineSource(store, version);
    found.push({ ...version, publishedAt: new Date(modifiedAtMs).toISOString(), source });
  }
  if (found.length === 0) throw unknownPipeline(name, await listPipelines(store));
  return found.sort((left, right) => right.version - left.version);
}

/** Lists the newest version of every pipeline, sorted by name. @throws E_RECORD */
export async function listPipelines(store: ArtifactStore): Promise<readonly PipelineVersion[]> {
  const newest: PipelineVersion[] = [];
  for (const folder of await store.listFolders(PIPELINES_FOLDER)) {
    const [version] = await numbersIn(store, `${PIPELINES_FOLDER}/${folder}`);
    if (version === undefined) continue;
    newest.push(await readVersionAt(store, `${PIPELINES_FOLDER}/${folder}/${version}.json`));
  }
  return newest.sort((left, right) => (left.name < right.name ? -1 : 1));
}

async function chooseVersion(
  store: ArtifactStore,
  { name, version, digest: wanted }: PipelineReference,
  versions: readonly number[],
): Promise<PipelineVersion> {
  const chosen =
    wanted === undefined
      ? await readChosen(store, name, versions, version ?? versions[0]!)
      : await findAbbreviated(store, name, versions, wanted);
  if (chosen === undefined || (version !== undefined && chosen.version !== version)) {
    throw unknownVersion(name, version ?? wanted ?? '', versions);
  }
  return chosen;
}

async function readChosen(
  store: ArtifactStore,
  name: string,
  versions: readonly number[],
  version: number,
): Promise<PipelineVersion | undefined> {
  return versions.includes(version)
    ? readVersionAt(store, pipelineVersionKey(name, version))
    : undefined;
}

/** Finds the one version whose digest begins so. @throws E_NOT_FOUND when several do */
async function findAbbreviated(
  store: ArtifactStore,
  name: string,
  versions: readonly number[],
  wanted: string,
): Promise<PipelineVersion | undefined> {
  if (wanted.length === WHOLE_DIGEST) return findDigest(store, name, versions, wanted);
  const all = await Promise.all(
    versions.map((version) => readVersionAt(store, pipelineVersionKey(name, version))),
  );
  const found = all.filter((each) => each.digest.startsWith(wanted));
  if (found.length > 1) throw ambiguousDigest(name, wanted, found);
  return found[0];
}

/** Searches from the newest: what is published again is mostly what was published last. */
async function findDigest(
  store: ArtifactStore,
  name: string,
  versions: readonly number[],
  wanted: string,
): Promise<PipelineVersion | undefined> {
  for (const version of versions) {
    const found = await readVersionAt(store, pipelineVersionKey(name, version));
    if (found.digest === wanted) return found;
  }
  return undefined;
}

async function readVersionAt(store: ArtifactStore, key: string): Promise<PipelineVersion> {
  const record = await readRecord(store, key, versionRecord);
  if (record === undefined)
    throw storageErrors.recordDamaged(key, '$', 'vanished while it was read');
  const { name, version, digest: specDigest } = record;
  return { name, version, digest: specDigest };
}

function versionNumbers(store: ArtifactStore, name: string): Promise<number[]> {
  return numbersIn(store, pipelineFolder(name));
}

/** Version numbers in a registry folder, the newest first. */
async function numbersIn(store: ArtifactStore, folder: string): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { key } of store.list(folder)) {
    const number = versionIn(key);
    if (number !== undefined) numbers.push(number);
  }
  return numbers.sort((left, right) => right - left);
}

function versionIn(key: string): number | undefined {
  const number = /\/([1-9]\d*)\.json$/.exec(key)?.[1];
  return number === undefined ? undefined : Number(number);
}

function unknownPipeline(name: string, known: readonly PipelineVersion[]): Error {
  const names = known.map((each) => each.name);
  return clientErrors.notFound('pipeline', name, {
    nearest: closestMatch(name, names),
    hint:
      names.length === 0
        ? 'No pipeline has been published in this store yet.'
        : `Published pipelines: ${names.join(', ')}.`,
  });
}

function ambiguousDigest(name: string, wanted: string, found: readonly PipelineVersion[]): Error {
  return clientErrors.notFound('single pipeline version', `${name}@${wanted}`, {
    hint: `Give more digits: ${found.map((each) => each.digest.slice(0, 23)).join(', ')} begin so.`,
  });
}

function unknownVersion(name: string, wanted: number | string, versions: readonly number[]): Error {
  return clientErrors.notFound('pipeline version', `${name}@${wanted}`, {
    hint: `Published versions of "${name}": ${[...versions].reverse().join(', ')}.`,
  });
}
