import type { Hook } from '../config/index.js';
import type { Deployer } from '../deploy/index.js';
import type { ParameterRules } from '../ir/parameter-rules/index.js';
import type { Runners } from '../runners/index.js';
import type { ArtifactStore } from '../storage/index.js';

/** What the activities work with; made once by the worker. */
export interface ActivityParts {
  readonly store: ArtifactStore;
  readonly runners: Runners;
  readonly deployer: Deployer;
  /** Ranges of the inputs of this project's own components. */
  readonly parameterRules: ParameterRules;
  /** Folders that importers may read when the address comes from the pipeline itself. */
  readonly importRoots: readonly string[];
  /** Folder that relative paths refer to when the run names none. */
  readonly projectFolder: string;
  /** Who is told of what happens to runs. */
  readonly hooks: readonly Hook[];
  /** Version of Anneal, for certificates. */
  readonly annealVersion: string;
  /** Heartbeat timeout of long activities. */
  readonly heartbeatSeconds: number;
  /** Whether the server knows our search attributes. */
  readonly searchAttributes: boolean;
}
