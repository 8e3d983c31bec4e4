import type { Finding } from '../../errors/index.js';
import type { SpecPath } from '../path.js';

/** Takes one thing that is wrong, at its place. */
export type Report = (path: SpecPath, finding: Finding) => void;
