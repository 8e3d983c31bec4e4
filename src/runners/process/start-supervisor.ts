import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { launcherEnvironment } from './clean-environment.js';

/**
 * Starts a supervisor as a process and session of its own, without a zygote.
 *
 * @param options `sweep`: only end what a killed supervisor left, and wait for that
 * @returns its process id
 */
export async function startSupervisor(
  python: string,
  tasksFolder: string,
  requestPath: string,
  options: { readonly sweep?: boolean } = {},
): Promise<number> {
  const flags = options.sweep ? ['--sweep'] : [];
  const child = spawn(python, ['-m', 'anneal_launcher.supervise', ...flags, requestPath], {
    env: { ...launcherEnvironment(tasksFolder) },
    stdio: 'ignore',
    detached: true,
  });
  await once(child, 'spawn');
  if (options.sweep) await once(child, 'exit');
  else child.unref();
  return child.pid!;
}
