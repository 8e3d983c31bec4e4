// Monitors of live models: each is one long-lived workflow, `monitor:<endpoint>`.
//
// N1. What a retraining would be refused for is refused when the monitor is started, by the same checks.
// N2. An endpoint has one monitor at most.
// N3. A monitor of cron times has a schedule, and no other has: what a crash between the two left behind is set right by
//     the next command about the endpoint, and by the list.
// N4. Every error that leaves here is an AnnealError.

import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import {
  MONITOR_CHECK_WORKFLOW,
  MONITOR_PAUSE_SIGNAL,
  MONITOR_QUERY,
  MONITOR_RESUME_SIGNAL,
  MONITOR_STOP_SIGNAL,
  MONITOR_WORKFLOW,
  monitorId,
  type DriftFinding,
  type DriftSource,
  type MonitorInput,
  type MonitorRound,
  type MonitorView,
} from '../../contract/index.js';
import { clientErrors, monitorErrors } from '../../errors/index.js';
import { readRounds } from '../../monitoring/index.js';
import type { ArtifactStore } from '../../storage/index.js';
import { closestMatch } from '../../util/index.js';
import { checkRunParameters, knownPipeline } from '../known-pipeline.js';
import { reportedError } from '../reported-error.js';
import { mapTemporalError } from '../temporal-error.js';
import { CheckSchedules, type ScheduledChecks } from './check-schedule.js';
import { monitorInput } from './monitor-input.js';
import type { MonitorRequest, MonitorSummary } from './monitor-request.js';

export interface MonitorsParts {
  readonly temporal: Client;
  readonly store: ArtifactStore;
  readonly taskQueue: string;
  readonly server: { readonly address: string; readonly namespace: string };
}

/** In the memo of a monitor of cron times: its ScheduledChecks. */
const CHECKS_MEMO = 'annealChecks';

export class Monitors {
  readonly #parts: MonitorsParts;
  readonly #schedules: CheckSchedules;

  constructor(parts: MonitorsParts) {
    this.#parts = parts;
    this.#schedules = new CheckSchedules(parts.temporal, parts.taskQueue);
  }

