// What can be wrong with a pipeline written in TypeScript: thrown at the line that is wrong.
// The type checker says the same to typed callers; these are for untyped ones.

import { AnnealError } from './anneal-error.js';
import type { ErrorCode } from './codes.js';

export * from './dsl-exit.js';

/** An input of a component, where an argument was given. */
interface InputPlace {
  readonly component: string;
  readonly input: string;
}

/** A value wired to an input, both types in words. */
interface Wiring extends InputPlace {
  readonly expected: string;
  readonly found: string;
  /** Where the value comes from, in words: `output "model" of task "train"`. */
  readonly source: string;
}

interface Mismatch {
  readonly expected: string;
  readonly found: string;
}

function inputError(
  code: ErrorCode,
  place: InputPlace,
  message: string,
  hint: string,
): AnnealError {
  return new AnnealError(`Component "${place.component}", input "${place.input}": ${message}`, {
    code,
    hint,
    where: `${place.component}.inputs.${place.input}`,
    details: { component: place.component, input: place.input },
  });
}

function buildError(code: ErrorCode, message: string, hint: string): AnnealError {
  return new AnnealError(message, { code, hint });
}

const listed = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : names.map((name) => `"${name}"`).join(', ');

const didYouMean = (nearest: string | undefined): string =>
  nearest === undefined ? '' : ` Did you mean "${nearest}"?`;

/** Made when an input is given that the component does not declare. */
export function unknownInput(
  place: InputPlace,
  declared: readonly string[],
  nearest: string | undefined,
): AnnealError {
  return inputError(
    'E_UNKNOWN_INPUT',
    place,
    `the component has no such input.${didYouMean(nearest)}`,
    `Its inputs are: ${listed(declared)}.`,
  );
}

/** Made when a required input is not given. */
export function missingInput(place: InputPlace, expected: string): AnnealError {
  const what = expected.endsWith('parameter') ? 'a value or an output' : 'an output';
  return inputError(
    'E_MISSING_INPUT',
    place,
    `it is required (${expected}) and was not given.`,
    `Pass ${what} of that type, or declare the input optional.`,
  );
}

/** Made when text or another constant is given where an artifact goes. */
export function constantForArtifact(place: InputPlace, { expected, found }: Mismatch): AnnealError {
  const type = expected.replace(/^.*\./, '');
  return inputError(
    'E_KIND',
    place,
    `an artifact (${expected}) goes here, and ${found} was given.`,
    `To bring in a file, use importer({ uri: …, type: ${type} }).outputs.artifact.`,
  );
}

/** Made when an artifact is wired to a parameter or the reverse. */
export function wrongKind(wiring: Wiring): AnnealError {
  const isParameterWanted = wiring.expected.endsWith('parameter');
  const type = wiring.expected.replace(/^.*\./, '');
  return inputError(
    'E_KIND',
    wiring,
    `${wiring.expected} goes here, and ${wiring.source} is ${wiring.found}.`,
    isParameterWanted
      ? 'Pass a value or an output parameter; an artifact is read by a component that takes one.'
      : `To bring in the file a parameter names, use importer({ uri: …, type: ${type} }).outputs.artifact.`,
  );
}

/** Made when a parameter is wired to one of another type. */
export function wrongParameterType(wiring: Wiring): AnnealError {
  return inputError(
    'E_TYPE',
    wiring,
    `${wiring.expected} goes here, and ${wiring.source} is ${wiring.found}.`,
    'Parameters are not converted on the way: change one of the two declarations.',
  );
}

/** Made when an artifact is wired to an input of another artifact type. */
export function wrongArtifactType(wiring: Wiring): AnnealError {
  return inputError(
    'E_ARTIFACT_TYPE',
    wiring,
    `${wiring.expected} goes here, and ${wiring.source} is ${wiring.found}.`,
    'Pass an output of the wanted type, or declare the input as Artifact to take any.',
  );
}

/** Made when a constant does not fit its parameter. */
export function wrongConstant(place: InputPlace, { expected, found }: Mismatch): AnnealError {
  return inputError(
    'E_TYPE',
    place,
    `${expected} goes here, and ${found} was given.`,
    'Change the value, or the type that the component declares.',
  );
}

