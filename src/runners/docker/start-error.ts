// What a daemon's refusal to make or start a container means.

import {
  acceleratorMissing,
  daemonDiskFull,
  daemonRefused,
  daemonUnfit,
  imageLacksProgram,
} from '../../errors/container.js';
import type { LaunchSpec } from '../runner.js';
import { tooLong } from './exit-error.js';
import { daemonError, isGone, reasonOf, statusOf } from './daemon.js';

const NO_PROGRAM =
  /executable file not found|exec format error|no such file or directory|permission denied|not a directory|chdir to cwd/i;

/** The error to throw when a container could not be made or started. */
export function startError(error: unknown, spec: LaunchSpec, address: string): unknown {
  const { task } = spec.id;
  if (isGone(error)) return daemonError(address, error, true);
  if (statusOf(error) === undefined) return error;
  const reason = reasonOf(error);
  if (/argument list too long/i.test(reason)) return tooLong(spec);
  if (/no space left on device/i.test(reason)) return daemonDiskFull(task, reason);
  if (/could not select device driver|unresolvable CDI/i.test(reason)) {
    return acceleratorMissing(task, spec.resources.accelerator?.type ?? 'a device');
  }
  if (/bind source path does not exist/i.test(reason)) {
    return daemonUnfit(address, "it does not see this machine's files");
  }
  if (/OCI runtime|runc create|crun:/i.test(reason) && NO_PROGRAM.test(reason)) {
    const command = spec.command[0] ?? spec.args[0] ?? 'its entrypoint';
    return imageLacksProgram(task, { image: spec.image, command, reason });
  }
  return daemonRefused(task, reason, error);
}
