import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TaskValues } from '../../src/contract/index.js';
import type { ExecutionManifest } from '../../src/lineage/index.js';
import { readManifests } from './read-manifests.js';

/** What one task of a run left, without what says where and when it ran. */
export interface Outcome {
  readonly task: string;
  readonly parameters: TaskValues['parameters'];
  /** By output name: type, digest, size and metadata of each artifact. */
  readonly artifacts: Readonly<Record<string, readonly object[]>>;
}

export interface Outcomes {
  /** Names of the runners that carried the tasks out. */
  readonly runners: readonly string[];
  /** By task. */
  readonly outcomes: readonly Outcome[];
  /** Texts of the tasks' logs, in the same order. */
  readonly logs: readonly string[];
}

/** What the tasks of a run that were carried out have left; imports and deployments are none. */
export async function outcomesOf(home: string, runId: string): Promise<Outcomes> {
  const manifests = (await readManifests(home)).filter(({ run }) => run.runId === runId);
  const carriedOut = manifests
    .filter(({ logKey }) => logKey !== undefined)
    .sort((left, right) => (left.task < right.task ? -1 : 1));
  return {
    runners: [...new Set(carriedOut.map(({ runner }) => runner))],
    outcomes: carriedOut.map(outcomeOf),
    logs: carriedOut.map(({ logKey = '' }) =>
      readFileSync(path.join(home, 'store', logKey), 'utf8'),
    ),
  };
}

function outcomeOf({ task, outputs }: ExecutionManifest): Outcome {
  return {
    task,
    parameters: outputs.parameters,
    artifacts: Object.fromEntries(
      Object.entries(outputs.artifacts).map(([name, artifacts]) => [
        name,
        artifacts.map((artifact) => ({ ...artifact, uri: undefined })),
      ]),
    ),
  };
}
