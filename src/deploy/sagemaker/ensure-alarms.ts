// Alarms before the update that they watch.

import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  type CloudWatchClient,
  type MetricAlarm,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import type { AwsCaller } from '../../aws/index.js';
import { deployErrors } from '../../errors/index.js';

/** Makes the alarms that are missing. @returns their names */
export async function ensureAlarms(
  client: CloudWatchClient,
  caller: AwsCaller,
  wanted: readonly PutMetricAlarmCommandInput[],
): Promise<string[]> {
  for (const alarm of wanted) {
    await caller.settle(
      () => findAlarm(client, caller, alarm),
      () => client.send(new PutMetricAlarmCommand(alarm)),
    );
  }
  return wanted.map(({ AlarmName }) => AlarmName!);
}

/**
 * Checks alarms that are only named, before anything is changed.
 *
 * @throws E_AWS_CONFIG when one does not exist, or is in alarm already
 */
export async function assertQuiet(
  client: CloudWatchClient,
  caller: AwsCaller,
  named: readonly string[],
): Promise<void> {
  const found = await findAlarms(client, caller, named);
  const missing = named.find((name) => !found.some(({ AlarmName }) => AlarmName === name));
  if (missing !== undefined) {
    throw deployErrors.policyRefused(
      `there is no CloudWatch alarm "${missing}"`,
      'Create it, or take it out of rollout.alarms.names.',
    );
  }
  const ringing = found.find(({ StateValue }) => StateValue === 'ALARM');
  if (ringing !== undefined) {
    throw deployErrors.policyRefused(
      `the alarm "${ringing.AlarmName}" is in ALARM before anything has changed`,
      'SageMaker would take the rollout back at once: see what the model now live does.',
    );
  }
}

/** Which of some alarms are in alarm, each with the reason that CloudWatch gives. */
export async function trippedAlarms(
  client: CloudWatchClient,
  caller: AwsCaller,
  names: readonly string[],
): Promise<string[]> {
  const alarms = await findAlarms(client, caller, names);
  return alarms
    .filter(({ StateValue }) => StateValue === 'ALARM')
    .map(({ AlarmName, StateReason = '' }) => `${AlarmName}: ${StateReason}`.slice(0, 300));
}

/** Removes alarms; those that are not there are no concern. */
export async function removeAlarms(
  client: CloudWatchClient,
  caller: AwsCaller,
  names: readonly string[],
): Promise<void> {
  const found = await findAlarms(client, caller, names);
  const AlarmNames = found.map(({ AlarmName }) => AlarmName!);
  if (AlarmNames.length === 0) return;
  await caller.repeat(() => client.send(new DeleteAlarmsCommand({ AlarmNames })));
}

async function findAlarms(
  client: CloudWatchClient,
  caller: AwsCaller,
  names: readonly string[],
): Promise<readonly MetricAlarm[]> {
  if (names.length === 0) return [];
  const found = await caller.repeat(() =>
    client.send(new DescribeAlarmsCommand({ AlarmNames: [...names] })),
  );
  return found?.MetricAlarms ?? [];
}

/** The alarm as it is wanted; undefined when it is missing or judges by another limit. */
async function findAlarm(
  client: CloudWatchClient,
  caller: AwsCaller,
  wanted: PutMetricAlarmCommandInput,
): Promise<MetricAlarm | undefined> {
  const [found] = await findAlarms(client, caller, [wanted.AlarmName!]);
  const isAsWanted =
    found?.Threshold === wanted.Threshold &&
    found?.Metrics?.at(-1)?.Expression === wanted.Metrics?.at(-1)?.Expression;
  return isAsWanted ? found : undefined;
}
