// `anneal artifacts get`: a run's artifact as a file or folder of the user's, or as links.
//
// G1. What is written was verified after it was written, and appears whole: it is copied beside and renamed.
// G2. Nothing that exists is written over.

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ArtifactRef, RunView } from '../contract/index.js';
import { clientErrors, storageErrors } from '../errors/index.js';
import { digestContent, openImportSource, type ArtifactStore } from '../storage/index.js';
import { closestMatch, formatBytes } from '../util/index.js';
import type { CliContext } from './cli-context.js';
import { copyPlain } from './copy-plain.js';
import { readRun } from './read-run.js';
import { openWorkplace } from './session.js';
import { chooseTask } from '../client/index.js';

export interface GetArtifactOptions {
  readonly output?: string;
  readonly index?: number;
  readonly url?: boolean;
  /** Seconds. */
  readonly expires: number;
}

export interface WantedArtifact {
  readonly runId: string;
  readonly task: string;
  readonly name: string;
}

/** Fetches an artifact, or prints links. @throws E_NOT_FOUND, E_USAGE, E_ARTIFACT, E_DIGEST, E_UNSUPPORTED, E_STORE */
export async function getArtifact(
  context: CliContext,
  wanted: WantedArtifact,
  options: GetArtifactOptions,
): Promise<void> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  const view = await readRun(context, workplace, wanted.runId);
  const artifact = findArtifact(view, wanted, options.index);
  if (options.url === true) {
    const links = await workplace.store.downloadLinks(artifact.uri, options.expires);
    output.json({ uri: artifact.uri, digest: artifact.digest, links });
    return output.result(links.map(({ url }) => url).join('\n'));
  }
  const target = path.resolve(context.environment.cwd, options.output ?? wanted.name);
  const found = await fetchTo(context, workplace.store, artifact, target);
  output.json({
    path: target,
    uri: artifact.uri,
    digest: found.digest,
    sizeBytes: found.sizeBytes,
  });
  output.result(target);
}

function findArtifact(view: RunView, wanted: WantedArtifact, index?: number): ArtifactRef {
  const task = chooseTask(view, wanted.task);
  const artifacts = task.outputs?.artifacts ?? {};
  const list = Object.hasOwn(artifacts, wanted.name) ? artifacts[wanted.name]! : [];
  const names = Object.keys(artifacts);
  if (list.length === 0) {
    throw clientErrors.notFound('output', wanted.name, {
      nearest: closestMatch(wanted.name, names),
      hint:
        names.length === 0
          ? `Task ${task.name} (${task.status}) has stored no artifact.`
          : `Artifacts of ${task.name}: ${names.join(', ')}.`,
    });
  }
  const artifact = list.length === 1 ? list[index ?? 0] : list[index ?? -1];
  if (artifact !== undefined) return artifact;
  throw clientErrors.usage(
    `The output "${wanted.name}" is a list of ${list.length} artifacts.`,
    `Say which: --index 0 to ${list.length - 1}.`,
  );
}

async function fetchTo(
  { output }: CliContext,
  store: ArtifactStore,
  artifact: ArtifactRef,
  target: string,
): Promise<{ readonly digest: string; readonly sizeBytes: number }> {
  if (existsSync(target)) {
    throw clientErrors.usage(`"${target}" exists.`, 'Choose another place with --output.'); // G2
  }
  const size = artifact.sizeBytes === undefined ? '' : ` (${formatBytes(artifact.sizeBytes)})`;
  output.progress(output.colors.dim(`Fetching ${artifact.uri}${size}…`));
  const source = await readableAt(store, artifact);
  const beside = path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID()}`);
  try {
    await copyPlain(source, beside);
    const { content } = (await digestContent(beside))!;
    if (artifact.digest !== undefined && content.digest !== artifact.digest) {
      throw storageErrors.digestMismatch(artifact.uri, artifact.digest, content.digest); // G1
    }
    await rename(beside, target);
    output.progress(output.colors.dim(`Verified ${content.digest}`));
    return content;
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** A local path with the artifact's bytes: the store's, or those that an importer named. */
async function readableAt(store: ArtifactStore, { uri, digest }: ArtifactRef): Promise<string> {
  if (store.keyOf(uri) !== undefined || digest === undefined) return store.localPath(uri);
  const policy = { baseFolder: '/', allowedRoots: [], allowAnyPlace: true };
  return (await openImportSource(uri, policy, { store })).localPath;
}
