// Errors of tasks: their programs, outputs, environments and command lines.
//
// K1. Only a lost process, a lost worker and a network failure are retryable: those are the
//     infrastructure's. What the task's own code did is retried by the pipeline's retryPolicy alone.

import { AnnealError } from './anneal-error.js';

const KEPT_TEXT = 200;

/** Made when a task's program ended with a non-zero exit code. */
export function taskExited(task: string, exitCode: number, logTail: string): AnnealError {
  const said = lastLine(logTail).replace(/\.$/, '');
  return new AnnealError(
    `Task "${task}" ended with exit code ${exitCode}${said ? `: ${said}` : ', and its log is empty'}.`,
    { code: 'E_TASK_EXIT', hint: readLog(task), details: { task, exitCode, logTail } },
  );
}

/** Made when the command of a task does not exist or cannot be executed. */
export function taskNotStarted(task: string, command: string, reason: string): AnnealError {
  return new AnnealError(`Task "${task}" could not start "${command}": ${reason}.`, {
    code: 'E_TASK_EXIT',
    hint: 'Install the program on the worker, or run the task with its image (needs Docker).',
    details: { task, command, reason },
  });
}

/** Made when the command line of a plain program is longer than the system allows. */
export function commandLineTooLong(task: string, bytes: number): AnnealError {
  return new AnnealError(
    `The command line of task "${task}" has ${bytes} bytes, more than the system passes to a program.`,
    {
      code: 'E_VALUE_SIZE',
      hint: 'Pass large values as artifacts: the task then gets a path.',
      details: { task, bytes },
    },
  );
}

/** Made when a signal ended the task that Anneal did not send. */
export function taskSignaled(task: string, signal: string, logTail: string): AnnealError {
  return new AnnealError(`Task "${task}" was ended by ${signal}.`, {
    code: 'E_TASK_SIGNAL',
    hint: readLog(task),
    details: { task, signal, logTail },
  });
}

/** Made when a task went over its memory limit, or Python raised MemoryError. Sizes in bytes. */
export function taskOutOfMemory(
  task: string,
  memory: { readonly peakBytes?: number; readonly limitBytes?: number },
  logTail: string,
): AnnealError {
  const peak = memory.peakBytes === undefined ? '' : ` at ${mebibytes(memory.peakBytes)}`;
  const limit = memory.limitBytes === undefined ? '' : `, limit ${mebibytes(memory.limitBytes)}`;
  return new AnnealError(`Task "${task}" ran out of memory${peak}${limit}.`, {
    code: 'E_TASK_MEMORY',
    hint: 'Give the task a higher memory limit, or let it work on smaller pieces.',
    details: { task, ...memory, logTail },
  });
}

/** Made when a task ran longer than its limit; everything it started is gone. */
export function taskTimedOut(task: string, timeoutSeconds: number): AnnealError {
  return new AnnealError(`Task "${task}" ran longer than its limit of ${timeoutSeconds} s.`, {
    code: 'E_TASK_TIMEOUT',
    hint: 'Raise the limit, or look in the log for what it waited for.',
    details: { task, timeoutSeconds },
  });
}

/** Made after a task was ended on request. */
export function taskCanceled(task: string): AnnealError {
  return new AnnealError(`Task "${task}" was canceled.`, {
    code: 'E_TASK_CANCELED',
    details: { task },
  });
}

/** Made when the process of a task vanished without a result (K1). */
export function taskLost(task: string, reason: string): AnnealError {
  return new AnnealError(`Task "${task}" was lost: ${reason}.`, {
    code: 'E_TASK_LOST',
    hint: 'It is started again by itself.',
    retryable: true,
    details: { task, reason },
  });
}

/**
 * Made when a worker stops while a task is in its hands. Not retryable for Temporal: the run itself sends the task out
 * again, which costs no try of any budget.
 *
 * @param kept  the host on which the task goes on, and for how many seconds it does without a worker
 */
export function taskHandedOver(
  task: string,
  kept?: { readonly host: string; readonly keptSeconds: number },
): AnnealError {
  const place = kept === undefined ? '' : `; it goes on running on host ${kept.host}`;
  return new AnnealError(`The worker of task "${task}" stopped${place}.`, {
    code: 'E_TASK_HANDED_OVER',
    hint: 'The run sends it out again by itself.',
    details: { task, ...kept },
  });
}

/** Made by a runner that let go of a task which goes on without it. */
export function taskLetGo(task: string): AnnealError {
  return new AnnealError(`Task "${task}" goes on running without its worker.`, {
    code: 'E_TASK_HANDED_OVER',
    hint: 'The next worker follows it.',
    details: { task },
  });
}

