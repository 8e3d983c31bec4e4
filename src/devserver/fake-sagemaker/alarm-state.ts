// CloudWatch alarms on the requests of endpoints.
//
// C1. An alarm is put: a second one of its name takes its place. Judged is the time up to now, not whole minutes.
// C2. A state that was set by hand holds for one period, then the data count again; for ever where there are none.

import { ApiError, validationError } from './api-error.js';
import { evaluate } from './metric-math.js';
import type { Metrics } from './metrics.js';
import { unchanged, type Input, type Operations } from './operations.js';
import { seconds } from './resources.js';

type AlarmValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

interface AlarmInput {
  readonly AlarmName: string;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Period?: number;
  readonly EvaluationPeriods?: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold?: number;
  readonly ComparisonOperator?: string;
  readonly TreatMissingData?: string;
  readonly Metrics?: readonly MetricInput[];
}

interface MetricId {
  readonly Namespace?: string;
  readonly MetricName: string;
  readonly Dimensions?: AlarmInput['Dimensions'];
}

interface MetricInput {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: {
    readonly Period: number;
    readonly Stat: string;
    readonly Metric: MetricId;
  };
}

interface Alarm {
  readonly input: AlarmInput;
  value: AlarmValue;
  reason: string;
  sinceMs: number;
  setByHandMs?: number;
}

const DEFAULT_PERIOD_SECONDS = 60;

export class AlarmState {
  readonly #alarms = new Map<string, Alarm>();
  readonly #metrics: Metrics;
  readonly #now: () => number;

  constructor(metrics: Metrics, now: () => number) {
    this.#metrics = metrics;
    this.#now = now;
  }

  readonly operations: Operations = {
    PutMetricAlarm: (input) => this.#put(input),
    DescribeAlarms: (input) => this.#describe(input),
    DeleteAlarms: ({ AlarmNames }) => this.#delete(AlarmNames as string[]),
    SetAlarmState: (input) => this.#set(input),
  };

  /** Whether there is an alarm of that name. */
  has(name: string): boolean {
    return this.#alarms.has(name);
  }

  /** The first of some alarms that was ringing at a time, and rings still. */
  ringing(
    names: readonly string[],
    untilMs: number,
  ): { readonly name: string; readonly sinceMs: number } | undefined {
    this.judge();
    for (const name of names) {
      const alarm = this.#alarms.get(name);
      if (alarm?.value === 'ALARM' && alarm.sinceMs <= untilMs) {
        return { name, sinceMs: alarm.sinceMs };
      }
    }
    return undefined;
  }

  /** Brings every alarm to the present. */
  judge(): void {
    const nowMs = this.#now();
    for (const alarm of this.#alarms.values()) {
      const heldMs = periodOf(alarm.input) * 1000;
      if (alarm.setByHandMs !== undefined && nowMs < alarm.setByHandMs + heldMs) continue;
      const points = this.#points(alarm.input, nowMs);
      if (alarm.setByHandMs !== undefined && points.every((point) => point === undefined)) continue;
      alarm.setByHandMs = undefined;
      const { value, reason } = verdict(alarm.input, points);
      if (value === alarm.value) continue;
      Object.assign(alarm, { value, reason, sinceMs: nowMs });
    }
  }

