import type { JsonObject } from '../../util/index.js';
import type { Pipeline } from '../pipeline.js';
import { kubernetesConfig } from './kubernetes-config.js';
import { platformSettings, type PlatformSettings } from './platform-settings.js';
import { hasWorkspace, workspaceMount, workspaceVolume } from './workspace.js';

/**
 * What the platform document asks for one task; undefined when it asks for nothing.
 *
 * @param label       the task's executor
 * @param parameters  the task's inputs: one that holds the workspace's path brings the workspace
 * @param names       names of secrets, config maps and volumes by where they are asked for
 */
export function taskPlatform(
  pipeline: Pipeline,
  label: string,
  parameters: JsonObject,
  names: JsonObject = {},
): PlatformSettings | undefined {
  const config = kubernetesConfig(pipeline, label);
  const workspace = hasWorkspace(pipeline) ? workspaceMount(parameters) : undefined;
  if (config === undefined && workspace === undefined) return undefined;
  const settings = platformSettings(config ?? {}, names);
  if (workspace === undefined) return settings;
  const volume = workspaceVolume(pipeline);
  return { ...settings, mounts: [...settings.mounts, workspace], workspace: volume };
}
