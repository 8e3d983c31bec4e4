// Temporal's runtime, of which a process has one: its log, and the metrics of this worker.
//
// M1. Workers of one machine may be given a range of ports: each takes the first that is free.

import { makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from '@temporalio/common';
import type { RuntimeOptions } from '@temporalio/worker';
import { metricsAddressText, type TelemetrySettings } from '../src/config/index.js';
import { configErrors } from '../src/errors/index.js';
import { ActivityMetrics, BUCKETS } from '../src/telemetry/index.js';

type TelemetryOptions = NonNullable<RuntimeOptions['telemetryOptions']>;

/** What Temporal's core says below warnings is about itself. */
const CORE_LOG = {
  filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }),
  forward: {},
};

export interface InstallRequest {
  readonly telemetry: TelemetrySettings;
  readonly logger: Logger;
  /** Where tasks run whose run names no runner. */
  readonly defaultRunner: string;
}

/**
 * Installs the runtime.
 *
 * @returns the counters of activities, where metrics are served
 * @throws E_CONFIG when no port is free (M1)
 */
export function installRuntime({
  telemetry: { metrics },
  logger,
  defaultRunner,
}: InstallRequest): ActivityMetrics | undefined {
  const install = (exporter?: TelemetryOptions['metrics']): Runtime =>
    Runtime.install({
      logger,
      shutdownSignals: [], // ours to count
      telemetryOptions: { logging: CORE_LOG, ...(exporter ? { metrics: exporter } : {}) },
    });
  if (metrics === undefined) {
    install();
    return undefined;
  }
  const { host, firstPort, lastPort } = metrics;
  let refusal: unknown;
  for (let port = firstPort; port <= lastPort; port += 1) {
    const bindAddress = `${host}:${port}`;
    try {
      const runtime = install({
        prometheus: {
          bindAddress,
          useSecondsForDurations: true,
          histogramBucketOverrides: BUCKETS,
        },
      });
      logger.info('metrics are served', { address: `http://${bindAddress}/metrics` });
      return new ActivityMetrics(runtime.metricMeter, defaultRunner);
    } catch (error) {
      refusal = error;
    }
  }
  throw configErrors.metricsAddressTaken(metricsAddressText(metrics), refusal);
}
