// The artifacts of runs: what there is, and its bytes on this machine.

import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { ArtifactRef, RunView } from '../contract/index.js';
import { clientErrors } from '../errors/index.js';
import { verifyArtifact, type ArtifactStore } from '../storage/index.js';
import { closestMatch } from '../util/index.js';

/** An artifact with the task that made it. */
export interface RunArtifact extends ArtifactRef {
  /** Path of the task in the DAG. */
  readonly task: string;
}

/** Which artifact of a run: the output's name, and the task's path when several tasks have such an output. */
export interface ArtifactChoice {
  readonly output: string;
  readonly task?: string;
}

/** Numbers that a run's tasks logged, by task and name. */
export type RunMetrics = Readonly<Record<string, Readonly<Record<string, number>>>>;

export class Artifacts {
  readonly #store: ArtifactStore;
  readonly #show: (runId: string) => Promise<RunView>;

  /** @param show  the state of a run */
  constructor(store: ArtifactStore, show: (runId: string) => Promise<RunView>) {
    this.#store = store;
    this.#show = show;
  }

  /** Lists what the run's tasks made, in the order of the pipeline. @throws E_NOT_FOUND, E_SERVER */
  async list(runId: string): Promise<readonly RunArtifact[]> {
    const { tasks } = await this.#show(runId);
    return tasks.flatMap(({ name, outputs }) =>
      Object.values(outputs?.artifacts ?? {})
        .flat()
        .map((artifact) => ({ ...artifact, task: name })),
    );
  }

  /** Finds one artifact. @throws E_NOT_FOUND; E_USAGE when several tasks have an output of that name */
  async get(runId: string, { output, task }: ArtifactChoice): Promise<RunArtifact> {
    const all = await this.list(runId);
    const found = all.filter(
      (artifact) => artifact.name === output && (task === undefined || artifact.task === task),
    );
    const [artifact, second] = found;
    if (artifact === undefined) throw unknownArtifact(output, all);
    if (second !== undefined && second.task !== artifact.task) {
      throw clientErrors.usage(
        `Several tasks of run "${runId}" have an output "${output}".`,
        `Say which task: ${[...new Set(found.map((each) => each.task))].join(', ')}.`,
      );
    }
    return artifact;
  }

  /**
   * Copies an artifact's bytes, a file or a folder, and checks them against their digest.
   *
   * @param target  path that does not exist yet, or an existing folder to put it into
   * @returns the absolute path of the copy, which is there whole or not at all
   * @throws E_NOT_FOUND, E_ARTIFACT when its bytes are not in the store, E_DIGEST when they changed
   */
  async download(runId: string, choice: ArtifactChoice, target: string): Promise<string> {
    const artifact = await this.get(runId, choice);
    if (artifact.digest !== undefined) {
      await verifyArtifact(this.#store, artifact.uri, artifact.digest);
    }
    const source = await this.#store.localPath(artifact.uri);
    const place = path.resolve(target);
    const isFolder = await stat(place).then(
      (found) => found.isDirectory(),
      () => false,
    );
    return copyWhole(source, isFolder ? path.join(place, path.basename(source)) : place);
  }

  /** Reads the numbers that the run's tasks logged as metrics or gave as output parameters. */
  async metrics(runId: string): Promise<RunMetrics> {
    const { tasks } = await this.#show(runId);
    const rows = tasks.map(({ name, outputs }) => {
      const artifacts = Object.values(outputs?.artifacts ?? {}).flat();
      const metrics = artifacts.filter(({ type }) => type.endsWith('Metrics'));
      const values = [outputs?.parameters ?? {}, ...metrics.map(({ metadata }) => metadata)];
      const numbers = values
        .flatMap((each) => Object.entries(each))
        .filter((entry): entry is [string, number] => typeof entry[1] === 'number');
      return [name, Object.fromEntries(numbers)] as const;
    });
    return Object.fromEntries(rows.filter(([, numbers]) => Object.keys(numbers).length > 0));
  }
}

async function copyWhole(source: string, target: string): Promise<string> {
  const beside = `${target}.${randomUUID()}.part`;
  await mkdir(path.dirname(target), { recursive: true });
  try {
    await cp(source, beside, { recursive: true, dereference: true });
    await rename(beside, target);
    return target;
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

function unknownArtifact(output: string, all: readonly RunArtifact[]): Error {
  const names = [...new Set(all.map(({ name }) => name))];
  return clientErrors.notFound('artifact', output, {
    nearest: closestMatch(output, names),
    hint: names.length === 0 ? 'The run has made none yet.' : `Outputs: ${names.join(', ')}.`,
  });
}
