// The wording of everything that can be wrong with one place of a pipeline.

import type { ErrorCode } from './codes.js';

/** One thing that is wrong with a pipeline, before its place is known. */
export interface Finding {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/** A name that was looked for, and what could have been meant. */
export interface Missing {
  readonly name: string;
  /** The known name closest to it, for "did you mean". */
  readonly nearest?: string;
  readonly known: readonly string[];
}

const quoted = (name: string) => `"${name.length > 130 ? `${name.slice(0, 130)}…` : name}"`;

function suggestion({ nearest, known }: Omit<Missing, 'name'>): string {
  if (nearest !== undefined) return `Did you mean ${quoted(nearest)}?`;
  if (known.length === 0) return 'There are none.';
  const shown = known.slice(0, 10).map(quoted).join(', ');
  return `Known: ${shown}${known.length > 10 ? ` and ${known.length - 10} more` : ''}.`;
}

export const unknownField = (
  field: string,
  message: string,
  nearest: string | undefined,
  known: readonly string[],
): Finding => ({
  code: 'E_SPEC',
  message: `${message} has no field ${quoted(field)}.`,
  hint: suggestion({ nearest, known }),
});

export const wrongForm = (field: string, reason: string): Finding => ({
  code: 'E_SPEC',
  message: `${field} has the wrong form: ${reason}.`,
});

/** A field that KFP needs is absent, or a combination makes no sense. */
export const incomplete = (message: string, hint?: string): Finding => ({
  code: 'E_SPEC',
  message,
  hint,
});

export const badName = (kind: string, name: string, rule: string): Finding => ({
  code: 'E_NAME',
  message: `The ${kind} name ${quoted(JSON.stringify(name).slice(1, -1))} is not allowed.`,
  hint: rule,
});

export const nameCollision = (kind: string, first: string, second: string): Finding => ({
  code: 'E_NAME_COLLISION',
  message: `The ${kind} names ${quoted(first)} and ${quoted(second)} are equal once made safe for storage.`,
  hint: 'Rename one of them.',
});

export const inputAndArtifact = (kind: string, name: string): Finding => ({
  code: 'E_NAME_COLLISION',
  message: `The ${kind} ${quoted(name)} is both a parameter and an artifact.`,
  hint: 'Rename one of them.',
});

/** @param loop  the names on the way, the first again at the end */
export const cycle = (kind: 'tasks' | 'components', loop: readonly string[]): Finding => ({
  code: 'E_CYCLE',
  message:
    kind === 'tasks'
      ? `Tasks wait for each other in a circle: ${loop.join(' -> ')}.`
      : `Components contain each other in a circle: ${loop.join(' -> ')}.`,
  hint: 'Remove one of these dependencies.',
});

export const unknownTask = (task: string, missing: Missing): Finding => ({
  code: 'E_UNKNOWN_TASK',
  message: `${task} refers to the task ${quoted(missing.name)}, which is not in this DAG.`,
  hint: suggestion(missing),
});

export const unknownOutput = (component: string, missing: Missing): Finding => ({
  code: 'E_UNKNOWN_OUTPUT',
  message: `${component} declares no output ${quoted(missing.name)}.`,
  hint: suggestion(missing),
});

export const unknownInput = (component: string, missing: Missing): Finding => ({
  code: 'E_UNKNOWN_INPUT',
  message: `${component} declares no input ${quoted(missing.name)}.`,
  hint: suggestion(missing),
});

export const unknownComponent = (task: string, missing: Missing): Finding => ({
  code: 'E_UNKNOWN_COMPONENT',
  message: `Task ${quoted(task)} uses the component ${quoted(missing.name)}, which does not exist.`,
  hint: suggestion(missing),
});

export const unknownExecutor = (user: string, missing: Missing): Finding => ({
  code: 'E_UNKNOWN_EXECUTOR',
  message: `${user} uses the executor ${quoted(missing.name)}, which does not exist.`,
  hint: suggestion(missing),
});

export const missingInput = (task: string, input: string, type: string): Finding => ({
  code: 'E_MISSING_INPUT',
  message: `Task ${quoted(task)} gets no value for its input ${quoted(input)} (${type}).`,
  hint: 'Wire it to a parameter or output, or give it a default.',
});

export const parameterType = (given: string, wanted: string, what: string): Finding => ({
  code: 'E_TYPE',
  message: `${what} is ${given}; ${wanted} is wanted.`,
  hint: 'Change the type on one side, or convert the value in a component.',
});

export const wrongKind = (what: string, given: string, wanted: string): Finding => ({
  code: 'E_KIND',
  message: `${what} is ${given}; ${wanted} is wanted.`,
  hint: 'Artifacts are passed to artifacts and parameters to parameters; an importer turns an address into an artifact.',
});

export const artifactType = (what: string, given: string, wanted: string): Finding => ({
  code: 'E_ARTIFACT_TYPE',
  message: `${what} is of type ${given}; ${wanted} is wanted.`,
  hint: 'Change the type on one side; system.Artifact goes with every type.',
});

/** @param column  1-based place within the expression, when it is known */
export const badCondition = (expression: string, reason: string, column?: number): Finding => ({
  code: 'E_CONDITION',
  message: `The condition ${quoted(expression)} is refused${column === undefined ? '' : ` at column ${column}`}: ${reason}.`,
  hint: "Conditions are CEL over inputs.parameter_values['name'], and end in true or false.",
});

/** @param column  1-based place within the expression, when it is known */
export const badSelector = (expression: string, reason: string, column?: number): Finding => ({
  code: 'E_SELECTOR',
  message: `The selector ${quoted(expression)} is refused${column === undefined ? '' : ` at column ${column}`}: ${reason}.`,
  hint: 'Selectors are CEL over the value: parseJson(string_value)["key"].',
});

export const loopLimit = (message: string, hint: string): Finding => ({
  code: 'E_LOOP_LIMIT',
  message,
  hint,
});

export const outOfRange = (field: string, found: string, allowed: string): Finding => ({
  code: 'E_RANGE',
  message: `${field} is ${found}; allowed: ${allowed}.`,
  hint: 'Write a value in that range, or leave the field out for its default.',
});

export const badPlaceholder = (placeholder: string, reason: string, hint?: string): Finding => ({
  code: 'E_PLACEHOLDER',
  message: `The placeholder ${quoted(placeholder)} ${reason}.`,
  hint: hint ?? 'See docs/kfp.md for the placeholders that KFP renders.',
});

export const unknownInPlaceholder = (
  placeholder: string,
  kind: string,
  missing: Missing,
): Finding =>
  badPlaceholder(
    placeholder,
    `names the ${kind} ${quoted(missing.name)}, which does not exist`,
    suggestion(missing),
  );

/** @param trainer  path of the task that is fitted on the same data */
export const trainedOnTestData = (
  task: string,
  input: string,
  trainer: string,
  deploy: string,
): Finding => ({
  code: 'E_HELD_OUT',
  message: `Task ${quoted(task)} guards the deployment ${quoted(deploy)}, but its input ${quoted(input)} is the very data that ${quoted(trainer)} fits the model on: its score would say nothing.`,
  hint: 'Wire rows held out from training into the evaluation, such as the test part of a split.',
});

/** Rewords a finding in the second document as one of the platform spec. */
export const inPlatformSpec = (finding: Finding): Finding => ({
  ...finding,
  code: 'E_PLATFORM',
  message: `The second document is no valid platform spec: ${finding.message}`,
});
