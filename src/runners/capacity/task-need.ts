import type { Runner } from '../runner.js';
import type { TaskResources } from '../task-contract/index.js';
import type { Amount } from './amount.js';

/** On machines with fewer cores, so many tasks that ask for nothing run side by side all the same. */
const UNASKED_TASKS = 16;
/** A task that asks for nothing counts as so much at most. */
const UNASKED: Amount = { milliCpus: 1000, memoryBytes: 256 * 2 ** 20, accelerators: 0 };
/** Following a job of a cluster or a cloud: a few buffers. */
const FOLLOWED: Amount = { milliCpus: 0, memoryBytes: 16 * 2 ** 20, accelerators: 0 };

/**
 * What a task that asks for nothing counts as: one core and 256 MiB, on smaller machines a sixteenth of the cores and a
 * thirty-second of the memory.
 */
export function unaskedNeed(total: Amount): Amount {
  return {
    milliCpus: Math.min(UNASKED.milliCpus, Math.floor(total.milliCpus / UNASKED_TASKS)),
    memoryBytes: Math.min(UNASKED.memoryBytes, Math.floor(total.memoryBytes / (2 * UNASKED_TASKS))),
    accelerators: 0,
  };
}

/** What the tasks of a run on another machine take of this one. */
export function followedNeed(total: Amount): Amount {
  return { ...FOLLOWED, memoryBytes: Math.min(FOLLOWED.memoryBytes, total.memoryBytes) };
}

/** What a task takes of this machine: what it requests, else its limit, else what an unasking one counts as. */
export function taskNeed(
  resources: TaskResources,
  { files }: Pick<Runner, 'files'>,
  total: Amount,
): Amount {
  if (files === 'transferred') return followedNeed(total);
  const unasked = unaskedNeed(total);
  const cpus = resources.cpuRequest ?? resources.cpus;
  return {
    milliCpus: cpus === undefined ? unasked.milliCpus : Math.ceil(cpus * 1000),
    memoryBytes: resources.memoryRequestBytes ?? resources.memoryBytes ?? unasked.memoryBytes,
    accelerators: resources.accelerator?.count ?? 0,
  };
}
