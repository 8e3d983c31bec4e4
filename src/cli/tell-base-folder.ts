import path from 'node:path';
import type { CliContext } from './cli-context.js';

/** Says which folder the relative paths of a run go on referring to, when it is not the working directory. */
export function tellBaseFolder({ output, environment }: CliContext, baseFolder?: string): void {
  if (baseFolder === undefined || path.resolve(baseFolder) === path.resolve(environment.cwd))
    return;
  output.progress(
    output.colors.dim(`Relative paths refer to ${baseFolder}, as they did in that run.`),
  );
}
