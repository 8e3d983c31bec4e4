// The environment variables that every runner gives its tasks.
//
// V1. PYTHONHASHSEED is 0, so that a task that iterates over a set writes the same bytes each time.
// V2. Numeric libraries use as many threads as the task may use cores: the number changes their last digits.

export interface ContractVariablesOptions {
  /** Where the task may say why it failed, as the task sees the path. */
  readonly errorFile: string;
  /** Mark by which a process of this execution is known. */
  readonly token: string;
  /** The task's limit, cores. */
  readonly cpus?: number;
}

/** Makes the variables that are part of the contract with a task. */
export function contractVariables({
  errorFile,
  token,
  cpus,
}: ContractVariablesOptions): Readonly<Record<string, string>> {
  const threads = cpus === undefined ? undefined : String(Math.max(1, Math.floor(cpus)));
  return {
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    PYTHONHASHSEED: '0',
    PYTHONUNBUFFERED: '1',
    _KFP_RUNTIME: 'true',
    ...(threads === undefined ? {} : { OMP_NUM_THREADS: threads, OPENBLAS_NUM_THREADS: threads }),
    ANNEAL_ERROR_FILE: errorFile,
    ANNEAL_EXECUTION: token,
  };
}
