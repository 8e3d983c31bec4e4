// The environment variables of tasks and of environment builds: allow-lists, never the worker's own.
//
// V1. No credential of the worker reaches a task: no AWS_*, no ANNEAL_* settings, no proxy with a password.
// V2. What makes runs repeatable is the same in every runner: see contract-variables.ts.
// V3. The component's own variables win.

import path from 'node:path';
import { contractVariables } from '../task-contract/index.js';

type Variables = Readonly<Record<string, string>>;

const PASSED_ON = ['TZ', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'];
const FOR_BUILDS =
  /^(UV_|PIP_|SSL_CERT_|REQUESTS_CA_BUNDLE$|CURL_CA_BUNDLE$|https?_proxy$|no_proxy$|all_proxy$|XDG_CACHE_HOME$|HOME$|PATH$|TMPDIR$|TZ$)/i;
// uv does not read pip's settings: https://docs.astral.sh/uv/pip/compatibility/
const PIP_TO_UV: Variables = {
  PIP_INDEX_URL: 'UV_DEFAULT_INDEX',
  PIP_EXTRA_INDEX_URL: 'UV_INDEX',
  PIP_FIND_LINKS: 'UV_FIND_LINKS',
  PIP_TRUSTED_HOST: 'UV_INSECURE_HOST',
  PIP_CERT: 'SSL_CERT_FILE',
};

export interface TaskEnvironmentOptions {
  /** Folder of the environment's programs, first in PATH. */
  readonly binFolder: string;
  /** Private folder for HOME and TMPDIR. */
  readonly scratchFolder: string;
  readonly errorFile: string;
  /** Mark by which a process of this execution is known. */
  readonly token: string;
  readonly cpus?: number;
  /** A folder for PYTHONPATH. */
  readonly pythonPath?: string;
  /** The component's own variables (V3). */
  readonly own: Variables;
}

/** Makes the whole environment of a task (V1). */
export function taskEnvironment(options: TaskEnvironmentOptions, worker = process.env): Variables {
  return defined({
    ...Object.fromEntries(PASSED_ON.map((name) => [name, worker[name]])),
    PATH: [options.binFolder, worker.PATH ?? ''].join(path.delimiter),
    HOME: path.join(options.scratchFolder, 'home'),
    TMPDIR: path.join(options.scratchFolder, 'tmp'),
    PYTHONPATH: options.pythonPath,
    ...contractVariables(options),
    ...options.own,
  });
}

/** Makes the environment of an environment build: index settings and certificates, no more. */
export function buildEnvironment(worker = process.env): Variables {
  const kept = Object.fromEntries(Object.entries(worker).filter(([name]) => FOR_BUILDS.test(name)));
  const translated = Object.fromEntries(
    Object.entries(PIP_TO_UV).map(([pip, uv]) => [uv, worker[uv] ?? worker[pip]]),
  );
  return defined({
    ...kept,
    ...translated,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    UV_NO_PROGRESS: '1',
  });
}

/** Makes the environment of the launcher's own processes, which run no user code before they fork. */
export function launcherEnvironment(tasksFolder: string, worker = process.env): Variables {
  return defined({
    PATH: worker.PATH,
    TZ: worker.TZ,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    PYTHONPATH: tasksFolder,
    PYTHONHASHSEED: '0',
    _KFP_RUNTIME: 'true',
    // A fork copies only one thread: the libraries' pools must not exist yet.
    OPENBLAS_NUM_THREADS: '1',
    MKL_NUM_THREADS: '1',
  });
}

function defined(variables: Readonly<Record<string, string | undefined>>): Variables {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
