import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import {
  createLocalDeployer,
  type DeploymentRequest,
  type LocalDeployer,
  type LocalDeployerOptions,
} from '../../../../src/deploy/index.js';
import { buildSupervisor } from '../../../fakes/serving/build-supervisor.js';
import { waitUntil } from '../../../support/wait-until.js';
import { writeStandInModel, type StandInModel } from '../../../fakes/serving/model.js';

export const STAND_IN_TASKS = join(import.meta.dirname, '../../../fakes/serving');

/** The real interpreter: a version manager's shim would be one more process. */
export const PYTHON = execFileSync(
  process.env['ANNEAL_DEV_PYTHON'] ?? 'python3',
  ['-c', 'import sys; print(sys.executable)'],
  { encoding: 'utf8' },
).trim();

const built = await mkdtemp(join(tmpdir(), 'anneal-supervisor-'));
const supervisorScript = await buildSupervisor(built);
afterAll(() => rm(built, { recursive: true }));

export interface LocalFixture {
  /** Holds one folder per endpoint. */
  readonly folder: string;
  readonly deployer: LocalDeployer;
  /** A request for a model of the stand-in serving program. */
  request(model: StandInModel, changes?: Partial<DeploymentRequest>): Promise<DeploymentRequest>;
  close(): Promise<void>;
}

/** A local deployer in a temporary folder, with short waits. */
export async function openLocalFixture(
  options: Partial<LocalDeployerOptions> & { readonly folderName?: string } = {},
): Promise<LocalFixture> {
  const root = await mkdtemp(join(tmpdir(), 'anneal-deploy-'));
  const folder = join(root, options.folderName ?? 'endpoints');
  const deployer = createLocalDeployer({
    folder,
    python: PYTHON,
    pythonTasksFolder: STAND_IN_TASKS,
    portRange: { first: 21000, last: 28999 },
    limits: { startTimeoutMs: 5_000, drainTimeoutMs: 10_000, stopGraceMs: 2_000 },
    supervisorScript,
    ...options,
  });
  let models = 0;
  return {
    folder,
    deployer,
    request: async (model, changes) => {
      models += 1;
      return {
        deploymentId: `deployment-${models}`,
        endpointName: 'churn',
        modelUri: `runs/run-${models}/train/1/model`,
        modelMetadata: {},
        runId: `run-${models}`,
        ...(await writeStandInModel(join(root, 'models', String(models)), model)),
        ...changes,
      };
    },
    close: async () => {
      const endpoints = await deployer.list();
      await Promise.all(endpoints.map(({ name }) => deployer.stop(name)));
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** A deployment's context that is never canceled. */
export const patient = (): { signal: AbortSignal; progress: (state: string) => void } => ({
  signal: new AbortController().signal,
  progress: () => undefined,
});

/** Waits until a condition holds; throws after 15 s. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  await waitUntil('the condition held', condition, 15_000);
}

/** One prediction through the public port. */
export async function predict(
  url: string | undefined,
  row: Record<string, unknown> = {},
): Promise<{ status: number; prediction: unknown; modelDigest: string | null }> {
  const response = await fetch(`${url}/invocations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ instances: [row] }),
  });
  const body = (await response.json()) as { predictions?: unknown[] };
  return {
    status: response.status,
    prediction: body.predictions?.[0],
    modelDigest: response.headers.get('x-anneal-model-digest'),
  };
}
