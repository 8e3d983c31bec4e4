import type { Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal doctor` */
export function doctorCommand(host: CommandHost): Command {
  const command = defineCommand('doctor', 'say what this machine lacks and what mends it');
  withExamples(command, [['anneal doctor', 'exit 0 when everything is there, else 4']]);
  return withBody<[], unknown>(host, command, async (context) => {
    const { examine } = await import('../examine.js');
    return examine(context);
  });
}
