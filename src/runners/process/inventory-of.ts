import type { EnvironmentDescription } from '../../contract/index.js';
import { basePythonFailed } from '../../errors/task.js';
import { launcherEnvironment } from './clean-environment.js';
import { runTool } from './run-tool.js';

/** Lists what a Python has installed; see anneal_launcher/inventory.py. @throws E_TASK_ENVIRONMENT */
export async function inventoryOf(
  python: string,
  tasksFolder: string,
): Promise<EnvironmentDescription> {
  try {
    const answer = await runTool([python, '-m', 'anneal_launcher.inventory'], {
      env: launcherEnvironment(tasksFolder),
    });
    if (answer.exitCode !== 0) throw new Error(answer.log);
    return JSON.parse(answer.stdout) as EnvironmentDescription;
  } catch (cause) {
    throw basePythonFailed(python, cause);
  }
}
