// The artifacts of a task: each has one source, of a type that fits; each that is needed is there.

import { irFindings } from '../../errors/index.js';
import { ownEntry } from '../own-entry.js';
import type { SpecPath } from '../path.js';
import type { InputArtifactDefinitionJson, InputArtifactJson } from '../spec.js';
import {
  artifactTypeText,
  isArtifactAssignable,
  type ArtifactPort,
} from './artifact-assignment.js';
import { checkWiredNames, isWired } from './input-ports.js';
import { missing } from './missing.js';
import { findOutput } from './producer.js';
import type { Report } from './report.js';
import type { TaskScope } from './scopes.js';

/** Checks all artifacts that a task is given, and that none is missing. */
export function checkArtifactInputs(
  scope: TaskScope,
  siblings: readonly TaskScope[],
  report: Report,
): void {
  checkWiredNames(scope, 'artifacts', report);
  for (const [name, input] of Object.entries(scope.task.inputs?.artifacts ?? {})) {
    const path = [...scope.path, 'inputs', 'artifacts', name];
    const given = sourcePort(scope, input, siblings, path, report);
    const wanted = ownEntry(scope.component?.inputDefinitions?.artifacts, name);
    if (given === undefined || wanted === undefined || isArtifactAssignable(given, wanted))
      continue;
    const what = `What task "${scope.name}" passes to its input "${name}"`;
    report(path, irFindings.artifactType(what, artifactTypeText(given), artifactTypeText(wanted)));
  }
  reportMissing(scope, report);
}

function sourcePort(
  scope: TaskScope,
  input: InputArtifactJson,
  siblings: readonly TaskScope[],
  path: SpecPath,
  report: Report,
): ArtifactPort | undefined {
  if (input.taskOutputArtifact !== undefined) {
    const { producerTask = '', outputArtifactKey = '' } = input.taskOutputArtifact;
    const at = [...path, 'taskOutputArtifact'];
    const fields = ['producerTask', 'outputArtifactKey'] as const;
    const user = `Task "${scope.name}"`;
    const reference = { user, producer: producerTask, output: outputArtifactKey, path: at, fields };
    return findOutput('artifacts', reference, siblings, report);
  }
  if (input.componentInputArtifact !== undefined) {
    return parentInput(scope, input.componentInputArtifact, path, report);
  }
  report(path, irFindings.incomplete(`Task "${scope.name}" gives an input artifact no source.`));
  return undefined;
}

function parentInput(
  { parent, name: task }: TaskScope,
  name: string,
  path: SpecPath,
  report: Report,
): InputArtifactDefinitionJson | undefined {
  const { parameters = {}, artifacts = {} } = parent.component.inputDefinitions ?? {};
  const definition = ownEntry(artifacts, name);
  if (definition !== undefined) return definition;
  if (Object.hasOwn(parameters, name)) {
    const what = `The input "${name}" of ${parent.name}, used by task "${task}",`;
    report(path, irFindings.wrongKind(what, 'a parameter', 'an artifact'));
  } else {
    report(path, irFindings.unknownInput(parent.name, missing(name, Object.keys(artifacts))));
  }
  return undefined;
}

function reportMissing(scope: TaskScope, report: Report): void {
  const itemInput = scope.task.artifactIterator?.itemInput;
  for (const [name, definition] of Object.entries(
    scope.component?.inputDefinitions?.artifacts ?? {},
  )) {
    if (definition.isOptional === true || name === itemInput || isWired(scope, name)) continue;
    report(scope.path, irFindings.missingInput(scope.name, name, artifactTypeText(definition)));
  }
}
