import type { CliEnvironment, GlobalOptions } from './cli-environment.js';
import { Output } from './output/output.js';

/** What the body of a command works with. */
export interface CliContext {
  readonly output: Output;
  readonly environment: CliEnvironment;
}

/** Makes the context of one call; NO_COLOR is honoured as no-color.org says: any value but the empty one. */
export function createContext(environment: CliEnvironment, options: GlobalOptions): CliContext {
  const color = options.color !== false && !environment.env['NO_COLOR'];
  const output = new Output(environment, {
    json: options.json === true,
    quiet: options.quiet === true,
    color,
  });
  return { output, environment };
}
