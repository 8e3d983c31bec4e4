export { kubernetesConfig } from './kubernetes-config.js';
export { platformNames } from './platform-names.js';
export {
  platformSettings,
  type FieldVariable,
  type ObjectKind,
  type ObjectVariable,
  type PlatformSettings,
  type VolumeMount,
} from './platform-settings.js';
export type { PodSettings, ScratchVolume } from './pod-settings.js';
export { taskPlatform } from './task-platform.js';
export {
  hasWorkspace,
  workspaceMount,
  workspaceVolume,
  WORKSPACE_PATH,
  WORKSPACE_PLACEHOLDER,
} from './workspace.js';
export type { WorkspaceVolume } from './workspace-volume.js';
