// The placeholders KFP renders within a text, and what they may name.
//
// Sources: kfp/dsl/placeholders.py, backend/src/v2/component/launcher_v2.go and driver/resolve.go of
// kubeflow/pipelines; pipeline_spec.proto, message ExecutorInput.

import { irFindings } from '../../errors/index.js';
import type { SpecPath } from '../path.js';
import { missing } from './missing.js';
import type { Report } from './report.js';

/** The inputs and outputs that placeholders of one executor may name. */
export interface Ports {
  readonly inputParameters: ReadonlySet<string>;
  readonly inputArtifacts: ReadonlySet<string>;
  readonly outputParameters: ReadonlySet<string>;
  readonly outputArtifacts: ReadonlySet<string>;
}

const PLACEHOLDER = /\{\{\$(?:\.[^{}]*)?\}\}/g;
const PORT = /^\.(inputs|outputs)\.(parameters|artifacts)\[(?:'([^']+)'|"([^"]+)")\](.*)$/;
const ARTIFACT_FIELD =
  /^(?:|\.(?:path|uri|value|name|metadata)|\.(?:metadata|properties|custom_properties)\[(?:'[^']+'|"[^"]+")\])$/;

/** Placeholders without a name in them. */
const PLAIN: ReadonlySet<string> = new Set([
  '',
  '.outputs.output_file',
  '.workspace_path',
  ...[
    'job_name',
    'job_uuid',
    'job_resource_name',
    'job_create_time_utc',
    'job_schedule_time_utc',
    'task_name',
    'task_uuid',
    'root',
    // Known to the SDK, rendered by Vertex AI only (kfp/dsl/__init__.py).
    'google_cloud_project_id',
    'google_cloud_location',
    'persistent_resource_id',
  ].map((name) => `.pipeline_${name}`),
]);
const JSON_ESCAPE = /^\.json_escape\[\d\]$/;

/** Checks every placeholder in a text. */
export function checkPlaceholderText(
  text: string,
  ports: Ports,
  path: SpecPath,
  report: Report,
): void {
  for (const [placeholder] of text.matchAll(PLACEHOLDER)) {
    const body = placeholder.slice('{{$'.length, -'}}'.length);
    if (PLAIN.has(body) || JSON_ESCAPE.test(body)) continue;
    checkPort(placeholder, body, ports, path, report);
  }
}

function checkPort(
  placeholder: string,
  body: string,
  ports: Ports,
  path: SpecPath,
  report: Report,
): void {
  const [, side, kind, single, double, field = ''] = PORT.exec(body) ?? [];
  const name = single ?? double;
  if (name === undefined || !isField(side, kind, field)) {
    report(path, irFindings.badPlaceholder(placeholder, 'is not known'));
    return;
  }
  const known = portsFor(side, kind, ports);
  if (known.has(name)) return;
  const words = `${side === 'inputs' ? 'input' : 'output'} ${kind === 'parameters' ? 'parameter' : 'artifact'}`;
  report(path, irFindings.unknownInPlaceholder(placeholder, words, missing(name, known)));
}

function isField(side: string | undefined, kind: string | undefined, field: string): boolean {
  if (kind === 'artifacts') return ARTIFACT_FIELD.test(field);
  return side === 'inputs' ? field === '' : field === '.output_file';
}

function portsFor(
  side: string | undefined,
  kind: string | undefined,
  ports: Ports,
): ReadonlySet<string> {
  if (side === 'inputs')
    return kind === 'parameters' ? ports.inputParameters : ports.inputArtifacts;
  return kind === 'parameters' ? ports.outputParameters : ports.outputArtifacts;
}
