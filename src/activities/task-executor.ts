import type { TaskRequest } from '../contract/index.js';
import { AnnealError } from '../errors/index.js';
import type { ComponentSpecJson, ContainerSpecJson, ExecutorSpecJson } from '../ir/index.js';
import { taskPlatform, type PlatformSettings } from '../ir/platform/index.js';
import type { PipelineLoader } from './load-pipeline.js';

/** The code behind a task: its interface and what runs it. */
export interface TaskExecutor {
  readonly component: ComponentSpecJson;
  readonly executor: ExecutorSpecJson;
  readonly container: ContainerSpecJson;
  readonly platform?: PlatformSettings;
}

/** Finds the code of a task in its run's compiled pipeline. */
export async function taskExecutor(
  loader: PipelineLoader,
  request: TaskRequest,
): Promise<TaskExecutor> {
  const { pipeline: name, digest } = request.run;
  const { pipeline } = await loader.load({ name, digest });
  const component = pipeline.spec.components?.[request.component];
  const executor = pipeline.deployment.executors[request.executor];
  if (component !== undefined && executor?.container !== undefined) {
    const { inputs, platformNames } = request;
    const platform = taskPlatform(pipeline, request.executor, inputs.parameters, platformNames);
    return { component, executor, container: executor.container, platform };
  }
  throw new AnnealError(`Task "${request.task}" has no code in pipeline ${name} (${digest}).`, {
    code: 'E_UNKNOWN_EXECUTOR',
    hint: 'The run and its pipeline do not belong together; start it again.',
  });
}
