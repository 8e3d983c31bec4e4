import { join } from 'node:path';
import type { Logger } from '@temporalio/common';
import type { ActivityParts } from '../src/activities/index.js';
import { ANNEAL_VERSION } from '../src/cli/version.js';
import type { Settings } from '../src/config/index.js';
import { ensurePythonEnvironment, PACKAGE_ROOT } from '../src/devserver/index.js';
import { PARAMETER_RULES } from '../src/pipelines/index.js';
import {
  createDockerRunner,
  createProcessRunner,
  createSageMakerRunner,
  offerRunners,
  openKubernetesRunner,
  ownerOf,
  readImageRules,
} from '../src/runners/index.js';
import { openStore } from '../src/storage/index.js';
import { logOfActivity } from './log-of-activity.js';
import { kubernetesOptions } from './kubernetes-options.js';
import { openDeployer } from './open-deployer.js';
import { openMirrors } from './open-mirrors.js';

const PYTHON_TASKS = join(PACKAGE_ROOT, 'python-tasks');

/** Opens everything a worker's activities need, as the settings say. */
export async function openParts(
  settings: Settings,
  logger: Pick<Logger, 'info'>,
): Promise<
  Omit<ActivityParts, 'searchAttributes' | 'identity' | 'drain' | 'admit' | 'traceVariables'>
> {
  const report = (line: string): void => void logOfActivity(logger).info(line);
  const environment = await ensurePythonEnvironment({ settings, report });
  const { python, uv } = environment;
  const store = await openStore(settings.store, settings);
  const runners = offerRunners(settings.runner, {
    process: () =>
      createProcessRunner({
        basePython: python,
        pythonTasksFolder: PYTHON_TASKS,
        uv,
        environmentsFolder: join(settings.home, 'environments'),
        home: settings.home,
        orphanSeconds: settings.orphanSeconds,
        onProgress: report,
        imageRules: readImageRules(join(settings.home, 'images.yaml')),
      }),
    sagemaker: () =>
      createSageMakerRunner({
        settings: settings.sagemakerJobs,
        store,
        pythonTasksFolder: PYTHON_TASKS,
        pollMs: settings.sagemakerJobs.pollSeconds * 1000,
        s3: settings.s3,
      }),
    kubernetes: () =>
      openKubernetesRunner({ ...kubernetesOptions(settings, store), onProgress: report }),
    docker: () =>
      createDockerRunner({
        home: settings.home,
        owner: ownerOf(settings.store),
        ...settings.docker,
        tasksImage: settings.tasksImage,
        orphanSeconds: settings.orphanSeconds,
        onProgress: report,
      }),
  });
  // Its reaper looks after the containers of a worker that died.
  if (settings.runner === 'docker') void runners.get('docker').catch(() => undefined);
  return {
    store,
    runners,
    deployer: openDeployer(settings, { python, pythonTasksFolder: PYTHON_TASKS }),
    parameterRules: PARAMETER_RULES,
    importRoots: settings.importRoots,
    projectFolder: settings.projectFolder,
    hooks: settings.hooks,
    policies: settings.policies,
    mirrors: openMirrors(settings, store),
    warn: report,
    driftTools: { python, pythonTasksFolder: PYTHON_TASKS },
    annealVersion: ANNEAL_VERSION,
    taskQueue: settings.taskQueue,
    heartbeatSeconds: settings.heartbeatSeconds,
  };
}
