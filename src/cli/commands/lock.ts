import type { Command } from 'commander';
import type { LockOptions } from '../lock-run.js';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal lock RUN` */
export function lockCommand(host: CommandHost): Command {
  const command = defineCommand('lock', "print a run's certificate: all that made it, by digest")
    .argument('<run>', 'id of the run')
    .option('-o, --output <file>', 'write it to a file');
  withExamples(command, [['anneal lock RUN -o run.lock.json', 'to keep beside the model']]);
  return withBody<[string], LockOptions>(host, command, async (context, [runId], options) => {
    const { lockRun } = await import('../lock-run.js');
    return lockRun(context, runId, options);
  });
}
