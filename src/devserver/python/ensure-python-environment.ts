// The Python environments of a home: built once from the locks, found again at once, without starting a process.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Settings } from '../../config/index.js';
import { configErrors } from '../../errors/index.js';
import { buildOnce } from '../build-once.js';
import { findProgram, isProgram } from '../find-program.js';
import { PACKAGE_ROOT } from '../package-root.js';
import type { Report } from '../report.js';
import { buildEnvironment } from './build-environment.js';
import {
  readEnvironmentLocks,
  type EnvironmentKind,
  type EnvironmentLocks,
} from './environment-locks.js';
import { findPython } from './find-python.js';
import { installUv } from './install-uv.js';
import { installerEnvironment } from './installer-environment.js';

export interface PythonEnvironment {
  /** Python of the environment; its folder holds the programs of the packages as well. */
  readonly python: string;
  /** Temporal CLI: ANNEAL_TEMPORAL_CLI, else the environment's, else PATH's. */
  readonly temporalCli?: string;
  /** Absent when the environment was built with pip. */
  readonly uv?: string;
  /**
   * `sha256:<hex>`: changes with the locks, the platform and the Python version, not with the place;
   * of a ready environment, with its path.
   */
  readonly digest: string;
}

export interface PythonEnvironmentRequest {
  readonly settings: Pick<
    Settings,
    'home' | 'python' | 'pythonEnvironment' | 'devPython' | 'temporalCli'
  >;
  /** Default `base`. */
  readonly kind?: EnvironmentKind;
  readonly report?: Report;
  /** Folder that holds the Python package and its `locks`; default the project's python-tasks. */
  readonly tasksFolder?: string;
}

const CONTENTS: Readonly<Record<EnvironmentKind, string>> = {
  base: 'scikit-learn, pandas, Temporal CLI',
  dev: 'KFP compiler, pytest, moto',
};

/**
 * Finds or builds an environment. A ready one is used as it is: ANNEAL_PYTHON_ENV names one for `base`,
 * ANNEAL_DEV_PYTHON one for `dev`.
 *
 * @throws E_ENVIRONMENT when Python is missing or too old, or packages cannot be installed
 */
export async function ensurePythonEnvironment(
  request: PythonEnvironmentRequest,
): Promise<PythonEnvironment> {
  const { settings, kind = 'base', report = () => undefined } = request;
  const ready = kind === 'base' ? settings.pythonEnvironment : settings.devPython;
  if (ready !== undefined) return describe(ready, settings, ready);
  const { folder, locks } = locatePythonEnvironment(request);
  await buildOnce({
    folder,
    needs: path.join('bin', 'python'),
    report,
    build: () => build(folder, locks, { kind, report, python: settings.python }),
  });
  return describe(path.join(folder, 'bin', 'python'), settings, locks.digest);
}

/** Where the environment of these settings is, or will be. */
export function locatePythonEnvironment(request: PythonEnvironmentRequest): {
  folder: string;
  locks: EnvironmentLocks;
} {
  const { settings, kind = 'base' } = request;
  const tasksFolder = request.tasksFolder ?? path.join(PACKAGE_ROOT, 'python-tasks');
  const locks = readEnvironmentLocks(tasksFolder, kind);
  const name = sha256([locks.digest, tasksFolder, settings.python].join('\0')).slice(0, 12);
  return { folder: path.join(settings.home, 'python', `${kind}-${name}`), locks };
}

async function build(
  folder: string,
  locks: EnvironmentLocks,
  { kind, report, python: wanted }: { kind: EnvironmentKind; report: Report; python?: string },
): Promise<void> {
  const startedAt = performance.now();
  report(`Setting up a Python environment (${CONTENTS[kind]})…`);
  const python = (await findPython(wanted)).program;
  const parent = path.dirname(folder);
  const options = { env: installerEnvironment(process.env), cwd: parent };
  const uvFolder = path.join(parent, `uv-${sha256(readFileSync(locks.uv, 'utf8')).slice(0, 12)}`);
  const uv = await installUv({ python, lock: locks.uv, folder: uvFolder, options, report });
  await buildEnvironment({ python, uv, locks, folder, options });
  report(`Python environment ready in ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`);
}

function describe(
  python: string,
  { temporalCli }: PythonEnvironmentRequest['settings'],
  contents: string,
): PythonEnvironment {
  if (!isProgram(python)) throw configErrors.pythonEnvironmentMissing(python);
  const programs = path.dirname(python);
  const own = (name: string): string | undefined =>
    [path.join(programs, name)].find((file) => isProgram(file));
  return {
    python,
    temporalCli: temporalCli ?? own('temporal') ?? findProgram('temporal'),
    uv: own('uv') ?? findProgram('uv'),
    digest: `sha256:${sha256(`${contents}\0${readVersion(programs)}`)}`,
  };
}

// PEP 405: a virtual environment's configuration names its Python's version.
function readVersion(programs: string): string | undefined {
  const file = path.join(programs, '..', 'pyvenv.cfg');
  if (!existsSync(file)) return undefined;
  return /^version(?:_info)? = (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