/** Made when a declared default does not fit its own type. */
export function wrongDefault(place: InputPlace, { expected, found }: Mismatch): AnnealError {
  return inputError(
    'E_TYPE',
    place,
    `its default must be ${expected}, and is ${found}.`,
    'Change the default or the declared type.',
  );
}

/** Made when an output is read that the task does not have. */
export function unknownOutput(
  task: string,
  output: string,
  { declared, nearest }: { readonly declared: readonly string[]; readonly nearest?: string },
): AnnealError {
  return new AnnealError(`Task "${task}" has no output "${output}".${didYouMean(nearest)}`, {
    code: 'E_UNKNOWN_OUTPUT',
    hint: `Its outputs are: ${listed(declared)}.`,
    where: `${task}.outputs.${output}`,
    details: { task, output },
  });
}

/** Made when a build function reads an input that the pipeline does not declare. */
export function unknownPipelineInput(
  input: string,
  { declared, nearest }: { readonly declared: readonly string[]; readonly nearest?: string },
): AnnealError {
  return new AnnealError(`The pipeline has no input "${input}".${didYouMean(nearest)}`, {
    code: 'E_UNKNOWN_INPUT',
    hint: `Its inputs are: ${listed(declared)}.`,
    where: `inputs.${input}`,
    details: { input },
  });
}

/** Made when a value is read where it does not exist: outside its branch, loop or pipeline. */
export function unreachableValue(reader: string, source: string, home: string): AnnealError {
  const place = home === 'pipeline' ? 'another pipeline' : `a ${home} that the reader is not in`;
  return buildError(
    'E_UNKNOWN_OUTPUT',
    `${reader} reads ${source}, which exists only in ${place}.`,
    'Return it from the body, and read it from what otherwise(…) or parallelFor(…) gives back.',
  );
}

/** Made when a body returns something else than outputs of its own tasks. */
export function notAnOutputOfGroup(group: string, name: string, found: string): AnnealError {
  return buildError(
    'E_UNKNOWN_OUTPUT',
    `The body of a ${group} returns "${name}", which is ${found}.`,
    'Return outputs of tasks that the body itself places.',
  );
}

/** Made when the branches of one `when` return different outputs. */
export function branchOutputsDiffer(name: string): AnnealError {
  return buildError(
    'E_UNKNOWN_OUTPUT',
    `Not every branch returns an output "${name}" of one type.`,
    'Return outputs of the same names and types from every branch.',
  );
}

/** Made when a component, branch or loop is used outside pipeline(…). */
export function calledOutsidePipeline(caller: string): AnnealError {
  return buildError(
    'E_SPEC',
    `${caller} was used outside a pipeline.`,
    'Call it inside the build function given to pipeline({ … }, (inputs) => { … }).',
  );
}

/** Made when a build function is async: tasks placed after an await would be lost. */
export function asynchronousBuild(what: string): AnnealError {
  return buildError(
    'E_SPEC',
    `The function that builds ${what} is async.`,
    'Make it a plain function: it only describes the pipeline and has nothing to wait for.',
  );
}

/** Made when a pipeline, branch or loop places no task. */
export function emptyGroup(what: string): AnnealError {
  return buildError('E_SPEC', `${what} places no task.`, 'Call at least one component in it.');
}

/** Made when two tasks are given one name. */
export function duplicateTaskName(name: string): AnnealError {
  return buildError(
    'E_NAME_COLLISION',
    `Two tasks of the pipeline are named "${name}".`,
    'Give one of them another name.',
  );
}

/** Made when a name has characters or a length that KFP could not carry. */
export function invalidName(thing: string, name: string, allowed: string): AnnealError {
  return buildError(
    'E_NAME',
    `"${name.slice(0, 80)}" cannot be the name of ${/^[aeiou]/.test(thing) ? 'an' : 'a'} ${thing}.`,
    `Use ${allowed}, at most 100, beginning with a letter${thing === 'task' || thing === 'pipeline' ? ' or digit' : ''}.`,
  );
}

