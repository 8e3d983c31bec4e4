// The alarms that watch a rollout: those of the policy's limits are made here, others are only named.
//
// L1. An alarm of ours watches one variant of one endpoint configuration, hence the new model alone: SageMaker publishes
//     the metrics of a fleet with the dimension EndpointConfigName too. Its name follows from the configuration's.
// L2. CloudWatch has these metrics once a minute, so limits are judged minute by minute; a minute with fewer requests
//     than `minRequests` says nothing.

import type { MetricDataQuery, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type { RolloutAlarms } from '../../contract/index.js';
const PERIOD_SECONDS = 60;
const MICROSECONDS = 1000;

/** How many alarms a policy asks for. */
export function countAlarms({ errorRate, latencyP95Ms, names }: RolloutAlarms): number {
  return [errorRate, latencyP95Ms].filter((limit) => limit !== undefined).length + names.length;
}

/** Names that alarms of a configuration have, whether there are such or not. */
export function alarmNamesOf(configName: string): string[] {
  return [`${configName}-errors`, `${configName}-latency`];
}

/** The requests that alarms judge. */
export interface WatchedVariant {
  readonly endpointName: string;
  readonly configName: string;
  readonly variant: string;
}

/** The alarms of a policy's limits (L1, L2). */
export function alarmsOf(
  { endpointName, configName, variant }: WatchedVariant,
  { errorRate, latencyP95Ms, minRequests }: RolloutAlarms,
): PutMetricAlarmCommandInput[] {
  const [errorsName, latencyName] = alarmNamesOf(configName);
  const metric = (id: string, name: string, stat: string): MetricDataQuery => ({
    Id: id,
    ReturnData: false,
    MetricStat: {
      Period: PERIOD_SECONDS,
      Stat: stat,
      Metric: {
        Namespace: 'AWS/SageMaker',
        MetricName: name,
        Dimensions: [
          { Name: 'EndpointName', Value: endpointName },
          { Name: 'VariantName', Value: variant },
          { Name: 'EndpointConfigName', Value: configName },
        ],
      },
    },
  });
  const requests = metric('requests', 'Invocations', 'Sum');
  const alarm = (
    name: string,
    what: string,
    limit: number,
    query: MetricDataQuery,
    value: string,
  ): PutMetricAlarmCommandInput => ({
    AlarmName: name,
    AlarmDescription: `${what} of the model that ${configName} serves; made by Anneal`,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: limit,
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
    TreatMissingData: 'notBreaching',
    Metrics: [
      requests,
      query,
      {
        Id: 'judged',
        Label: what,
        ReturnData: true,
        Expression: `IF(requests >= ${minRequests}, ${value}, 0)`,
      },
    ],
    Tags: [{ Key: 'anneal:endpoint', Value: endpointName }],
  });
  return [
    ...(errorRate === undefined
      ? []
      : [
          alarm(
            errorsName!,
            'Error rate',
            errorRate,
            metric('errors', 'Invocation5XXErrors', 'Sum'),
            'errors / requests',
          ),
        ]),
    ...(latencyP95Ms === undefined
      ? []
      : [
          alarm(
            latencyName!,
            'Latency (p95, microseconds)',
            latencyP95Ms * MICROSECONDS,
            metric('latency', 'ModelLatency', 'p95'),
            'latency',
          ),
        ]),
  ];
}
