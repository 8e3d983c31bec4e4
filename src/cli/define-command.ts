import { Command } from 'commander';
import { createContext, type CliContext } from './cli-context.js';
import type { CliEnvironment, GlobalOptions } from './cli-environment.js';

/** What a command does; the number returned is the exit code, nothing means 0. */
export type CommandBody<Arguments extends readonly unknown[], Options> = (
  context: CliContext,
  args: Arguments,
  options: Options & GlobalOptions,
) => Promise<number | void>;

/** Made once for each call of the program; collects the exit code. */
export interface CommandHost {
  readonly environment: CliEnvironment;
  exitCode: number;
}

/** Starts the definition of a command. */
export function defineCommand(name: string, summary: string): Command {
  return new Command(name)
    .summary(summary)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`);
}

/** Joins a command with what it does, and adds the common flags. */
export function withBody<Arguments extends readonly unknown[], Options>(
  host: CommandHost,
  command: Command,
  body: CommandBody<Arguments, Options>,
): Command {
  return withCommonFlags(command).action(async (...received: unknown[]) => {
    const args = received.slice(0, -2) as unknown as Arguments;
    const options = command.optsWithGlobals<Options & GlobalOptions>();
    const context = createContext(host.environment, options);
    host.exitCode = (await body(context, args, options)) ?? 0;
  });
}

/** Adds the flags that all commands take. */
export function withCommonFlags(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on stdout, nothing else there')
    .option('-q, --quiet', 'no progress on stderr')
    .option('--no-color', 'no colours (also: NO_COLOR=1)')
    .option('--debug', 'show stacks with errors');
}

/** Examples below a command's help; each line is a command and what it does. */
export function withExamples(
  command: Command,
  examples: readonly (readonly [line: string, meaning: string])[],
): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, meaning]) => `  ${line.padEnd(width)}  # ${meaning}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}\n`);
}