  /** Starts watching (N1, N2). @throws E_PARAM, E_NOT_FOUND, E_USAGE, E_ALREADY_STARTED, E_SERVER */
  async start(request: MonitorRequest): Promise<MonitorInput> {
    const { temporal, store, taskQueue } = this.#parts;
    const { reference, pipeline } = await knownPipeline(store, request.pipeline);
    checkRunParameters(pipeline, request.parameters ?? {});
    const input = monitorInput(request, reference);
    const { endpoint, startedAt, cron } = input;
    const checks = cron && { endpoint, startedAt, cron };
    await this.#call(endpoint, async () => {
      const before = await this.#settle(endpoint);
      if (before === 'running') throw monitorErrors.monitorExists(endpoint);
      // First, as the server may refuse its times: then nothing was started.
      if (checks !== undefined) await this.#schedules.keep(checks);
      try {
        await temporal.workflow.start(MONITOR_WORKFLOW, {
          workflowId: monitorId(endpoint),
          taskQueue,
          workflowIdConflictPolicy: 'FAIL',
          staticSummary: `watches ${endpoint}`,
          args: [input],
          ...(checks && { memo: { [CHECKS_MEMO]: checks } }),
        });
      } finally {
        await this.#settle(endpoint);
      }
    });
    return input;
  }

  /** How a monitor stands, or stood when it was stopped. @throws E_NOT_FOUND with the nearest name, E_SERVER */
  async show(endpoint: string): Promise<MonitorView> {
    return this.#call(endpoint, async () => {
      await this.#settle(endpoint);
      const view = await this.#handle(endpoint).query<MonitorView>(MONITOR_QUERY);
      if (view.cron === undefined || view.status !== 'running') return view;
      const nextChecks = await this.#schedules.nextTimes(endpoint);
      return { ...view, nextCheckAt: nextChecks[0], nextChecks };
    });
  }

  /** Every check of an endpoint's monitors, the earliest first, from the store. */
  async rounds(endpoint: string): Promise<readonly MonitorRound[]> {
    return readRounds(this.#parts.store, endpoint);
  }

  /** Monitors that are running or paused, by endpoint. @throws E_SERVER */
  async list(): Promise<readonly MonitorSummary[]> {
    const views: MonitorSummary[] = [];
    const endpoints = await this.#endpoints();
    await this.#settleOrphans(endpoints);
    for (const endpoint of endpoints) {
      const view = await this.show(endpoint);
      const { status, nextCheckAt, pipeline, state } = view;
      const { checks, retrains, rounds } = state;
      const lastReason = rounds.at(-1)?.reason;
      const counts = { checks, retrains, lastReason };
      views.push({ endpoint, status, nextCheckAt, pipeline: pipeline.name, ...counts });
    }
    return views;
  }

  /** Makes no checks until it is resumed; a retraining goes on. */
  async pause(endpoint: string): Promise<void> {
    await this.#signal(endpoint, MONITOR_PAUSE_SIGNAL);
  }

  async resume(endpoint: string): Promise<void> {
    await this.#signal(endpoint, MONITOR_RESUME_SIGNAL);
  }

  /** Ends the monitor; a retraining goes on, and the endpoint keeps no more requests. */
  async stop(endpoint: string): Promise<void> {
    await this.#signal(endpoint, MONITOR_STOP_SIGNAL);
    await this.#call(endpoint, async () => {
      await this.#handle(endpoint).result();
      await this.#settle(endpoint);
    });
  }

  /** Compares once, with nothing done about it. @throws E_NOT_FOUND, E_STATE, E_DATA, E_SERVER */
  async check(source: DriftSource): Promise<DriftFinding> {
    const { temporal, taskQueue } = this.#parts;
    const workflowId = `${monitorId(source.endpoint)}/check/${Date.now().toString(36)}`;
    const options = { workflowId, taskQueue, args: [source] };
    return this.#call(source.endpoint, async () => {
      try {
        return (await temporal.workflow.execute(MONITOR_CHECK_WORKFLOW, options)) as DriftFinding;
      } catch (error) {
        throw reportedError(error) ?? error;
      }
    });
  }

  async #signal(endpoint: string, signal: string): Promise<void> {
    await this.#call(endpoint, async () => {
      await this.#settle(endpoint);
      await this.#handle(endpoint).signal(signal);
    });
  }

  /** Makes the schedule of an endpoint what its monitor asks for, or removes it (N3). */
  async #settle(endpoint: string): Promise<'running' | 'gone'> {
    const found = await this.#handle(endpoint)
      .describe()
      .catch((error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      });
    const isRunning = found?.status.name === 'RUNNING';
    const checks = isRunning
      ? (found?.memo?.[CHECKS_MEMO] as ScheduledChecks | undefined)
      : undefined;
    if (checks === undefined) await this.#schedules.remove(endpoint);
    else await this.#schedules.keep(checks);
    return isRunning ? 'running' : 'gone';
  }

  /** N3 */
  async #settleOrphans(watched: readonly string[]): Promise<void> {
    await this.#call(undefined, async () => {
      const scheduled = await this.#schedules.endpoints();
      for (const endpoint of scheduled) {
        if (!watched.includes(endpoint)) await this.#settle(endpoint);
      }
    });
  }

  #handle(endpoint: string): WorkflowHandle {
    return this.#parts.temporal.workflow.getHandle(monitorId(endpoint));
  }

  async #endpoints(): Promise<string[]> {
    return this.#call(undefined, async () => {
      const query = `WorkflowType = "${MONITOR_WORKFLOW}" AND ExecutionStatus = "Running"`;
      const endpoints: string[] = [];
      for await (const { workflowId } of this.#parts.temporal.workflow.list({ query })) {
        endpoints.push(workflowId.slice(monitorId('').length));
      }
      return endpoints.sort();
    });
  }

  /** N4 */
  async #call<Result>(endpoint: string | undefined, call: () => Promise<Result>): Promise<Result> {
    try {
      return await call();
    } catch (error) {
      if (endpoint !== undefined && error instanceof WorkflowNotFoundError) {
        const endpoints = await this.#endpoints().catch(() => []);
        throw clientErrors.notFound('monitor', endpoint, {
          nearest: closestMatch(endpoint, endpoints),
          hint: 'List the monitors there are: anneal monitor',
        });
      }
      if (endpoint !== undefined && error instanceof WorkflowExecutionAlreadyStartedError) {
        throw monitorErrors.monitorExists(endpoint);
      }
      throw mapTemporalError(error, this.#parts.server);
    }
  }
}
