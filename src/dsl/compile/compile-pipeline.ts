// A recorded pipeline as KFP's PipelineSpec.

import type { ExecutorSpecJson, Pipeline, PipelineSpecJson } from '../../ir/index.js';
import type { Group } from '../graph.js';
import type { ValueTypes } from '../value-type.js';
import { compileRoot } from './compile-group.js';
import { createEmission, type Emission } from './emission.js';

/** Written into `sdkVersion`; the package's version (a test compares them). */
export const SDK_VERSION = 'anneal-0.1.0';

// kfp.compiler.pipeline_spec_builder.create_pipeline_spec
const SCHEMA_VERSION = '2.1.0';

interface Description {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly inputs?: ValueTypes;
}

/** Compiles to the IR; equal recordings give equal specs. */
export function compilePipeline(description: Description, root: Group): Pipeline {
  const emission = createEmission();
  const rootComponent = compileRoot(root, { inputs: description.inputs ?? {} }, emission);
  const executors = Object.fromEntries(emission.executors) as Record<string, ExecutorSpecJson>;
  const spec: PipelineSpecJson = {
    pipelineInfo: {
      name: description.name,
      ...(description.displayName === undefined ? {} : { displayName: description.displayName }),
      ...(description.description === undefined ? {} : { description: description.description }),
    },
    schemaVersion: SCHEMA_VERSION,
    sdkVersion: SDK_VERSION,
    root: rootComponent,
    components: Object.fromEntries(emission.components),
    deploymentSpec: { executors: executors as never },
  };
  return { spec, deployment: { executors }, ...platformOf(emission), warnings: [] };
}

/** The second document of the file, where KFP keeps what only Kubernetes knows. */
function platformOf({ kubernetes }: Emission): Pick<Pipeline, 'platform'> {
  if (kubernetes.size === 0) return {};
  const executors = Object.fromEntries(kubernetes) as never;
  return { platform: { platforms: { kubernetes: { deploymentSpec: { executors } } } } };
}
