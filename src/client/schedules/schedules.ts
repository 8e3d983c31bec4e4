// Schedules of pipelines, kept by Temporal.
//
// S1. What a run would be refused for is refused when the schedule is made or changed, by the same checks.
// S2. Every error that leaves here is an AnnealError.
// S3. Triggered and backfilled runs go through the schedule, so its overlap policy holds for them too.

import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type Client,
  type ScheduleDescription,
  type ScheduleHandle,
} from '@temporalio/client';
import {
  MONITOR_TICK_WORKFLOW,
  type PipelineReference,
  type RunInput,
  type RunStatus,
} from '../../contract/index.js';
import { clientErrors, scheduleErrors } from '../../errors/index.js';
import { isDeployComponent } from '../../ir/deploy-component.js';
import { renderScheduledTime } from '../../ir/scheduled-time/index.js';
import type { ArtifactStore } from '../../storage/index.js';
import { closestMatch } from '../../util/index.js';
import { checkRunParameters, knownPipeline, type KnownPipeline } from '../known-pipeline.js';
import { toRunInput } from '../start-request.js';
import { mapTemporalError } from '../temporal-error.js';
import { backfillSchedule, type BackfillRange } from './backfill-schedule.js';
import {
  DEFAULT_CATCHUP_WINDOW,
  DEFAULT_OVERLAP,
  type BackfillTime,
  type OverlapPolicy,
  type ScheduleChange,
  type ScheduleRequest,
  type ScheduleSettings,
  type ScheduleView,
} from './schedule-types.js';
import { scheduleView } from './schedule-view.js';
import {
  settingsOf,
  temporalAction,
  temporalOverlap,
  temporalPolicies,
  temporalSpec,
} from './temporal-schedule.js';
import { triggerSchedule } from './trigger-schedule.js';

export interface SchedulesParts {
  readonly temporal: Client;
  readonly store: ArtifactStore;
  /** Base of the task queues: runs are started on it, and schedules of other queues are not ours. */
  readonly taskQueue: string;
  readonly server: { readonly address: string; readonly namespace: string };
  /** How a run stands; undefined when nobody knows it any more. */
  readonly statusOf: (runId: string) => Promise<RunStatus | undefined>;
}

// The time is added to a schedule's name: together they are a run's id.
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,69}$/;

export class Schedules {
  readonly #parts: SchedulesParts;

  constructor(parts: SchedulesParts) {
    this.#parts = parts;
  }

  /**
   * Makes a schedule (S1).
   *
   * @throws E_NAME, E_USAGE, E_PARAM, E_NOT_FOUND, E_ALREADY_STARTED when the name is taken, E_SERVER
   */
  async create(request: ScheduleRequest): Promise<ScheduleView> {
    const { name, times, maxRuns, note, paused } = request;
    if (!NAME.test(name)) throw clientErrors.invalidScheduleName(name);
    const spec = temporalSpec(times);
    const known = await knownPipeline(this.#parts.store, request.pipeline);
    const settings = withDefaults(request, known);
    const input = this.#inputOf(settings, known);
    const policies = temporalPolicies(settings);
    await this.#call(name, () =>
      this.#parts.temporal.schedule.create({
        scheduleId: name,
        spec,
        policies,
        action: temporalAction({ name, taskQueue: this.#parts.taskQueue, input, times }),
        memo: { pipeline: known.reference.name },
        state: { note, paused, remainingActions: maxRuns },
      }),
    );
    return this.describe(name);
  }

