// Every error code, with its family, the exit code it maps to, and its meaning.
// docs/errors.md is generated from this table.

/** Which part of the project an error comes from. */
export type ErrorFamily = 'ir' | 'config' | 'task' | 'storage' | 'deploy' | 'client';

interface ErrorCodeRow {
  readonly family: ErrorFamily;
  readonly exitCode: 1 | 2 | 3 | 4 | 5 | 130;
  readonly meaning: string;
}

const row = (
  family: ErrorFamily,
  exitCode: ErrorCodeRow['exitCode'],
  meaning: string,
): ErrorCodeRow => ({ family, exitCode, meaning });

/** Exit codes: 1 run failed, 2 usage, 3 invalid before start, 4 environment, 5 gate, 130 interrupted. */
export const ERROR_CODES = {
  E_YAML: row('ir', 3, 'The file is not well-formed YAML, or not a mapping.'),
  E_YAML_LIMIT: row('ir', 3, 'The YAML nests too deeply or expands too many aliases.'),
  E_TOO_LARGE: row('ir', 3, 'The file is larger than the limit and was not parsed.'),
  E_NOT_PIPELINE_SPEC: row('ir', 3, 'The file is something else than a KFP v2 pipeline spec.'),
  E_SPEC: row('ir', 3, 'A field of the pipeline spec is unknown or has the wrong form.'),
  E_SCHEMA_VERSION: row('ir', 3, 'The schema version is missing or not supported.'),
  E_PLATFORM: row('ir', 3, 'The second document is not a platform spec.'),
  E_NAME: row('ir', 3, 'A name has characters or a length that is not allowed.'),
  E_NAME_COLLISION: row('ir', 3, 'Two names are equal once made safe for storage.'),
  E_CYCLE: row('ir', 3, 'Tasks wait for each other in a circle.'),
  E_UNKNOWN_TASK: row('ir', 3, 'A task refers to a task that does not exist.'),
  E_UNKNOWN_OUTPUT: row('ir', 3, 'A task refers to an output that its producer does not declare.'),
  E_UNKNOWN_INPUT: row('ir', 3, 'An input is wired that the component does not declare.'),
  E_UNKNOWN_COMPONENT: row('ir', 3, 'A task refers to a component that does not exist.'),
  E_UNKNOWN_EXECUTOR: row('ir', 3, 'A component refers to an executor that does not exist.'),
  E_MISSING_INPUT: row('ir', 3, 'A required input is not wired and has no default.'),
  E_TYPE: row('ir', 3, 'A parameter is wired to a parameter of another type.'),
  E_KIND: row('ir', 3, 'An artifact is wired to a parameter, or the reverse.'),
  E_ARTIFACT_TYPE: row('ir', 3, 'An artifact is wired to an input of another artifact type.'),
  E_CONDITION: row('ir', 3, 'A condition cannot be parsed or evaluated.'),
  E_SELECTOR: row('ir', 3, 'A parameter selector cannot be parsed or evaluated.'),
  E_LOOP_LIMIT: row('ir', 3, 'A loop has too many items, nests too deeply, or is not over a list.'),
  E_RANGE: row('ir', 3, 'A number of the spec is outside its range.'),
  E_HELD_OUT: row('ir', 3, 'An evaluation that guards a deployment is made on the training data.'),
  E_PLACEHOLDER: row('ir', 3, 'A command or argument holds an unknown placeholder.'),
  E_UNSUPPORTED: row('ir', 3, 'The pipeline uses something this version cannot run yet.'),

  E_CONFIG: row('config', 3, 'A setting is unknown or has a wrong value.'),
  E_ENVIRONMENT: row(
    'config',
    4,
    'Something this machine needs is missing or could not be set up.',
  ),
  E_SERVER: row('config', 4, 'The Temporal server cannot be reached.'),
  E_NAMESPACE: row('config', 4, 'The Temporal namespace does not exist.'),
  E_WORKER: row('config', 4, 'No worker takes the tasks of the queue.'),

  E_PARAM: row('client', 3, 'A pipeline parameter is missing, unknown, or has a wrong value.'),
  E_PARAM_SIZE: row('client', 3, 'The parameters are too large to start a run with.'),
  E_NOT_FOUND: row('client', 3, 'No run, pipeline, task or artifact of that name exists.'),
  E_HOOK: row('client', 1, 'An event could not be brought to a hook.'),
  E_MLFLOW: row('client', 1, 'MLflow cannot be reached, or did not take what was sent to it.'),
  E_STATE: row('client', 3, 'The run is in a state that does not allow this.'),
  E_ALREADY_STARTED: row('client', 3, 'A run with that id exists.'),
  E_USAGE: row('client', 2, 'The command was called with words it does not know.'),
  E_INTERRUPTED: row('client', 130, 'The command was interrupted.'),
  E_RUN_FAILED: row('client', 1, 'The run failed.'),
  E_RUN_CANCELED: row('client', 1, 'The run was canceled.'),
  E_RUN_TERMINATED: row('client', 1, 'The run was terminated from outside: no exit task ran.'),
  E_IDEMPOTENCY_KEY: row('client', 3, 'The idempotency key belongs to another start.'),
  E_GATE_REFUSED: row('client', 5, 'The gate refused the model and --require-deploy was given.'),
  E_INTERNAL: row('client', 1, 'A fault in Anneal itself.'),

  E_TASK_EXIT: row('task', 1, "The task's program ended with a non-zero exit code."),
  E_TASK_SIGNAL: row('task', 1, "The task's program was ended by a signal."),
  E_TASK_MEMORY: row('task', 1, 'The task ran out of memory.'),
  E_TASK_TIMEOUT: row('task', 1, 'The task ran longer than its limit.'),
  E_TASK_CANCELED: row('task', 1, 'The task was canceled.'),
  E_TASK_LOST: row('task', 1, 'The worker or process running the task was lost.'),
  E_TASK_HANDED_OVER: row(
    'task',
    1,
    'The worker of the task stopped; the run sends the task out again.',
  ),
  E_TASK_RESOURCES: row('task', 1, 'The task asks for more than the machine of its worker has.'),
  E_TASK_OUTPUT: row('task', 1, 'The task did not write a declared output, or wrote a wrong one.'),
  E_TASK_ENVIRONMENT: row('task', 1, "The task's Python environment could not be built."),
  E_RUNNER: row(
    'task',
    4,
    'The place where the task should run cannot be used: its daemon, cluster or account.',
  ),
  E_IMAGE: row('task', 3, 'The task needs a container image that this runner cannot start.'),
  E_SECRET: row('task', 3, 'A secret or config map that a task needs is not in the home.'),
  E_DATA: row('task', 1, 'The data set is not fit for this pipeline.'),
  E_LEAK: row('task', 1, 'Rows or columns leak the answer into the training data.'),
  E_METRIC: row('task', 1, 'A metric the gate needs is missing or not a number.'),
  E_INPUT_NOT_FOUND: row('task', 1, 'The input file or object does not exist or cannot be read.'),
  E_IMPORT_REFUSED: row('task', 1, 'The importer may not read from that place.'),
  E_VALUE_SIZE: row('task', 1, 'A value is too large to pass between tasks as a parameter.'),

  E_STORE: row('storage', 4, 'The artifact store cannot be read or written.'),
  E_STORE_KEY: row('storage', 3, 'A storage key has unsafe segments.'),
  E_STORE_FULL: row('storage', 1, 'The disk of the artifact store is full.'),
  E_DIGEST: row('storage', 1, 'Stored bytes do not match their recorded digest.'),
  E_ARTIFACT: row('storage', 1, 'An artifact is missing or damaged.'),
  E_RECORD: row('storage', 1, 'A stored record (manifest, registry or index entry) is damaged.'),

  E_ENDPOINT_NAME: row('deploy', 3, 'The endpoint name is not allowed.'),
  E_INSTANCE_TYPE: row('deploy', 3, 'The instance type is not allowed.'),
  E_AWS_CONFIG: row('deploy', 3, 'AWS settings are missing or wrong.'),
  E_DEPLOY: row('deploy', 1, 'The deployment failed.'),
  E_DEPLOY_REFUSED: row('deploy', 1, 'The deployer refused the model.'),
  E_ENDPOINT_OWNER: row('deploy', 1, 'The endpoint was made by someone else.'),
  E_MODEL_REGISTRY: row('deploy', 1, 'Another registry of models did not take a version.'),
  E_MODEL_FORMAT: row('deploy', 1, 'The model is not in a format that can be served.'),
} as const satisfies Record<string, ErrorCodeRow>;

export type ErrorCode = keyof typeof ERROR_CODES;
