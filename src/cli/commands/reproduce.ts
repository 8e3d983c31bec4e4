import type { Command } from 'commander';
import type { ReproduceOptions } from '../reproduce-run.js';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal reproduce RUN` */
export function reproduceCommand(host: CommandHost): Command {
  const command = defineCommand(
    'reproduce',
    'run a run again and compare what it makes, bit by bit',
  )
    .argument('<run>', 'id of a run, or the file of its certificate')
    .option('--run-id <id>', 'id of the new run');
  withExamples(command, [
    ['anneal reproduce RUN', 'exits with 0 when all is identical, 1 when not; deploys nothing'],
    ['anneal reproduce run.lock.json --json', 'for scripts'],
  ]);
  return withBody<[string], ReproduceOptions>(host, command, async (context, [wanted], options) => {
    const { reproduceRun } = await import('../reproduce-run.js');
    return reproduceRun(context, wanted, options);
  });
}
