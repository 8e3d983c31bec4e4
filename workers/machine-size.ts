// How large this machine is, or the container that the worker runs in.

import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { WorkerSettings } from '../src/config/index.js';
import type { Amount } from '../src/runners/index.js';

/** What tasks may ask for together: the settings' word, else what there is. */
export function machineSize({ cpus, memoryBytes, accelerators }: WorkerSettings): Amount {
  return {
    milliCpus: Math.round((cpus ?? cores()) * 1000),
    memoryBytes: memoryBytes ?? memory(),
    accelerators: accelerators ?? nvidiaDevices(),
  };
}

function cores(): number {
  return Math.min(availableParallelism(), cgroupCores() ?? Infinity);
}

/** cgroup v2's cpu.max: `<quota> <period>` in microseconds, or `max <period>`. */
function cgroupCores(): number | undefined {
  const [quota, period] = (readText('/sys/fs/cgroup/cpu.max') ?? 'max').split(' ').map(Number);
  return quota && period ? quota / period : undefined;
}

function memory(): number {
  // Node reads the limits of cgroups v1 and v2; without any it answers 0 or a number beyond the machine's memory.
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

function nvidiaDevices(): number {
  try {
    return readdirSync('/dev').filter((name) => /^nvidia\d+$/.test(name)).length;
  } catch {
    return 0;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
