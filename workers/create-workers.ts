// One worker of Temporal's for each task queue that the roles ask for; they share connection, code and machine.

import { readFile } from 'node:fs/promises';
import {
  Worker,
  type ActivityInterceptorsFactory,
  type NativeConnection,
  type WorkerOptions,
} from '@temporalio/worker';
import type { Settings } from '../src/config/index.js';
import {
  hostQueue,
  poolQueue,
  type AnnealActivities,
  type MonitorActivities,
  type WorkerIdentity,
} from '../src/contract/index.js';
import type { DrainPolicy } from '../src/activities/index.js';
import type { Tracing } from '../src/telemetry/tracing/index.js';
import { deploymentVersion } from './deployment-version.js';
import type { TaskSlots } from './task-slots.js';
import { TRACED_BUNDLE, WORKFLOW_BUNDLE } from './workflow-bundle.js';

/** How long a run waits for the worker that has it in memory before another may go on with it. The SDK's default is 10 s. */
const DEAD_WORKER_MS = 2000;
/** Calls that wait at once for a queue's next task; beside others, each may bring one that finds no room (S1). */
const POLLS = { only: 4, amongOthers: 1 };
/** Deployments mostly wait for somebody else's endpoint. */
const DEPLOYMENTS = 16;
/** Tasks that a worker before this one left running: they are here already. */
const KEPT_TASKS = 500;
const QUICK_ACTIVITIES = 100;
const WORKFLOW_TASKS = 40;

type Activities = AnnealActivities & MonitorActivities;
const TASK_ACTIVITIES = ['importArtifact', 'runTask'] as const;
/** All that asks or changes endpoints. */
const DEPLOY_ACTIVITIES = [
  ...(['judgeModel', 'recordApproval', 'deployModel', 'deployVersion'] as const),
  ...(['checkDrift', 'captureRequests'] as const),
];

export interface WorkersRequest {
  readonly settings: Settings;
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly activities: Activities;
  readonly identity: WorkerIdentity;
  readonly drain: DrainPolicy;
  readonly slots: TaskSlots;
  /** Logs and counts around every activity. */
  readonly observe: ActivityInterceptorsFactory;
  /** Present where traces are wanted. */
  readonly tracing?: Tracing['worker'];
}

/** Makes the workers; none polls yet. */
export async function createWorkers(request: WorkersRequest): Promise<Worker[]> {
  const { taskQueue, worker } = request.settings;
  const { roles } = worker;
  const { activities } = request;
  const wanted: Partial<WorkerOptions>[] = [];
  if (roles.includes('orchestration')) wanted.push(await orchestration(request));
  for (const pool of (['cpu', 'gpu'] as const).filter((each) => roles.includes(each))) {
    wanted.push({
      taskQueue: poolQueue(taskQueue, pool),
      activities: only(activities, TASK_ACTIVITIES),
      tuner: tuner(request),
    });
  }
  if (roles.includes('deploy')) {
    wanted.push({
      taskQueue: poolQueue(taskQueue, 'deploy'),
      activities: only(activities, DEPLOY_ACTIVITIES),
      maxConcurrentActivityTaskExecutions: DEPLOYMENTS,
    });
  }
  if (runsTasks(request.settings) && request.drain.mode === 'hand-over') {
    wanted.push({
      taskQueue: hostQueue(taskQueue, request.identity.host),
      activities: only(activities, ['runTask']),
      maxConcurrentActivityTaskExecutions: KEPT_TASKS,
      // Whatever version this host has next follows what the one before it left running.
      workerDeploymentOptions: undefined,
    });
  }
  return Promise.all(wanted.map((options) => create(request, options)));
}

function only(activities: Activities, names: readonly (keyof Activities)[]): Partial<Activities> {
  return Object.fromEntries(names.map((name) => [name, activities[name].bind(activities)]));
}

/**
 * Workflows and their look-ups, deliveries of events, and the tasks of runs that were started before there were pools.
 * None of them waits for room: deliveries must not, and tasks do so in their activity.
 */
async function orchestration(request: WorkersRequest): Promise<Partial<WorkerOptions>> {
  const { tracing } = request;
  return {
    taskQueue: request.settings.taskQueue,
    activities: request.activities,
    workflowBundle: { code: await readFile(tracing ? TRACED_BUNDLE : WORKFLOW_BUNDLE, 'utf8') },
    sinks: tracing?.sinks,
    stickyQueueScheduleToStartTimeout: DEAD_WORKER_MS,
    maxConcurrentActivityTaskExecutions: QUICK_ACTIVITIES,
  };
}

function create(
  { connection, namespace, identity, settings, observe, tracing }: WorkersRequest,
  options: Partial<WorkerOptions>,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    identity: identity.worker,
    maxConcurrentActivityTaskPolls: settings.worker.isEmbedded ? POLLS.only : POLLS.amongOthers,
    shutdownGraceTime: settings.worker.drainSeconds * 1000,
    workerDeploymentOptions: deploymentVersion(settings.worker),
    interceptors: { activity: [...(tracing?.activity ?? []), observe] },
    ...options,
    taskQueue: options.taskQueue!,
  });
}

function tuner({ slots }: WorkersRequest): WorkerOptions['tuner'] {
  return {
    activityTaskSlotSupplier: slots.supplier(),
    localActivityTaskSlotSupplier: { type: 'fixed-size', numSlots: QUICK_ACTIVITIES },
    workflowTaskSlotSupplier: { type: 'fixed-size', numSlots: WORKFLOW_TASKS },
    nexusTaskSlotSupplier: { type: 'fixed-size', numSlots: 1 },
  };
}

function runsTasks({ worker: { roles } }: Settings): boolean {
  return roles.includes('cpu') || roles.includes('gpu');
}
