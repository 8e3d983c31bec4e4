import type { Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal pipelines` */
export function pipelinesCommand(host: CommandHost): Command {
  const command = defineCommand('pipelines', 'list the pipelines that can be run by name');
  withExamples(command, [['anneal pipelines', 'shipped and published ones']]);
  return withBody<[], unknown>(host, command, async (context) => {
    const { listKnownPipelines } = await import('../list-known-pipelines.js');
    return listKnownPipelines(context);
  });
}
