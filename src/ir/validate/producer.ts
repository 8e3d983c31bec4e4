import { irFindings } from '../../errors/index.js';
import { ownEntry } from '../own-entry.js';
import type { SpecPath } from '../path.js';
import type { OutputArtifactDefinitionJson, OutputParameterDefinitionJson } from '../spec.js';
import { missing } from './missing.js';
import type { Report } from './report.js';
import type { TaskScope } from './scopes.js';

interface OutputDefinitions {
  readonly parameters: OutputParameterDefinitionJson;
  readonly artifacts: OutputArtifactDefinitionJson;
}

/** A reference to an output of a task in the same DAG. */
export interface OutputReference {
  /** Who refers, for messages: `Task "train"`. */
  readonly user: string;
  readonly producer: string;
  readonly output: string;
  /** Path of the reference. */
  readonly path: SpecPath;
  /** Field names of the producer and of the output within the reference. */
  readonly fields: readonly [producer: string, output: string];
}

/**
 * Finds the task an output comes from.
 *
 * @returns the task, or undefined after reporting E_UNKNOWN_TASK
 */
export function findProducer(
  user: string,
  name: string,
  at: SpecPath,
  siblings: readonly TaskScope[],
  report: Report,
): TaskScope | undefined {
  const producer = siblings.find((sibling) => sibling.name === name);
  if (producer === undefined) {
    const names = siblings.map((sibling) => sibling.name);
    report(at, irFindings.unknownTask(user, missing(name, names)));
  }
  return producer;
}

/**
 * Finds the definition of an output that is referred to as a parameter or as an artifact.
 *
 * @returns the definition, or undefined after reporting (or when the producer has no component)
 */
export function findOutput<Kind extends keyof OutputDefinitions>(
  kind: Kind,
  reference: OutputReference,
  siblings: readonly TaskScope[],
  report: Report,
): OutputDefinitions[Kind] | undefined {
  const { user, output, path, fields } = reference;
  const producer = findProducer(user, reference.producer, [...path, fields[0]], siblings, report);
  if (producer?.component === undefined) return undefined;
  const { parameters = {}, artifacts = {} } = producer.component.outputDefinitions ?? {};
  const wanted: Readonly<Record<string, unknown>> = kind === 'parameters' ? parameters : artifacts;
  const other = kind === 'parameters' ? artifacts : parameters;
  const definition = ownEntry(wanted, output);
  if (definition !== undefined) return definition as OutputDefinitions[Kind];
  const at = [...path, fields[1]];
  if (Object.hasOwn(other, output)) {
    const kinds = ['a parameter', 'an artifact'] as const;
    const [given, want] = kind === 'artifacts' ? kinds : ([...kinds].reverse() as [string, string]);
    report(
      at,
      irFindings.wrongKind(`The output "${output}" of task "${reference.producer}"`, given, want),
    );
  } else {
    const component = `The component of task "${reference.producer}"`;
    report(at, irFindings.unknownOutput(component, missing(output, Object.keys(wanted))));
  }
  return undefined;
}
