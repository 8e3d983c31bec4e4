// Which kind of job a task becomes, and on what: annotations of its pod metadata, as the KFP SDK writes them
// (kfp-kubernetes: add_pod_annotation).
//
// J1. A task is a Processing job unless it says otherwise: that fits KFP's contract with any image.
// J2. Spot instances and checkpoints are Training jobs' alone: asking for either makes a Training job.
// J3. An annotation of ours that is misspelt or has no such value is refused, never ignored.

import { platformUnsupported } from '../../errors/task.js';
import type { PlatformSettings } from '../../ir/platform/index.js';
import { closestMatch } from '../../util/index.js';

export type JobKind = 'processing' | 'training';

export interface JobChoice {
  readonly kind: JobKind;
  readonly instanceType?: string;
  readonly volumeGb?: number;
  readonly spot: boolean;
  /** Longest running time, when the task has no timeout of its own. */
  readonly maxRuntimeSeconds?: number;
  /** Longest time from the start to the end of a spot job, waiting for capacity included. */
  readonly maxWaitSeconds?: number;
}

const PREFIX = 'anneal/sagemaker-';
const ANNOTATIONS = [
  'job',
  'instance-type',
  'volume-gb',
  'spot',
  'checkpoints',
  'max-runtime-seconds',
  'max-wait-seconds',
].map((name) => PREFIX + name);

/** Reads a task's wishes. @throws E_UNSUPPORTED (J3) */
export function jobChoice(task: string, platform?: PlatformSettings): JobChoice {
  const annotations = platform?.annotations ?? {};
  for (const name of Object.keys(annotations).filter((key) => key.startsWith(PREFIX))) {
    if (!ANNOTATIONS.includes(name)) throw unknown(task, name);
  }
  const read = (name: string): string | undefined => annotations[PREFIX + name];
  const flag = (name: string): boolean => {
    const value = read(name) ?? 'false';
    if (value !== 'true' && value !== 'false') throw wrong(task, name, value, 'true or false');
    return value === 'true';
  };
  const whole = (name: string, most: number): number | undefined => {
    const value = read(name);
    if (value === undefined) return undefined;
    if (/^[1-9]\d{0,8}$/.test(value) && Number(value) <= most) return Number(value);
    throw wrong(task, name, value, `a whole number from 1 to ${most}`);
  };
  const spot = flag('spot');
  const needsTraining = flag('checkpoints') || spot; // J2
  const wanted = read('job') ?? (needsTraining ? 'training' : 'processing'); // J1
  if (wanted !== 'processing' && wanted !== 'training') {
    throw wrong(task, 'job', wanted, 'processing or training');
  }
  if (wanted === 'processing' && needsTraining) {
    throw wrong(
      task,
      'job',
      wanted,
      'training, since only training jobs have spot and checkpoints',
    );
  }
  return {
    kind: wanted,
    spot,
    instanceType: read('instance-type'),
    // API model: ProcessingVolumeSizeInGB.
    volumeGb: whole('volume-gb', 16_384),
    // 28 days, the longest quota AWS grants for a training job.
    maxRuntimeSeconds: whole('max-runtime-seconds', 2_419_200),
    maxWaitSeconds: whole('max-wait-seconds', 2_419_200),
  };
}

function unknown(task: string, name: string): Error {
  const near = closestMatch(name, ANNOTATIONS);
  const reason =
    near === undefined ? `known are ${ANNOTATIONS.join(', ')}` : `did you mean ${near}`;
  return platformUnsupported(task, `the annotation ${name}`, reason);
}

function wrong(task: string, name: string, value: string, allowed: string): Error {
  return platformUnsupported(task, `${PREFIX}${name}: ${value}`, `allowed is ${allowed}`);
}
