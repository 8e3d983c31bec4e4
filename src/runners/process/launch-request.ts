// The supervisor's orders for one execution.

import path from 'node:path';
import type { LaunchSpec } from '../runner.js';
import type { AppliedPlatform } from '../platform/apply-platform.js';
import { taskEnvironment } from './clean-environment.js';
import type { PythonEnvironment } from './environment-store.js';
import type { ExecutionFolder, SupervisionRequest } from './execution-folder.js';
import type { PythonProgram } from '../command/parse-command.js';
import type { LaunchPlan } from './plan-launch.js';
import { preloadFor, TASKS_PRELOAD } from './zygote-pool.js';

export interface LaunchContext {
  readonly spec: LaunchSpec;
  readonly plan: LaunchPlan;
  readonly environment: PythonEnvironment;
  readonly folder: ExecutionFolder;
  readonly tasksFolder: string;
  readonly platform?: AppliedPlatform;
}

// Read by the interpreter or the dynamic linker at start, so a forked interpreter would ignore them.
const READ_AT_START = /^(PYTHON|LD_|DYLD_|MALLOC_|GLIBC_)/;
const READ_AT_IMPORT = /_NUM_THREADS$/;

/** Writes what the supervisor is to run, and how. */
export function launchRequest(
  context: LaunchContext,
  limits: Pick<SupervisionRequest, 'graceSeconds' | 'orphanSeconds'>,
): SupervisionRequest {
  const { spec, plan, folder, tasksFolder, platform } = context;
  const binFolder = path.dirname(context.environment.python);
  return {
    ...limits,
    ...program(context),
    env: taskEnvironment({
      binFolder,
      scratchFolder: folder.scratch,
      errorFile: folder.errorFile,
      token: folder.token,
      cpus: spec.resources.cpus,
      pythonPath: plan.usesTasks ? tasksFolder : undefined,
      own: { ...spec.env, ...platform?.env },
    }),
    variableFiles: platform?.variableFiles,
    mounts: platform?.mounts,
    timeoutSeconds: spec.timeoutSeconds,
    memoryBytes: spec.resources.memoryBytes,
  };
}

/** The modules a warm interpreter should have; nothing when the task's own settings need them fresh. */
export function preloadOf(plan: LaunchPlan, spec: LaunchSpec): readonly string[] {
  if (Object.keys(spec.env).some((name) => READ_AT_IMPORT.test(name))) return [];
  if (plan.usesTasks) return TASKS_PRELOAD;
  return plan.program.kind === 'python' ? preloadFor(plan.program.source ?? '') : [];
}

function program({
  spec,
  plan,
  environment,
  folder,
  tasksFolder,
}: LaunchContext): Pick<SupervisionRequest, 'argv' | 'python'> {
  if (plan.program.kind === 'command') return { argv: plan.program.argv };
  const { module } = plan.program;
  const args = moduleArguments(plan.program, folder);
  if (Object.keys(spec.env).some((name) => READ_AT_START.test(name))) {
    return { argv: [environment.python, '-m', module, ...args] };
  }
  const componentConfig = plan.usesTasks ? path.join(tasksFolder, 'kfp_config.ini') : undefined;
  return { python: { module, args, cpus: spec.resources.cpus, componentConfig } };
}

function moduleArguments(program: PythonProgram, folder: ExecutionFolder): readonly string[] {
  if (program.source === undefined) return program.args;
  return ['--component_module_path', folder.componentPath, ...program.args];
}
