// Monitors of live models: each is one long-lived workflow, `monitor:<endpoint>`.
//
// N1. What a retraining would be refused for is refused when the monitor is started, by the same checks.
// N2. An endpoint has one monitor at most.
// N3. Every error that leaves here is an AnnealError.

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
import { readDuration } from '../schedules/duration.js';
import { reportedError } from '../reported-error.js';
import { mapTemporalError } from '../temporal-error.js';
import { DEFAULT_MONITOR, type MonitorRequest, type MonitorSummary } from './monitor-request.js';

export interface MonitorsParts {
  readonly temporal: Client;
  readonly store: ArtifactStore;
  readonly taskQueue: string;
  readonly server: { readonly address: string; readonly namespace: string };
}

export class Monitors {
  readonly #parts: MonitorsParts;

  constructor(parts: MonitorsParts) {
    this.#parts = parts;
  }

  /** Starts watching (N1, N2). @throws E_PARAM, E_NOT_FOUND, E_USAGE, E_ALREADY_STARTED, E_SERVER */
  async start(request: MonitorRequest): Promise<MonitorInput> {
    const { temporal, store, taskQueue } = this.#parts;
    const { reference, pipeline } = await knownPipeline(store, request.pipeline);
    checkRunParameters(pipeline, request.parameters ?? {});
    const input = inputOf(request, reference);
    const { endpoint } = input;
    await this.#call(endpoint, () =>
      temporal.workflow.start(MONITOR_WORKFLOW, {
        workflowId: monitorId(endpoint),
        taskQueue,
        workflowIdConflictPolicy: 'FAIL',
        staticSummary: `watches ${endpoint}`,
        args: [input],
      }),
    );
    return input;
  }

  /** How a monitor stands, or stood when it was stopped. @throws E_NOT_FOUND with the nearest name, E_SERVER */
  async show(endpoint: string): Promise<MonitorView> {
    return this.#call(endpoint, () => this.#handle(endpoint).query<MonitorView>(MONITOR_QUERY));
  }

  /** Every check of an endpoint's monitors, the earliest first, from the store. */
  async rounds(endpoint: string): Promise<readonly MonitorRound[]> {
    return readRounds(this.#parts.store, endpoint);
  }

  /** Monitors that are running or paused, by endpoint. @throws E_SERVER */
  async list(): Promise<readonly MonitorSummary[]> {
    const views: MonitorSummary[] = [];
    for (const endpoint of await this.#endpoints()) {
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
    await this.#call(endpoint, () => this.#handle(endpoint).result());
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
    await this.#call(endpoint, () => this.#handle(endpoint).signal(signal));
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

  /** N3 */
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

function inputOf(request: MonitorRequest, pipeline: MonitorInput['pipeline']): MonitorInput {
  const { endpoint, options, captured } = request;
  const { every, coolDown, ...numbers } = { ...DEFAULT_MONITOR, ...given(request) };
  const { limit, minRows, captureShare } = numbers;
  assertRange('limit', limit, limit > 0);
  assertRange('min-rows', minRows, Number.isInteger(minRows) && minRows > 0);
  assertRange('capture-share', captureShare, captureShare > 0 && captureShare <= 1);
  return {
    ...{ endpoint, pipeline, limit, minRows, captureShare },
    parameters: request.parameters ?? {},
    ...(options && { options }),
    ...(captured !== undefined && { captured }),
    everySeconds: Math.max(1, readDuration(every, 'interval') / 1000),
    coolDownSeconds: readDuration(coolDown, 'cool-down') / 1000,
    startedAt: new Date().toISOString(),
  };
}

function given<Value extends object>(value: Value): Value {
  return Object.fromEntries(
    Object.entries(value).filter(([, item]) => item !== undefined),
  ) as Value;
}

function assertRange(flag: string, value: number, isInRange: boolean): void {
  if (isInRange) return;
  throw clientErrors.usage(
    `${value} is no value for --${flag}.`,
    'A limit is above 0, min-rows a whole number above 0, capture-share above 0 and at most 1.',
  );
}
