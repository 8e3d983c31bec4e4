// One call of the program, from words to exit code.
//
// M1. Every error is printed in one form: a paragraph on stderr, or with --json one object on stdout.
// M2. A reader that goes away (EPIPE) ends output quietly: it is no error.
// M3. The exit code of an error is its code's (src/errors/codes.ts); the server may not change it.

import { CommanderError } from 'commander';
import { createContext } from './cli-context.js';
import type { CliEnvironment } from './cli-environment.js';
import type { CommandHost } from './define-command.js';
import { tolerateClosedPipe } from './output/closed-pipe.js';
import { asAnnealError, errorJson, errorText } from './output/error-text.js';
import { buildProgram } from './program.js';
import { isHelpShown, usageError } from './usage-error.js';

/** Runs one command. @returns the exit code */
export async function runCli(
  argv: readonly string[],
  environment: CliEnvironment,
): Promise<number> {
  tolerateClosedPipe(environment);
  const host: CommandHost = { environment, exitCode: 0 };
  try {
    await buildProgram(host).parseAsync(argv, { from: 'user' });
    return host.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && isHelpShown(error)) return 0;
    return reportError(error, argv, environment);
  }
}

/** Prints an error (M1). @returns its exit code (M3) */
function reportError(
  thrown: unknown,
  argv: readonly string[],
  environment: CliEnvironment,
): number {
  const error = thrown instanceof CommanderError ? usageError(thrown, argv) : asAnnealError(thrown);
  // The flags may not have been parsed when the error was met.
  const json = argv.includes('--json');
  const debug =
    argv.includes('--debug') || ['1', 'true'].includes(environment.env['ANNEAL_DEBUG'] ?? '');
  const { output } = createContext(environment, { json, color: !argv.includes('--no-color') });
  if (json) output.json(errorJson(error, debug));
  else output.message(errorText(error, output.colors, debug));
  return error.exitCode;
}
