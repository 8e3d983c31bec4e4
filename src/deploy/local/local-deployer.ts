// Deploys to this machine: one stable loopback port per endpoint, models served by Python processes.
//
// The deployer itself owns nothing: each endpoint has a supervisor (supervisor.ts) that outlives
// the command and the worker; the deployer starts it when needed and asks it for changes.
// Together they keep D1 to D3 of deployer.ts; the order of a change is in promotion.ts.

import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LET_GO, type DeploymentView } from '../../contract/index.js';
import { deployErrors } from '../../errors/index.js';
import type { Deployer, DeploymentRequest, EndpointView } from '../deployer.js';
import { assertEndpointName } from '../endpoint-name.js';
import { listModelFiles } from '../model-files.js';
import { askStatus, sendCommand } from './control-client.js';
import type { Candidate } from './control-protocol.js';
import { endpointFolder, type EndpointFolder } from './endpoint-folder.js';
import { readEndpointRecord } from './endpoint-record.js';
import type { EndpointLimits } from './endpoint.js';
import type { PortRange } from './public-port.js';
import { ensureSupervisor } from './start-supervisor.js';
import { stopEndpoint } from './stop-endpoint.js';
import type { SupervisorSettings } from './supervisor.js';

export interface LocalDeployerOptions {
  /** Holds one folder per endpoint, made with mode 0700; by default ANNEAL_HOME/endpoints. */
  readonly folder: string;
  /** Python whose environment has the model's libraries. */
  readonly python: string;
  /** Folder that holds the Python package `anneal_tasks`. */
  readonly pythonTasksFolder: string;
  /** Ports that endpoints get, both ends included; default 8400 to 8999. */
  readonly portRange?: PortRange;
  readonly limits?: Partial<EndpointLimits>;
  /** Compiled supervisor-main.js; default the one built beside this file. */
  readonly supervisorScript?: string;
}

/** A Deployer that can also bring a stopped endpoint back, and go back to the model before. */
export interface LocalDeployer extends Deployer {
  readonly target: 'local';
  /** Serves again what a stopped endpoint served last (after a reboot, for example). */
  start(endpointName: string): Promise<EndpointView>;
  /** Puts the model before the current one back, with the checks of a deployment. */
  rollback(endpointName: string): Promise<DeploymentView>;
}

const PORT_RANGE: PortRange = { first: 8400, last: 8999 };
const LIMITS: EndpointLimits = {
  // Loading scikit-learn cold on a small machine takes several seconds; large models longer.
  startTimeoutMs: 120_000,
  drainTimeoutMs: 30_000,
  stopGraceMs: 10_000,
};
// A supervisor killed in the middle of a change is brought back, and the request sent again.
const SUPERVISOR_LIVES = 3;
// The owner's alone: models and logs may hold personal data.
const FOLDER_MODE = 0o700;

/** Makes the deployer of the `local` target. */
export function createLocalDeployer(options: LocalDeployerOptions): LocalDeployer {
  const settingsOf = (name: string): SupervisorSettings => {
    assertEndpointName(name);
    return {
      name,
      root: resolve(options.folder, name),
      program: { python: options.python, tasksFolder: options.pythonTasksFolder },
      portRange: options.portRange ?? PORT_RANGE,
      limits: { ...LIMITS, ...options.limits },
    };
  };
  const ensure = async (settings: SupervisorSettings, signal?: AbortSignal): Promise<void> => {
    await mkdir(options.folder, { recursive: true, mode: FOLDER_MODE });
    await ensureSupervisor(settings, { script: options.supervisorScript }, signal);
  };
  return {
    target: 'local',
    check: ({ endpointName }) => Promise.resolve().then(() => assertEndpointName(endpointName)),
    deploy: async (request, context) => {
      const settings = settingsOf(request.endpointName);
      await listModelFiles(request.modelPath);
      const candidate = candidateOf(request, settings);
      return withCancellation(settings, candidate, context.signal, (leaving) =>
        promoteUntilAnswered(settings, candidate, {
          progress: context.progress,
          leaving,
          ensure: () => ensure(settings, context.signal),
        }),
      );
    },
    start: async (name) => {
      const settings = settingsOf(name);
      await assertRecorded(settings);
      await ensure(settings);
      return viewOf(name, endpointFolder(settings.root));
    },
    rollback: async (name) => {
      const settings = settingsOf(name);
      await assertRecorded(settings);
      await ensure(settings);
      return rollBackOnce(settings);
    },
    capture: async (name, share) => {
      const settings = settingsOf(name);
      await assertRecorded(settings);
      await ensure(settings);
      const folder = endpointFolder(settings.root);
      if ((await sendCommand(folder, 'capture', { share })) === 'done') return folder.capture;
      throw deployErrors.deploymentFailed(name, 'its supervisor does not answer', {
        retryable: true,
      });
    },
    capturedRequests: (name) => endpointFolder(settingsOf(name).root).capture,
    list: () => listEndpoints(options.folder),
    stop: async (name) => {
      const settings = settingsOf(name);
      await assertRecorded(settings);
      await stopEndpoint(endpointFolder(settings.root), settings.limits);
    },
  };
}

