import { configErrors } from '../../errors/index.js';
import { runProgram } from '../run-program.js';

export interface FoundPython {
  /** Absolute path of the interpreter. */
  readonly program: string;
  /** Full version: `3.11.7`. */
  readonly version: string;
}

/** The oldest Python that the locked packages support. */
export const MINIMUM_PYTHON_MINOR = 10;

// Newest last-but-tested first: a plain python3 is what the user means, versioned names are the way out.
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const PROBE = 'import sys; print(sys.executable); print("%d.%d.%d" % sys.version_info[:3])';

/**
 * Finds a Python to build environments with.
 *
 * @param wanted  ANNEAL_PYTHON: only this one is tried
 * @throws E_ENVIRONMENT when there is none, or only older ones
 */
export async function findPython(wanted: string | undefined): Promise<FoundPython> {
  const tooOld: string[] = [];
  for (const candidate of wanted === undefined ? CANDIDATES : [wanted]) {
    const found = await probePython(candidate);
    if (found === undefined) continue;
    if (isSupported(found.version)) return found;
    tooOld.push(`${candidate} is ${found.version}`);
  }
  throw configErrors.pythonNotFound(`3.${MINIMUM_PYTHON_MINOR}`, tooOld, wanted);
}

async function probePython(program: string): Promise<FoundPython | undefined> {
  const result = await runProgram(program, ['-I', '-c', PROBE], { timeoutMs: 10_000 });
  if (!result.ok) return undefined;
  const [executable = program, version = '0'] = result.stdout.trim().split('\n');
  return { program: executable, version };
}

function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 3 && minor >= MINIMUM_PYTHON_MINOR;
}