/** Made when a task asks for more than the whole machine. `asked` and `has` complete the sentence. */
export function taskTooLarge(task: string, asked: string, has: string): AnnealError {
  return new AnnealError(
    `Task "${task}" asks for ${asked}; the machine of its worker has ${has}.`,
    {
      code: 'E_TASK_RESOURCES',
      hint: 'Ask for less, or run it where the machine is larger: a bigger worker, or --runner kubernetes or sagemaker.',
      details: { task, asked, has },
    },
  );
}

/** What a task may say about its own failure, through the file at ANNEAL_ERROR_FILE. */
export interface ReportedError {
  readonly code: 'E_DATA' | 'E_LEAK' | 'E_METRIC' | 'E_PARAM';
  readonly message: string;
  readonly hint?: string;
}

/** Made from what the task itself said. */
export function taskReported(task: string, reported: ReportedError, exitCode: number): AnnealError {
  return new AnnealError(reported.message, {
    code: reported.code,
    hint: reported.hint,
    details: { task, exitCode },
  });
}

/** Made when a declared output parameter has no value. */
export function parameterMissing(name: string, type: string): AnnealError {
  return new AnnealError(`The task did not write its output parameter "${name}" (${type}).`, {
    code: 'E_TASK_OUTPUT',
    hint: `Return a value for "${name}", or write it to the path the task is given for it.`,
    details: { output: name, type },
  });
}

/** Made when an output parameter is of another type than declared, or not a finite number. */
export function outputWrongType(name: string, type: string, found: string): AnnealError {
  const shown = found.length > KEPT_TEXT ? `${found.slice(0, KEPT_TEXT)}…` : found;
  return new AnnealError(`Output parameter "${name}" is declared ${type}, but is: ${shown}`, {
    code: 'E_TASK_OUTPUT',
    hint: 'Change what the task returns, or the declared type. NaN and infinities are not numbers here.',
    details: { output: name, type, found: shown },
  });
}

/** Made when an output cannot be read. */
export function outputNotReadable(name: string, reason: string, cause?: unknown): AnnealError {
  return new AnnealError(`The task's output "${name}" cannot be read: ${reason}.`, {
    code: 'E_TASK_OUTPUT',
    hint: "Write the output to the path the task is given, or set the artifact's path to where it is.",
    details: { output: name, reason },
    cause,
  });
}

/** Made when a value is larger than what may travel as a parameter. */
export function valueTooLarge(name: string, bytes: number, limitBytes: number): AnnealError {
  return new AnnealError(
    `"${name}" has ${bytes} bytes; at most ${limitBytes} may pass between tasks.`,
    {
      code: 'E_VALUE_SIZE',
      hint: 'Write large values to an artifact (Output[Artifact]) instead of a parameter.',
      details: { name, bytes, limitBytes },
    },
  );
}

/** Made when a task's image cannot be run as a process on this machine. */
export function imageNeedsDocker(image: string, reason: string): AnnealError {
  return new AnnealError(`This task needs Docker: image "${image}" (${reason}).`, {
    code: 'E_IMAGE',
    hint: 'Use a Python component or a common base image, or run the task where Docker is available.',
    details: { image, reason },
  });
}

/** Made when a secret or config map, or a key of it, is not in the home. Its value is never named. */
export function secretMissing(
  task: string,
  wanted: { readonly kind: string; readonly name: string; readonly key?: string },
  place: { readonly setting: string; readonly path: string },
): AnnealError {
  const key = wanted.key === undefined ? '' : `, key "${wanted.key}"`;
  return new AnnealError(
    `"${task}" needs the ${wanted.kind} "${wanted.name}"${key} (${place.setting}), which is not there.`,
    {
      code: 'E_SECRET',
      hint: `Put it at ${place.path}, or mark it optional in the pipeline.`,
      details: { task, ...wanted, ...place },
    },
  );
}

/** Made when a setting of the platform document cannot be honoured by a runner. */
export function platformUnsupported(task: string, setting: string, reason: string): AnnealError {
  return new AnnealError(`"${task}" asks for ${setting}, which cannot be had here: ${reason}.`, {
    code: 'E_UNSUPPORTED',
    where: `platforms.kubernetes: ${setting}`,
    hint: 'Run it where Docker or Kubernetes is available, or take the setting out.',
    details: { task, setting, reason },
  });
}

/** Made when a Python environment cannot be built. `lines`: the last ones the installer printed. */
export function environmentFailed(
  requirements: readonly string[],
  lines: string,
  retryable: boolean,
): AnnealError {
  return new AnnealError(
    `The Python environment with ${requirements.join(', ')} could not be built: ${lastLine(lines)}`,
    {
      code: 'E_TASK_ENVIRONMENT',
      hint: retryable
        ? 'Check that this machine reaches the package index; it is tried again.'
        : "Correct the component's packages_to_install.",
      retryable,
      details: { requirements: [...requirements], installer: lines },
    },
  );
}

