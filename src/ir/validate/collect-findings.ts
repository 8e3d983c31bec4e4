import { irErrors, type Finding } from '../../errors/index.js';
import { pathText, type Locate, type SpecPath } from '../path.js';
import type { Report } from './report.js';

/**
 * Runs a step and throws everything it reported as one error.
 *
 * @returns what the step returned
 */
export function collectFindings<Value>(locate: Locate, step: (report: Report) => Value): Value {
  const found: { path: SpecPath; finding: Finding }[] = [];
  const value = step((path, finding) => found.push({ path, finding }));
  if (found.length === 0) return value;
  const located = found
    .slice(0, irErrors.MAX_FINDINGS)
    .map(({ path, finding }) => ({ ...finding, path: pathText(path), where: locate(path) }));
  throw irErrors.invalidPipeline(located, found.length);
}
