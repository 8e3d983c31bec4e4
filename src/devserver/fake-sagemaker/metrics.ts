// What endpoints tell of their requests, as CloudWatch would have it: namespace AWS/SageMaker.

/** One request that a model answered. */
export interface RequestPoint {
  readonly atMs: number;
  readonly endpoint: string;
  readonly variant: string;
  readonly configName: string;
  /** HTTP status of the model. */
  readonly status: number;
  readonly latencyMs: number;
}

export interface MetricQuery {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  readonly Stat: string;
}

// Longer than any window that an alarm looks at here.
const NAMESPACE = 'AWS/SageMaker';
const KEPT_MS = 3_600_000;

export class Metrics {
  #points: RequestPoint[] = [];

  record(point: RequestPoint): void {
    this.#points = this.#points.filter(({ atMs }) => atMs > point.atMs - KEPT_MS);
    this.#points.push(point);
  }

  /** A statistic over a time, from `fromMs`, exclusive, to `toMs`; undefined without any request in it. */
  statistic(query: MetricQuery, fromMs: number, toMs: number): number | undefined {
    if (query.Namespace !== NAMESPACE) return undefined;
    const values = this.#points
      .filter(({ atMs }) => atMs > fromMs && atMs <= toMs)
      .filter((point) =>
        query.Dimensions.every(({ Name, Value }) => dimension(point, Name) === Value),
      )
      .map((point) => valueOf(point, query.MetricName));
    return values.length === 0 ? undefined : statistic(query.Stat, values);
  }
}

function dimension(point: RequestPoint, name: string): string | undefined {
  switch (name) {
    case 'EndpointName':
      return point.endpoint;
    case 'VariantName':
      return point.variant;
    case 'EndpointConfigName':
      return point.configName;
    default:
      return undefined;
  }
}

function valueOf({ status, latencyMs }: RequestPoint, metric: string): number {
  switch (metric) {
    case 'Invocations':
      return 1;
    case 'Invocation4XXErrors':
      return Number(status >= 400 && status < 500);
    case 'Invocation5XXErrors':
      return Number(status >= 500);
    case 'ModelLatency':
      return latencyMs * 1000; // microseconds
    default:
      return 0;
  }
}

function statistic(name: string, values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const sum = values.reduce((total, value) => total + value, 0);
  switch (name) {
    case 'Sum':
      return sum;
    case 'Average':
      return sum / values.length;
    case 'Maximum':
      return sorted.at(-1)!;
    case 'Minimum':
      return sorted[0]!;
    case 'SampleCount':
      return values.length;
    default: {
      // pNN, by nearest rank.
      const rank = Math.ceil((Number(name.slice(1)) / 100) * sorted.length);
      return sorted[Math.max(rank, 1) - 1]!;
    }
  }
}
