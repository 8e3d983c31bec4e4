// Plain JSON of one or two documents to a Pipeline in normal form; no rule beyond the schema's.

import { irFindings } from '../../errors/index.js';
import type { JsonObject, JsonValue } from '../../util/index.js';
import { KubernetesExecutorConfigSchema } from '../generated/kubernetes_executor_config_pb.js';
import {
  PipelineDeploymentConfigSchema,
  PipelineSpecSchema,
  PlatformSpecSchema,
} from '../generated/pipeline_spec_pb.js';
import type { Pipeline } from '../pipeline.js';
import type { PlatformSpecJson } from '../spec.js';
import type { Report } from '../validate/report.js';
import { decode } from './decode.js';

/**
 * Decodes a pipeline strictly: unknown fields and wrong forms are reported, nothing is dropped.
 *
 * @param platform  the second document, when there is one
 * @returns the pipeline, or undefined after reporting
 */
export function decodePipeline(
  document: JsonObject,
  platform: JsonValue | undefined,
  report: Report,
): Omit<Pipeline, 'warnings'> | undefined {
  const deploymentSpec = document['deploymentSpec'] ?? document['deployment_spec'] ?? {};
  const spec = decode(PipelineSpecSchema, document, [], report);
  const deployment = decode(
    PipelineDeploymentConfigSchema,
    deploymentSpec,
    ['deploymentSpec'],
    report,
  );
  const platformSpec = decodePlatform(platform ?? null, report);
  if (spec === undefined || deployment === undefined) return undefined;
  return {
    spec: { ...spec, deploymentSpec: { ...deployment } },
    deployment: { executors: {}, ...deployment },
    ...(platformSpec && { platform: platformSpec }),
  };
}

/** An empty second document, as a trailing `---` makes one, is none. */
function decodePlatform(document: JsonValue, report: Report): PlatformSpecJson | undefined {
  if (document === null) return undefined;
  const reportPlatform: Report = (path, finding) =>
    report([1, ...path], irFindings.inPlatformSpec(finding));
  const platform = decode(PlatformSpecSchema, document, [], reportPlatform);
  for (const [label, config] of Object.entries(kubernetesExecutors(platform))) {
    const at = ['platforms', 'kubernetes', 'deploymentSpec', 'executors', label];
    const decoded = decode(KubernetesExecutorConfigSchema, config, at, reportPlatform);
    if (decoded !== undefined) kubernetesExecutors(platform)[label] = decoded;
  }
  return platform;
}

function kubernetesExecutors(platform: PlatformSpecJson | undefined) {
  return platform?.platforms?.['kubernetes']?.deploymentSpec?.executors ?? {};
}
