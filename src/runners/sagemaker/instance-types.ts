// Which instance a task gets: its annotation, else the worker's setting, else the smallest of the table that fits.

import { ProcessingInstanceType, TrainingInstanceType } from '@aws-sdk/client-sagemaker';
import { deployErrors } from '../../errors/index.js';
import { platformUnsupported } from '../../errors/task.js';
import { closestMatch } from '../../util/index.js';
import type { TaskResources } from '../task-contract/index.js';
import type { JobChoice, JobKind } from './job-choice.js';

interface InstanceType {
  readonly name: string;
  readonly cpus: number;
  readonly memoryGib: number;
  readonly accelerators: number;
  /** Words by which pipelines name the accelerator. */
  readonly accelerator?: RegExp;
}

const plain = (name: string, cpus: number, memoryGib: number): InstanceType => ({
  name: `ml.${name}`,
  cpus,
  memoryGib,
  accelerators: 0,
});
const gpu = (
  accelerator: RegExp,
  [name, cpus, memoryGib, accelerators]: readonly [string, number, number, number],
): InstanceType => ({ ...plain(name, cpus, memoryGib), accelerators, accelerator });

const T4 = /\bt4\b/i;
const A10G = /\ba10g?\b/i;
const V100 = /\bv100\b/i;
const A100 = /\ba100\b/i;

/**
 * Smallest first: by accelerators, then memory, then cores. vCPU and memory as in AWS's list of instance types
 * (m5, c5, r5, g4dn, g5, p3, p4d families; EC2 documentation, 2025).
 */
export const INSTANCE_TYPES: readonly InstanceType[] = [
  plain('m5.large', 2, 8),
  plain('c5.xlarge', 4, 8),
  plain('m5.xlarge', 4, 16),
  plain('c5.2xlarge', 8, 16),
  plain('m5.2xlarge', 8, 32),
  plain('c5.4xlarge', 16, 32),
  plain('m5.4xlarge', 16, 64),
  plain('c5.9xlarge', 36, 72),
  plain('r5.4xlarge', 16, 128),
  plain('c5.18xlarge', 72, 144),
  plain('m5.12xlarge', 48, 192),
  plain('r5.8xlarge', 32, 256),
  plain('m5.24xlarge', 96, 384),
  plain('r5.16xlarge', 64, 512),
  plain('r5.24xlarge', 96, 768),
  gpu(T4, ['g4dn.xlarge', 4, 16, 1]),
  gpu(A10G, ['g5.xlarge', 4, 16, 1]),
  gpu(T4, ['g4dn.2xlarge', 8, 32, 1]),
  gpu(A10G, ['g5.2xlarge', 8, 32, 1]),
  gpu(V100, ['p3.2xlarge', 8, 61, 1]),
  gpu(T4, ['g4dn.4xlarge', 16, 64, 1]),
  gpu(A10G, ['g5.4xlarge', 16, 64, 1]),
  gpu(T4, ['g4dn.8xlarge', 32, 128, 1]),
  gpu(A10G, ['g5.8xlarge', 32, 128, 1]),
  gpu(A10G, ['g5.16xlarge', 64, 256, 1]),
  gpu(T4, ['g4dn.12xlarge', 48, 192, 4]),
  gpu(A10G, ['g5.12xlarge', 48, 192, 4]),
  gpu(V100, ['p3.8xlarge', 32, 244, 4]),
  gpu(A10G, ['g5.24xlarge', 96, 384, 4]),
  gpu(V100, ['p3.16xlarge', 64, 488, 8]),
  gpu(A10G, ['g5.48xlarge', 192, 768, 8]),
  gpu(A100, ['p4d.24xlarge', 96, 1152, 8]),
];

const KNOWN: Readonly<Record<JobKind, ReadonlySet<string>>> = {
  processing: new Set<string>(Object.values(ProcessingInstanceType)),
  training: new Set<string>(Object.values(TrainingInstanceType)),
};
const GIB = 2 ** 30;

/** Chooses a task's instance type. @throws E_INSTANCE_TYPE; E_UNSUPPORTED when nothing is large enough */
export function chooseInstance(
  task: string,
  choice: Pick<JobChoice, 'kind' | 'instanceType'>,
  resources: TaskResources,
  setting?: string,
): string {
  const named = choice.instanceType ?? setting;
  if (named !== undefined) {
    assertInstance(named, choice.kind);
    return named;
  }
  const fitting = INSTANCE_TYPES.find(
    (type) => KNOWN[choice.kind].has(type.name) && fits(type, resources),
  );
  if (fitting === undefined) {
    throw platformUnsupported(task, wish(resources), 'no SageMaker instance of the table has it');
  }
  return fitting.name;
}

function assertInstance(name: string, kind: JobKind): void {
  if (KNOWN[kind].has(name)) return;
  const prefixed = `ml.${name}`;
  const suggestion = KNOWN[kind].has(prefixed) ? prefixed : closestMatch(name, KNOWN[kind]);
  throw deployErrors.instanceTypeRefused(name, suggestion);
}

function fits(type: InstanceType, resources: TaskResources): boolean {
  const { accelerator } = resources;
  const memoryBytes = resources.memoryBytes ?? resources.memoryRequestBytes ?? 0;
  const cpus = resources.cpus ?? resources.cpuRequest ?? 0;
  if (type.memoryGib * GIB < memoryBytes || type.cpus < cpus) return false;
  if (accelerator === undefined) return type.accelerators === 0;
  return type.accelerators >= accelerator.count && isOfKind(type, accelerator.type);
}

/** `nvidia.com/gpu` and the like name no model: any will do. */
function isOfKind({ accelerator }: InstanceType, wanted: string): boolean {
  const words = wanted.replaceAll('_', ' ');
  if (/^(nvidia\.com\/gpu|gpu)$/i.test(wanted)) return true;
  return accelerator?.test(words) ?? false;
}

function wish({ memoryBytes, cpus, accelerator }: TaskResources): string {
  const wishes = [
    memoryBytes === undefined ? undefined : `${Math.ceil(memoryBytes / GIB)} GiB of memory`,
    cpus === undefined ? undefined : `${cpus} cores`,
    accelerator && `${accelerator.count} x ${accelerator.type}`,
  ];
  return wishes.filter(Boolean).join(', ');
}
