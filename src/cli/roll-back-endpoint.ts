import path from 'node:path';
import { ensurePythonEnvironment, PACKAGE_ROOT } from '../devserver/index.js';
import { deployErrors } from '../errors/index.js';
import type { CliContext } from './cli-context.js';
import { cliSettings } from './cli-settings.js';
import { findEndpoint, openLocalEndpoints } from './endpoints.js';

/**
 * Puts the model before the current one back in its place, or ends the rollout that goes on.
 *
 * @throws E_NOT_FOUND with the nearest name; E_DEPLOY when there is no earlier model, or it does not start
 */
export async function rollBackEndpoint(context: CliContext, name: string): Promise<void> {
  const { output, environment } = context;
  const settings = await cliSettings(environment);
  const report = (line: string): void => output.progress(output.colors.dim(line));
  const { python } = await ensurePythonEnvironment({ settings, report });
  const pythonTasksFolder = path.join(PACKAGE_ROOT, 'python-tasks');
  const deployer = await openLocalEndpoints(context, { python, pythonTasksFolder });
  await findEndpoint(deployer, name);
  const view = await deployer.rollback(name);
  if (view.status !== 'promoted')
    throw deployErrors.deploymentFailed(name, view.reason ?? view.status);
  output.json({ ...view });
  output.result(`Endpoint ${name} serves ${view.modelDigest} again.`);
}