  #put(input: Input): unknown {
    const alarm = input as unknown as AlarmInput;
    assertMetric(alarm);
    for (const { Expression } of alarm.Metrics ?? []) {
      const ids = Object.fromEntries(alarm.Metrics!.map(({ Id }) => [Id, undefined]));
      if (Expression !== undefined) evaluate(Expression, ids);
    }
    const earlier = this.#alarms.get(alarm.AlarmName);
    if (JSON.stringify(earlier?.input) === JSON.stringify(alarm)) return unchanged({});
    this.#alarms.set(alarm.AlarmName, {
      input: alarm,
      value: 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      sinceMs: this.#now(),
    });
    return {};
  }

  #describe({ AlarmNames, AlarmNamePrefix, StateValue }: Input): unknown {
    this.judge();
    const names = AlarmNames as string[] | undefined;
    const found = [...this.#alarms.values()]
      .filter(({ input }) => names === undefined || names.includes(input.AlarmName))
      .filter(({ input }) => input.AlarmName.startsWith((AlarmNamePrefix as string) ?? ''))
      .filter(({ value }) => StateValue === undefined || StateValue === value);
    return {
      MetricAlarms: found.map(({ input, value, reason, sinceMs }) => ({
        ...input,
        Tags: undefined,
        AlarmArn: `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${input.AlarmName}`,
        StateValue: value,
        StateReason: reason,
        StateUpdatedTimestamp: seconds(sinceMs),
      })),
    };
  }

  #delete(names: readonly string[]): unknown {
    const missing = names.find((name) => !this.#alarms.has(name));
    if (missing !== undefined) throw new ApiError('ResourceNotFound', `Unknown: ${missing}`, 404);
    for (const name of names) this.#alarms.delete(name);
    return {};
  }

  #set({ AlarmName, StateValue, StateReason }: Input): unknown {
    const alarm = this.#alarms.get(AlarmName as string);
    if (alarm === undefined) throw new ApiError('ResourceNotFound', String(AlarmName), 404);
    const nowMs = this.#now();
    const value = StateValue as AlarmValue;
    const sinceMs = value === alarm.value ? alarm.sinceMs : nowMs;
    Object.assign(alarm, { value, reason: StateReason, sinceMs, setByHandMs: nowMs });
    return {};
  }

  /** One value for each evaluation period, the newest first. */
  #points(input: AlarmInput, nowMs: number): (number | undefined)[] {
    const periodMs = periodOf(input) * 1000;
    return Array.from({ length: input.EvaluationPeriods ?? 1 }, (_, index) => {
      const toMs = nowMs - index * periodMs;
      return this.#point(input, toMs - periodMs, toMs);
    });
  }

  #point(input: AlarmInput, fromMs: number, toMs: number): number | undefined {
    const { Namespace, MetricName, Metrics = [], Dimensions } = input;
    const ask = (metric: MetricId, Stat: string): number | undefined => {
      const query = { ...metric, Namespace: metric.Namespace ?? '', Stat };
      return this.#metrics.statistic(
        { ...query, Dimensions: metric.Dimensions ?? [] },
        fromMs,
        toMs,
      );
    };
    if (MetricName !== undefined) {
      const stat = input.Statistic ?? input.ExtendedStatistic ?? 'Average';
      return ask({ Namespace, MetricName, Dimensions }, stat);
    }
    const values: Record<string, number | undefined> = {};
    for (const { Id, MetricStat } of Metrics) {
      if (MetricStat !== undefined) values[Id] = ask(MetricStat.Metric, MetricStat.Stat);
    }
    const judged = Metrics.find(({ ReturnData }) => ReturnData !== false);
    return judged?.Expression === undefined
      ? values[judged?.Id ?? '']
      : evaluate(judged.Expression, values);
  }
}

function assertMetric({ MetricName, Metrics, EvaluationPeriods, Threshold, ...input }: AlarmInput) {
  if ((MetricName === undefined) === (Metrics === undefined)) {
    throw validationError('Exactly one of MetricName and Metrics must be given.');
  }
  if (EvaluationPeriods === undefined || Threshold === undefined) {
    throw validationError('EvaluationPeriods and Threshold are required.');
  }
  if (input.ComparisonOperator === undefined) {
    throw validationError('ComparisonOperator is required.');
  }
  const returned = (Metrics ?? []).filter(({ ReturnData }) => ReturnData !== false);
  if (Metrics !== undefined && returned.length !== 1) {
    throw validationError('Exactly one element of Metrics must have ReturnData true.');
  }
}

function periodOf({ Period, Metrics }: AlarmInput): number {
  const [period] = (Metrics ?? []).flatMap(({ MetricStat }) => MetricStat?.Period ?? []);
  return Period ?? period ?? DEFAULT_PERIOD_SECONDS;
}

function verdict(
  input: AlarmInput,
  points: readonly (number | undefined)[],
): { readonly value: AlarmValue; readonly reason: string } {
  const { Threshold = 0, ComparisonOperator = '', TreatMissingData = 'missing' } = input;
  const isMissing = points.every((point) => point === undefined);
  if (isMissing && TreatMissingData === 'missing') {
    return { value: 'INSUFFICIENT_DATA', reason: 'Insufficient Data' };
  }
  const breaching = points.filter((point) =>
    point === undefined
      ? TreatMissingData === 'breaching'
      : isBreaching(point, ComparisonOperator, Threshold),
  );
  const needed = input.DatapointsToAlarm ?? points.length;
  if (breaching.length < needed) {
    return { value: 'OK', reason: 'Threshold not crossed' };
  }
  const shown = breaching.map((point) => (point === undefined ? 'missing' : String(point)));
  return {
    value: 'ALARM',
    reason: `Threshold Crossed: ${breaching.length} datapoint [${shown.join(', ')}] was ${ComparisonOperator} the threshold (${Threshold}).`,
  };
}

function isBreaching(point: number, operator: string, threshold: number): boolean {
  switch (operator) {
    case 'GreaterThanThreshold':
      return point > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return point >= threshold;
    case 'LessThanThreshold':
      return point < threshold;
    case 'LessThanOrEqualToThreshold':
      return point <= threshold;
    default:
      throw validationError(`This fake does not know ${operator}.`);
  }
}
