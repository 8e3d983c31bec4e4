// Names: what KFP allows, minus what could not be stored or would lie to a reader.
//
// N1. Task, pipeline and output names become storage keys and file names: no separators, no dot
//     segments, no control characters, nothing that Windows reserves.

import { irFindings } from '../../errors/index.js';
import type { SpecPath } from '../path.js';
import type { Pipeline } from '../pipeline.js';
import type { Report } from './report.js';
import { scopesOf, type Scope } from './scopes.js';

interface NameRule {
  readonly pattern: RegExp;
  readonly maxLength: number;
  readonly text: string;
}

// KFP's SDK turns these into lower-case ASCII with dashes (kfp/compiler: sanitize, make_name_unique).
const IDENTIFIER: NameRule = {
  pattern: /^[A-Za-z0-9_](?:[\w .-]*[\w-])?$/,
  maxLength: 128,
  text: 'Use 1 to 128 letters, digits, spaces, ".", "_" and "-", beginning with a letter, digit or "_".',
};
// Python identifiers may hold any letter; KFP prefixes them with `pipelinechannel--` and the task.
const PORT: NameRule = {
  pattern: /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_ .-]*[\p{L}\p{M}\p{N}_-])?$/u,
  maxLength: 256,
  text: 'Use 1 to 256 letters, digits, spaces, ".", "_" and "-", beginning with a letter, digit or "_".',
};
/** Windows opens a device for these, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Checks every name of the pipeline, and that names stay apart once made safe for storage. */
export function checkNames(pipeline: Pipeline, report: Report): void {
  const { spec, deployment } = pipeline;
  checkName(
    'pipeline',
    spec.pipelineInfo?.name ?? '',
    ['pipelineInfo', 'name'],
    IDENTIFIER,
    report,
  );
  for (const name of Object.keys(spec.components ?? {})) {
    checkName('component', name, ['components', name], IDENTIFIER, report);
  }
  for (const label of Object.keys(deployment.executors)) {
    checkName('executor', label, ['deploymentSpec', 'executors', label], IDENTIFIER, report);
  }
  for (const scope of scopesOf(pipeline)) {
    checkTaskNames(scope, report);
    checkPortNames(scope, 'inputDefinitions', 'input', report);
    checkPortNames(scope, 'outputDefinitions', 'output', report);
  }
}

function checkTaskNames({ component, path }: Scope, report: Report): void {
  const safeNames = new Map<string, string>();
  for (const name of Object.keys(component.dag?.tasks ?? {})) {
    const at = [...path, 'dag', 'tasks', name];
    checkName('task', name, at, IDENTIFIER, report);
    const safeName = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const other = safeNames.get(safeName);
    if (other !== undefined) report(at, irFindings.nameCollision('task', other, name));
    safeNames.set(safeName, name);
  }
}

function checkPortNames(
  { component, path }: Scope,
  definitions: 'inputDefinitions' | 'outputDefinitions',
  kind: string,
  report: Report,
): void {
  const { parameters = {}, artifacts = {} } = component[definitions] ?? {};
  for (const name of Object.keys(parameters)) {
    checkName(kind, name, [...path, definitions, 'parameters', name], PORT, report);
  }
  for (const name of Object.keys(artifacts)) {
    const at = [...path, definitions, 'artifacts', name];
    checkName(kind, name, at, PORT, report);
    if (Object.hasOwn(parameters, name)) report(at, irFindings.inputAndArtifact(kind, name));
  }
}

function checkName(kind: string, name: string, at: SpecPath, rule: NameRule, report: Report): void {
  const isAllowed =
    name.length <= rule.maxLength &&
    rule.pattern.test(name) &&
    !name.includes('..') &&
    !DEVICE.test(name);
  if (!isAllowed) report(at, irFindings.badName(kind, name, rule.text));
}