/** Made when a task option is outside its range. */
export function invalidOption(
  component: string,
  option: string,
  { expected, found }: Mismatch,
): AnnealError {
  return new AnnealError(`Component "${component}": ${option} is ${found}.`, {
    code: 'E_RANGE',
    hint: `Use ${expected}.`,
    where: `${component}.options.${option}`,
  });
}

/** Made when `after` lists something that is not a task. */
export function notATask(found: string): AnnealError {
  return buildError(
    'E_UNKNOWN_TASK',
    `"after" lists ${found}, which is not a task of this pipeline.`,
    'List what calling a component returned.',
  );
}

/** Made when `after` lists a task of a branch that the waiting task is not in. */
export function afterInsideBranch(task: string, other: string): AnnealError {
  return buildError(
    'E_UNKNOWN_TASK',
    `Task "${task}" waits for "${other}", which is in a branch that may never run.`,
    'Wait for a task outside the branch, or place the waiting task in the same branch.',
  );
}

/** Made when `after` lists a task of an exit handler that the waiting task is not in. */
export function afterInsideExitHandler(task: string, other: string): AnnealError {
  return buildError(
    'E_UNKNOWN_TASK',
    `Task "${task}" waits for "${other}", which is inside an exit handler.`,
    'Wait for what exitHandler returned: it ends when all its tasks have.',
  );
}

/** Made when something that is not a condition is used as one. */
export function notACondition(found: string): AnnealError {
  return buildError(
    'E_CONDITION',
    `A condition was expected, and ${found} was given.`,
    'Compare outputs with eq, ne, lt, le, gt or ge, and join comparisons with and, or, not.',
  );
}

/** Made when a condition was built and nothing used it: most often JavaScript's && or ||. */
export function conditionNotUsed(pipeline: string): AnnealError {
  return buildError(
    'E_CONDITION',
    `Pipeline "${pipeline}" makes a condition that nothing uses.`,
    "JavaScript's && and || drop one of their sides: write and(a, b) or or(a, b).",
  );
}

/** Made when `and` or `or` has no operand. */
export function emptyConjunction(kind: string): AnnealError {
  return buildError('E_CONDITION', `${kind}() has no operands.`, 'Give it at least one condition.');
}

/** Made when two things are compared that cannot be. */
export function wrongComparison(operator: string, { expected, found }: Mismatch): AnnealError {
  return buildError(
    'E_CONDITION',
    `A comparison with ${operator} has ${found}.`,
    `Compare ${expected}.`,
  );
}

/** Made when text with a lone surrogate would have to be written as CEL. */
export function unquotableText(): AnnealError {
  return buildError(
    'E_CONDITION',
    'A condition compares with text that is not valid Unicode (a lone surrogate).',
    'Compare with well-formed text.',
  );
}

/** Made when an output is used as a text or number while the pipeline is built. */
export function referenceUsedAsValue(source: string): AnnealError {
  return buildError(
    'E_TYPE',
    `The value of ${source} is not known while the pipeline is built.`,
    'Pass it as an argument, put it into text`…`, or compare it with eq, lt, gt, ….',
  );
}

/** Made when text`…` holds something other than text, numbers, booleans and parameters. */
export function wrongTextPart(found: string): AnnealError {
  return buildError(
    'E_TYPE',
    `text\`…\` holds ${found}.`,
    'Put only text, numbers, booleans and parameters into it.',
  );
}

/** Made when a field is read of something else than a loop's item. */
export function fieldOfNoItem(source: string): AnnealError {
  return buildError(
    'E_KIND',
    `A field was asked of ${source}; only the item of a loop has fields.`,
    'Loop with item: struct(), and read field(item, …) in the body.',
  );
}

/** Made when a loop's items or parallelism are not what a loop can take. */
export function invalidLoop({ expected, found }: Mismatch): AnnealError {
  return buildError('E_LOOP_LIMIT', `parallelFor was given ${found}.`, `Use ${expected}.`);
}

/** Made when concat(…) holds an ifPresent(…) that may stand for several arguments. */
export function listWithinConcat(): AnnealError {
  return buildError(
    'E_TYPE',
    'concat(…) holds an ifPresent(…) with a list.',
    'Within concat(…), give ifPresent(…) a text: concat("a", ifPresent("x", inputs.x)).',
  );
}
