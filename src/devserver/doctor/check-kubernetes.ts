import path from 'node:path';
import { settingsEnvironment, type Settings } from '../../config/index.js';
import { PACKAGE_ROOT } from '../package-root.js';
import { runProgram } from '../run-program.js';
import type { DoctorFinding } from './finding.js';

const PROGRAM = path.join(PACKAGE_ROOT, 'dist/workers/check-kubernetes.js');
/** Longer than the program's own limits on an API server that does not answer. */
const LIMIT_MS = 60_000;

/** The cluster of the kubernetes runner, when runs go there: its answer, the worker's rights, the store. */
export async function checkKubernetes(settings: Settings): Promise<DoctorFinding[]> {
  if (settings.runner !== 'kubernetes') return [];
  const env = { ...process.env, ...settingsEnvironment(settings) };
  const result = await runProgram(process.execPath, [PROGRAM], { timeoutMs: LIMIT_MS, env });
  if (result.ok) return JSON.parse(result.stdout) as DoctorFinding[];
  const found = result.tail.split('\n').at(-1) ?? '';
  return [{ name: 'Kubernetes', ok: false, found, fix: 'Read the message above.' }];
}
