// The commands of the CLI as the program defines them.

import type { Command } from 'commander';
import { buildProgram } from '../../../../src/cli/program.js';

export interface CommandFacts {
  /** Without `anneal`: `endpoints stop`. */
  readonly words: string;
  /** Long and short flags, `--help` among them. */
  readonly flags: ReadonlySet<string>;
  readonly isGroup: boolean;
}

/** Lists every command, a group before its own commands. */
export function listCommands(): CommandFacts[] {
  const { stdout, stderr, stdin, env } = process;
  return factsOf(
    buildProgram({ environment: { stdout, stderr, stdin, env, cwd: '.' }, exitCode: 0 }),
    '',
  );
}

function factsOf(parent: Command, prefix: string): CommandFacts[] {
  return parent.commands
    .filter((command) => command.name() !== 'help')
    .flatMap((command) => {
      const words = `${prefix} ${command.name()}`.trim();
      const options = command.options.flatMap(({ long, short }) => [long, short]);
      const flags = new Set([...options, '--help', '-h'].filter((flag) => flag !== undefined));
      const isGroup = command.commands.length > 0;
      return [{ words, flags, isGroup }, ...factsOf(command, words)];
    });
}
