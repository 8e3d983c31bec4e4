import type { Command } from 'commander';
import type { FinishOptions } from '../finish-run.js';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal watch RUN` */
export function watchCommand(host: CommandHost): Command {
  const command = defineCommand('watch', 'follow a run to its end')
    .argument('<run>', 'id of the run')
    .option('--require-deploy', 'exit with 5 when the gate refused the model');
  withExamples(command, [['anneal watch RUN', 'also continues a run that Ctrl-C left on disk']]);
  return withBody<[string], FinishOptions>(host, command, async (context, [runId], options) => {
    const { watchToTheEnd } = await import('../watch-to-the-end.js');
    return watchToTheEnd(context, runId, options);
  });
}
