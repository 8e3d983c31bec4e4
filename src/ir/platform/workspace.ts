import type { Pipeline } from '../pipeline.js';
import type { JsonObject, JsonValue } from '../../util/json.js';
import type { VolumeMount } from './platform-settings.js';
import type { WorkspaceVolume } from './workspace-volume.js';

/** Where tasks see the workspace of their run (backend/src/v2/component/constants.go). */
export const WORKSPACE_PATH = '/kfp-workspace';
/** What stands for it in constants of the spec. */
export const WORKSPACE_PLACEHOLDER = '{{$.workspace_path}}';

/** The workspace's mount, for a task that gets its path in a parameter; undefined for all others. */
export function workspaceMount(parameters: JsonObject): VolumeMount | undefined {
  const isMeant = (value: JsonValue): boolean =>
    typeof value === 'string' && value.includes(WORKSPACE_PATH);
  if (!Object.values(parameters).some(isMeant)) return undefined;
  return {
    where: 'pipelineConfig.workspace',
    kind: 'workspace',
    name: 'workspace',
    mountPath: WORKSPACE_PATH,
    optional: false,
  };
}

/** What the pipeline asks of its workspace's volume; undefined when it has no workspace. */
export function workspaceVolume({
  platform,
}: Pick<Pipeline, 'platform'>): WorkspaceVolume | undefined {
  const workspace = platform?.platforms?.['kubernetes']?.pipelineConfig?.workspace;
  if (workspace === undefined) return undefined;
  const { size, kubernetes } = workspace;
  const claim = (kubernetes?.pvcSpecPatch ?? {}) as JsonObject;
  return { ...(size ? { size } : {}), claim };
}

/** Whether the pipeline's platform document asks for a workspace. */
export function hasWorkspace({ platform }: Pick<Pipeline, 'platform'>): boolean {
  return platform?.platforms?.['kubernetes']?.pipelineConfig?.workspace !== undefined;
}