/** Made when an environment that the user named for an image lacks what a component asks for. */
export function environmentLacks(python: string, missing: readonly string[]): AnnealError {
  return new AnnealError(`The environment of ${python} lacks ${missing.join(', ')}.`, {
    code: 'E_TASK_ENVIRONMENT',
    hint: 'Install it there, or give the image "requirements" in images.yaml instead of "python".',
    details: { python, missing: [...missing] },
  });
}

/** Made when the base Python cannot be asked what it has. */
export function basePythonFailed(python: string, cause: unknown): AnnealError {
  return new AnnealError(`The base Python at ${python} does not answer.`, {
    code: 'E_TASK_ENVIRONMENT',
    hint: 'Run "anneal doctor".',
    details: { python },
    cause,
  });
}

/** Made for `{{$…}}` that stands for nothing. */
export function unknownPlaceholder(placeholder: string): AnnealError {
  return new AnnealError(`Unknown placeholder ${placeholder} in the arguments of the task.`, {
    code: 'E_PLACEHOLDER',
    hint: 'See docs/kfp.md for the placeholders there are.',
    details: { placeholder },
  });
}

/** Made for a placeholder of an optional input that got no value. */
export function absentPlaceholder(placeholder: string, input: string): AnnealError {
  return new AnnealError(`${placeholder} is used, but the task got no input "${input}".`, {
    code: 'E_PLACEHOLDER',
    hint: 'Wrap it in IfPresent, or give the input a default.',
    details: { placeholder, input },
  });
}

/** Made when a run asks for a runner that its worker does not offer. */
export function runnerNotOffered(name: string, offered: readonly string[]): AnnealError {
  return new AnnealError(`This worker does not offer the runner "${name}".`, {
    code: 'E_RUNNER',
    hint: `It offers: ${offered.join(', ')}. Choose one with --runner, or start a worker that has "${name}".`,
    details: { name, offered },
  });
}

/** Made when a Concat or IfPresent structure has a wrong form. */
export function badPlaceholderStructure(element: string): AnnealError {
  return new AnnealError(`A Concat or IfPresent of the task has a wrong form: ${element}`, {
    code: 'E_PLACEHOLDER',
    hint: 'Compile the pipeline again with the KFP SDK.',
    details: { element },
  });
}

/** Made when a resource limit is not a quantity. */
export function badResource(found: string): AnnealError {
  return new AnnealError(`"${found}" is not an amount of memory or CPU.`, {
    code: 'E_RANGE',
    hint: 'Write it as Kubernetes does: 512Mi, 2G, 500m, 1.5.',
    details: { found },
  });
}

/** Made when `.value` of an input artifact is asked for and there is no such file. */
export function inputNotReadable(path: string): AnnealError {
  return new AnnealError(`The input artifact at ${path} does not exist.`, {
    code: 'E_INPUT_NOT_FOUND',
    details: { path },
  });
}

/** Made when an importer's file or folder does not exist or may not be read. */
export function inputNotFound(
  uri: string,
  place: { readonly path: string; readonly baseFolder: string; readonly reason: string },
  cause?: unknown,
): AnnealError {
  const { path, baseFolder, reason } = place;
  const tried = path === uri ? '' : ` (${path})`;
  return new AnnealError(`The input "${uri}"${tried} cannot be read: ${reason}.`, {
    code: 'E_INPUT_NOT_FOUND',
    hint: `Check the path; relative ones start at ${baseFolder}, and "~" is not expanded.`,
    details: { uri, path, baseFolder, reason },
    cause,
  });
}

/** Made when an object that an importer names is missing or may not be read. */
export function objectNotFound(
  uri: string,
  reason: string,
  hint: string,
  cause?: unknown,
): AnnealError {
  return new AnnealError(`The input "${uri}" cannot be read: ${reason}.`, {
    code: 'E_INPUT_NOT_FOUND',
    hint,
    details: { uri, reason },
    cause,
  });
}

/** Made when an importer names a place that pipelines may not read. */
export function importRefused(uri: string, rule: string, hint: string): AnnealError {
  return new AnnealError(`The importer may not read "${uri}": ${rule}.`, {
    code: 'E_IMPORT_REFUSED',
    hint,
    details: { uri },
  });
}

function readLog(task: string): string {
  return `Read its log: anneal logs <run> ${task}`;
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / (1024 * 1024))} MiB`;
}
