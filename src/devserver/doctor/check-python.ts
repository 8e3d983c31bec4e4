import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Settings } from '../../config/index.js';
import {
  ensurePythonEnvironment,
  locatePythonEnvironment,
} from '../python/ensure-python-environment.js';
import { findPython } from '../python/find-python.js';
import { runProgram } from '../run-program.js';
import { finding, type DoctorFinding } from './finding.js';

const NOT_BUILT = 'not built yet; the first command that needs it does that';
// Loading the heaviest packages shows a half-deleted or incompatible environment.
const IMPORTS =
  'import sklearn, pandas; print("scikit-learn", sklearn.__version__ + ",", "pandas", pandas.__version__)';

/** Python, its venv module, and the environment with the Temporal CLI. */
export async function checkPython(settings: Settings): Promise<DoctorFinding[]> {
  return Promise.all([
    finding('Python', 'apt-get install python3 python3-venv', () => describePython(settings)),
    finding('Python venv module', 'apt-get install python3-venv', () => describeVenv(settings)),
    finding('Python environment', mendEnvironment(settings), () => describeImports(settings)),
    finding('Temporal CLI', 'ANNEAL_TEMPORAL_CLI=/path/to/temporal', () => describeCli(settings)),
  ]);
}

/** A built environment is built again once it is gone; one that the user named is the user's. */
function mendEnvironment(settings: Settings): string {
  if (settings.pythonEnvironment !== undefined) return 'Correct or unset ANNEAL_PYTHON_ENV.';
  return `rm -rf ${locatePythonEnvironment({ settings }).folder}`;
}

function isBuilt(settings: Settings): boolean {
  if (settings.pythonEnvironment !== undefined) return true;
  return existsSync(path.join(locatePythonEnvironment({ settings }).folder, 'bin', 'python'));
}

async function describePython(settings: Settings): Promise<string> {
  const { program, version } = await findPython(settings.python);
  return `${version} (${program})`;
}

async function describeVenv(settings: Settings): Promise<string> {
  const { program } = await findPython(settings.python);
  const result = await runProgram(program, ['-I', '-c', 'import venv, ensurepip']);
  if (!result.ok) throw new Error(`${program} cannot make virtual environments`);
  return 'there';
}

async function describeImports(settings: Settings): Promise<string> {
  if (!isBuilt(settings)) return NOT_BUILT;
  const { python } = await ensurePythonEnvironment({ settings });
  const result = await runProgram(python, ['-I', '-c', IMPORTS], { timeoutMs: 60_000 });
  if (!result.ok) throw new Error(`its packages cannot be loaded: ${result.tail}`);
  return `${result.stdout.trim()} (${python})`;
}

async function describeCli(settings: Settings): Promise<string> {
  if (settings.temporalCli === undefined && !isBuilt(settings)) return NOT_BUILT;
  const temporalCli =
    settings.temporalCli ?? (await ensurePythonEnvironment({ settings })).temporalCli;
  if (temporalCli === undefined)
    throw new Error('neither in the Python environment nor on the PATH');
  const result = await runProgram(temporalCli, ['--version'], { timeoutMs: 10_000 });
  if (!result.ok) throw new Error(`${temporalCli} cannot be run: ${result.tail}`);
  return `${result.stdout.trim()} (${temporalCli})`;
}
