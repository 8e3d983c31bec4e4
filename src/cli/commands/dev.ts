import type { Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal dev` */
export function devCommand(host: CommandHost): Command {
  const command = defineCommand('dev', 'keep the server and the workers up until Ctrl-C');
  withExamples(command, [['anneal dev', "prints the address of Temporal's web UI"]]);
  return withBody<[], unknown>(host, command, async (context) => {
    const { keepUp } = await import('../keep-up.js');
    return keepUp(context);
  });
}