function candidateOf(request: DeploymentRequest, settings: SupervisorSettings): Candidate {
  return {
    deploymentId: request.deploymentId,
    runId: request.runId,
    modelPath: request.modelPath,
    modelDigest: request.modelDigest,
    allowPickle: request.allowPickle ?? false,
    rollout: request.rollout,
    program: settings.program,
  };
}

interface Asking {
  readonly progress: (state: string) => void;
  /** Aborted when the answer is waited for no more. */
  readonly leaving: AbortSignal;
  readonly ensure: () => Promise<void>;
}

/** Asks for a promotion, again when the supervisor dies meanwhile: repeating changes nothing (D2). */
async function promoteUntilAnswered(
  settings: SupervisorSettings,
  candidate: Candidate,
  { progress, leaving, ensure }: Asking,
): Promise<DeploymentView> {
  const folder = endpointFolder(settings.root);
  for (let life = 1; life <= SUPERVISOR_LIVES; life += 1) {
    await ensure();
    const view = await sendCommand(folder, 'promote', candidate, { progress, signal: leaving });
    if (view !== undefined && view !== 'done') return view;
    leaving.throwIfAborted();
  }
  throw deployErrors.deploymentFailed(settings.name, 'its supervisor died again and again', {
    hint: `Read ${folder.log}`,
    retryable: true,
  });
}

/** Never sent twice: a second rollback would undo the first. */
async function rollBackOnce(settings: SupervisorSettings): Promise<DeploymentView> {
  const view = await sendCommand(endpointFolder(settings.root), 'rollback');
  if (view !== undefined && view !== 'done') return view;
  throw deployErrors.deploymentFailed(settings.name, 'its supervisor died before it answered');
}

/**
 * Tells the supervisor when the caller gives up, and waits until it has given up too. A caller that only lets go
 * leaves at once, and the supervisor goes on.
 */
async function withCancellation(
  settings: SupervisorSettings,
  candidate: Candidate,
  signal: AbortSignal,
  deploy: (leaving: AbortSignal) => Promise<DeploymentView>,
): Promise<DeploymentView> {
  const leaving = new AbortController();
  const giveUp = (): void => {
    const { deploymentId } = candidate;
    if (signal.reason === LET_GO) return leaving.abort(LET_GO);
    void sendCommand(endpointFolder(settings.root), 'cancel', { deploymentId });
  };
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await deploy(leaving.signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

async function assertRecorded(settings: SupervisorSettings): Promise<void> {
  const record = await readEndpointRecord(endpointFolder(settings.root).record);
  if (record === undefined) throw deployErrors.endpointNotFound(settings.name);
}

async function listEndpoints(folder: string): Promise<readonly EndpointView[]> {
  const names = (await readdir(folder).catch(() => [])).sort();
  const views = await Promise.all(
    names.map(async (name) => {
      const endpoint = endpointFolder(join(folder, name));
      const record = await readEndpointRecord(endpoint.record);
      return record?.current === undefined ? [] : [await viewOf(name, endpoint)];
    }),
  );
  return views.flat();
}

/** How an endpoint is now, by asking its supervisor; one that does not answer is stopped. */
async function viewOf(name: string, folder: EndpointFolder): Promise<EndpointView> {
  const status = await askStatus(folder);
  if (status !== undefined) {
    const { modelDigest, runId, updatedAt, rollout, lastRollback } = status;
    const url = `http://127.0.0.1:${status.port}`;
    const model = { modelDigest, runId, updatedAt };
    return { name, status: status.status, url, ...model, rollout, lastRollback };
  }
  const current = (await readEndpointRecord(folder.record))?.current;
  return {
    name,
    status: 'stopped',
    modelDigest: current?.modelDigest,
    runId: current?.runId,
    updatedAt: current?.promotedAt,
  };
}
