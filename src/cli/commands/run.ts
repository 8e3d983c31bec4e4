import { InvalidArgumentError, Option, type Command } from 'commander';
import type { RunnerName } from '../../contract/index.js';
import type { RunOptions } from '../run-pipeline.js';
import { collectParameter } from './collect-parameter.js';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

const RUNNERS: readonly RunnerName[] = ['process', 'docker', 'kubernetes', 'sagemaker'];

/** `anneal run PIPELINE` */
export function runCommand(host: CommandHost): Command {
  const command = defineCommand('run', 'run a pipeline and follow it to its end')
    .argument('[pipeline]', 'name, name@version, name@digest, or a compiled YAML file')
    .option('-p, --param <name=value>', 'a parameter; repeat for more', collectParameter)
    .option('--params-file <file>', 'YAML or JSON file of parameters; -p wins over it')
    .option(
      '--clone <run>',
      'take over the parameters of a run, and its pipeline when none is given',
    )
    .addOption(
      new Option('--run-id <id>', 'id of the run; starting it twice is refused').conflicts(
        'idempotencyKey',
      ),
    )
    .option('--idempotency-key <key>', 'starts one run, however often it is given; goes on with it')
    .option('--no-cache', 'run every task, also those with a cached result')
    .addOption(
      new Option(
        '--failure-budget <n>',
        'failed iterations a loop forgives: a count, or a share as 1%',
      ).argParser(parseFailureBudget),
    )
    .addOption(
      new Option('--runner <name>', 'where its tasks run (default: ANNEAL_RUNNER)').choices(
        RUNNERS,
      ),
    )
    .addOption(new Option('-w, --watch', 'follow the run (the default)').conflicts('detach'))
    .addOption(
      new Option('-d, --detach', 'print the run id and return').conflicts([
        'report',
        'requireDeploy',
      ]),
    )
    .option('--require-deploy', 'exit with 5 when the gate refuses the model')
    .option('--report <file>', 'where to write the HTML report');
  withExamples(command, [
    ['anneal run ml-training-pipeline -p data_path=examples/churn/mlc_churn.csv', 'a shipped one'],
    ['anneal run pipeline.yaml --params-file params.yaml -p n_estimators=200', 'a compiled file'],
    ['anneal run pipeline.yaml --detach', 'prints the run id only'],
    ['anneal run --clone RUN -p max_depth=5', 'as that run, but for one parameter'],
  ]);
  return withBody<[string | undefined], RunOptions>(
    host,
    command,
    async (context, [wanted], options) => {
      const { runPipeline } = await import('../run-pipeline.js');
      return runPipeline(context, wanted, options);
    },
  );
}

/** Reads `3` as a count and `1%` as a share. @throws a usage error */
function parseFailureBudget(text: string): number {
  const match = /^(\d+)$|^(\d{1,2}(?:\.\d+)?)%$/u.exec(text);
  if (match === null) throw new InvalidArgumentError('Give a count as 3, or a share as 1%.');
  return match[1] === undefined ? Number(match[2]) / 100 : Number(match[1]);
}