  /** @throws E_NOT_FOUND with the nearest name, E_SERVER */
  async describe(name: string): Promise<ScheduleView> {
    const description = await this.#description(name);
    return scheduleView(description, this.#parts.statusOf);
  }

  /** Lists the schedules of pipelines by name; those of other programs are left out. */
  async list(): Promise<readonly ScheduleView[]> {
    const views: ScheduleView[] = [];
    for (const name of await this.#names()) {
      const description = await this.#handle(name)
        .describe()
        .catch(() => undefined); // deleted meanwhile
      if (description === undefined || !this.#isOurs(description)) continue;
      views.push(await scheduleView(description, this.#parts.statusOf));
    }
    return views;
  }

  /** Stops it from starting runs; those that go on are left alone. @param note why, shown by describe */
  async pause(name: string, note = 'paused by anneal'): Promise<void> {
    await this.#call(name, () => this.#handle(name).pause(note));
  }

  async resume(name: string, note = 'resumed by anneal'): Promise<void> {
    await this.#call(name, () => this.#handle(name).unpause(note));
  }

  /**
   * Starts a run now (S3).
   *
   * @param overlap  instead of the schedule's own policy
   * @returns its id; undefined when the policy held it back
   */
  async trigger(name: string, overlap?: OverlapPolicy): Promise<string | undefined> {
    const description = await this.#description(name);
    const policy = overlap ?? settingsOf(description).overlap;
    return this.#call(name, () =>
      triggerSchedule(this.#handle(name), description, temporalOverlap(policy)),
    );
  }

  /**
   * Starts the runs of past times (S3). A time that has a run already is left out, so the same range may be given
   * again after an interruption.
   *
   * @returns the times of the range, in order, with the ids of their runs
   * @throws E_USAGE for an empty range, or one of too many times
   */
  async backfill(name: string, range: BackfillRange): Promise<readonly BackfillTime[]> {
    await this.#description(name);
    const { temporal, store } = this.#parts;
    return this.#call(name, () => backfillSchedule({ temporal, store, name }, range));
  }

  /** Changes what is named and leaves the rest (S1). Runs that go on are left alone. */
  async update(name: string, change: ScheduleChange): Promise<ScheduleView> {
    const before = await this.#description(name);
    const { pipeline: reference, ...kept } = settingsOf(before);
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const settings = { ...kept, ...(Object.fromEntries(given) as Partial<ScheduleSettings>) };
    const known = await knownPipeline(
      this.#parts.store,
      change.pipeline ?? followed(reference, settings),
    );
    const input = this.#inputOf(settings, known);
    const spec = change.times === undefined ? before.spec : temporalSpec(change.times);
    const policies = temporalPolicies(settings);
    const { times } = settings;
    await this.#call(name, () =>
      this.#handle(name).update(({ state }) => ({
        spec,
        policies,
        action: temporalAction({ name, taskQueue: this.#parts.taskQueue, input, times }),
        state: {
          paused: state.paused,
          note: state.note,
          remainingActions: change.maxRuns ?? state.remainingActions,
        },
      })),
    );
    return this.describe(name);
  }

  /** Removes the schedule; its runs stay, and those that go on are not ended. */
  async delete(name: string): Promise<void> {
    await this.#call(name, () => this.#handle(name).delete());
  }

  /** The argument of every run, checked as for a run that starts at the next full second (S1). */
  #inputOf(settings: ScheduleSettings, { reference, pipeline }: KnownPipeline): RunInput {
    const { parameters, times, follow } = settings;
    const timeZone = times.timeZone ?? 'UTC';
    checkRunParameters(pipeline, renderScheduledTime(parameters, new Date(), timeZone));
    return toRunInput({
      pipeline: follow === 'latest' ? { name: reference.name } : reference,
      parameters,
      options: { ...settings.options, timeZone },
    });
  }

  #handle(name: string): ScheduleHandle {
    return this.#parts.temporal.schedule.getHandle(name);
  }

  async #description(name: string): Promise<ScheduleDescription> {
    const description = await this.#call(name, () => this.#handle(name).describe());
    if (!this.#isOurs(description)) throw scheduleErrors.foreignSchedule(name);
    return description;
  }

  #isOurs({ action }: ScheduleDescription): boolean {
    const isOfMonitor = action.workflowType === MONITOR_TICK_WORKFLOW;
    return !isOfMonitor && action.taskQueue === this.#parts.taskQueue;
  }

  async #names(): Promise<string[]> {
    return this.#call(undefined, async () => {
      const names: string[] = [];
      for await (const { scheduleId } of this.#parts.temporal.schedule.list()) {
        names.push(scheduleId);
      }
      return names.sort();
    });
  }

  /** S2 */
  async #call<Result>(name: string | undefined, call: () => Promise<Result>): Promise<Result> {
    try {
      return await call();
    } catch (error) {
      if (name !== undefined && error instanceof ScheduleNotFoundError) {
        const names = await this.#names().catch(() => []);
        throw clientErrors.notFound('schedule', name, {
          nearest: closestMatch(name, names),
          hint: 'List the schedules there are: anneal schedules',
        });
      }
      if (name !== undefined && error instanceof ScheduleAlreadyRunning) {
        throw scheduleErrors.scheduleExists(name);
      }
      // The SDK throws a TypeError for what the server calls an invalid argument.
      if (name !== undefined && error instanceof TypeError) {
        throw scheduleErrors.scheduleRefused(name, error.message, error);
      }
      throw mapTemporalError(error, this.#parts.server);
    }
  }
}

function withDefaults(request: ScheduleRequest, { pipeline }: KnownPipeline): ScheduleSettings {
  const deploys = Object.values(pipeline.spec.components ?? {}).some(isDeployComponent);
  return {
    times: request.times,
    overlap: request.overlap ?? DEFAULT_OVERLAP,
    catchupWindow: request.catchupWindow ?? DEFAULT_CATCHUP_WINDOW,
    pauseOnFailure: request.pauseOnFailure ?? deploys,
    parameters: request.parameters ?? {},
    options: request.options ?? {},
    follow: request.follow ?? 'pinned',
  };
}

/** A schedule that begins to follow the newest version is checked against that one. */
function followed(reference: PipelineReference, { follow }: ScheduleSettings): PipelineReference {
  return follow === 'latest' ? { name: reference.name } : reference;
}
