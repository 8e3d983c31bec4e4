import type { Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';
import { collectParameter } from './collect-parameter.js';
import type { RetryCommandOptions } from '../retry-run.js';

/** `anneal retry RUN` */
export function retryCommand(host: CommandHost): Command {
  const command = defineCommand('retry', 'go on from a run that has ended; what it did is reused')
    .argument('<run>', 'id of the run')
    .option('-p, --param <name=value>', 'another value; repeat for more', collectParameter)
    .option('--from <task>', 'run this task or group again, and all after it')
    .option('--with <pipeline>', 'go on with a changed pipeline: a file or name')
    .option('--run-id <id>', 'id of the new run')
    .option('--dry-run', 'show the plan only')
    .option('-y, --yes', 'start without asking')
    .option('--require-deploy', 'exit with 5 when the gate refuses the model')
    .option('--report <file>', 'where to write the HTML report');
  withExamples(command, [
    ['anneal retry RUN', 'from where it failed'],
    ['anneal retry RUN -p n_estimators=200', 'what the parameter reaches runs again'],
    ['anneal retry RUN --with pipeline.yaml --dry-run', 'what a mended pipeline would run'],
    ['anneal retry RUN --from train', 'also when it succeeded'],
  ]);
  return withBody<[string], RetryCommandOptions>(
    host,
    command,
    async (context, [runId], options) => {
      const { retryRun } = await import('../retry-run.js');
      return retryRun(context, runId, options);
    },
  );
}
