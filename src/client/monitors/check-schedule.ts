// The Temporal Schedule that tells a monitor of cron times when a check is due.
//
// T1. It follows from its monitor alone, under the monitor's own id: making it again changes nothing.
// T2. It names the start of its monitor: what an earlier monitor left behind tells a later one nothing.

import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type Client,
  type ScheduleHandle,
  type ScheduleOptions,
} from '@temporalio/client';
import {
  MONITOR_TICK_WORKFLOW,
  monitorId,
  type CronTimes,
  type MonitorTick,
} from '../../contract/index.js';
import { scheduleErrors } from '../../errors/index.js';
import { DEFAULT_CATCHUP_WINDOW, DEFAULT_OVERLAP } from '../schedules/schedule-types.js';
import { temporalPolicies, temporalSpec } from '../schedules/temporal-schedule.js';

/** What a schedule is made of. */
export interface ScheduledChecks extends MonitorTick {
  readonly cron: CronTimes;
}

const SHOWN_TIMES = 5;

/** The schedules of monitors. */
export class CheckSchedules {
  readonly #temporal: Client;
  readonly #taskQueue: string;

  constructor(temporal: Client, taskQueue: string) {
    this.#temporal = temporal;
    this.#taskQueue = taskQueue;
  }

  /** Makes the schedule, or what there is into it (T1, T2). @throws E_USAGE for times that the server refuses */
  async keep(checks: ScheduledChecks): Promise<void> {
    const { endpoint, startedAt } = checks;
    const scheduleId = monitorId(endpoint);
    const options = this.#optionsOf(checks);
    try {
      await this.#temporal.schedule.create({ scheduleId, ...options });
    } catch (error) {
      if (error instanceof TypeError) {
        // The SDK throws it for what the server calls an invalid argument.
        throw scheduleErrors.scheduleRefused(scheduleId, error.message, error);
      }
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      const handle = this.#handle(endpoint);
      const [tick] = ((await handle.describe()).action.args ?? []) as Partial<MonitorTick>[];
      if (tick?.startedAt !== startedAt) await handle.update(() => ({ ...options, state: {} }));
    }
  }

  /** Removes the schedule of an endpoint; no error when there is none. */
  async remove(endpoint: string): Promise<void> {
    await this.#handle(endpoint).delete().catch(unlessMissing);
  }

  /** The next times, ISO 8601, at most 5. */
  async nextTimes(endpoint: string): Promise<readonly string[]> {
    const found = await this.#handle(endpoint).describe().catch(unlessMissing);
    const times = found?.info.nextActionTimes ?? [];
    return times.slice(0, SHOWN_TIMES).map((time) => time.toISOString());
  }

  /** Endpoints that have a schedule, with or without a monitor. */
  async endpoints(): Promise<readonly string[]> {
    const endpoints: string[] = [];
    for await (const { scheduleId, action } of this.#temporal.schedule.list()) {
      if (action?.workflowType !== MONITOR_TICK_WORKFLOW) continue;
      endpoints.push(scheduleId.slice(monitorId('').length));
    }
    return endpoints;
  }

  #optionsOf({ endpoint, startedAt, cron }: ScheduledChecks): Omit<ScheduleOptions, 'scheduleId'> {
    const [overlap, catchupWindow] = [DEFAULT_OVERLAP, DEFAULT_CATCHUP_WINDOW];
    return {
      spec: temporalSpec({ cron: cron.expressions, timeZone: cron.timeZone }),
      policies: temporalPolicies({ overlap, catchupWindow, pauseOnFailure: false }),
      action: {
        type: 'startWorkflow',
        workflowType: MONITOR_TICK_WORKFLOW,
        workflowId: `${monitorId(endpoint)}/tick`,
        taskQueue: this.#taskQueue,
        staticSummary: `a check of ${endpoint} is due`,
        args: [{ endpoint, startedAt } satisfies MonitorTick],
      },
    };
  }

  #handle(endpoint: string): ScheduleHandle {
    return this.#temporal.schedule.getHandle(monitorId(endpoint));
  }
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof ScheduleNotFoundError)) throw error;
  return undefined;
}
