// The `anneal` program: names, flags and help of all commands.
//
// P1. Building it, --help and --version load no client, no worker and no YAML, and open no connection.

import { Command, Help } from 'commander';
import { approveCommand } from './commands/approve.js';
import { artifactsCommand } from './commands/artifacts.js';
import { cancelCommand } from './commands/cancel.js';
import { compareCommand } from './commands/compare.js';
import { compileCommand } from './commands/compile.js';
import { devCommand } from './commands/dev.js';
import { diffCommand } from './commands/diff.js';
import { doctorCommand } from './commands/doctor.js';
import { endpointsCommand } from './commands/endpoints.js';
import { explainCommand } from './commands/explain.js';
import { graphCommand } from './commands/graph.js';
import { hooksCommand } from './commands/hooks.js';
import { lockCommand } from './commands/lock.js';
import { logsCommand } from './commands/logs.js';
import { modelsCommand } from './commands/models.js';
import { monitorCommand } from './commands/monitor.js';
import { pauseCommand } from './commands/pause.js';
import { pipelinesCommand } from './commands/pipelines.js';
import { publishCommand } from './commands/publish.js';
import { rejectCommand } from './commands/reject.js';
import { reportCommand } from './commands/report.js';
import { resumeCommand } from './commands/resume.js';
import { reproduceCommand } from './commands/reproduce.js';
import { retryCommand } from './commands/retry.js';
import { runCommand } from './commands/run.js';
import { runsCommand } from './commands/runs.js';
import { schedulesCommand } from './commands/schedules.js';
import { showCommand } from './commands/show.js';
import { validateCommand } from './commands/validate.js';
import { versionsCommand } from './commands/versions.js';
import { watchCommand } from './commands/watch.js';
import { workerCommand } from './commands/worker.js';
import type { CommandHost } from './define-command.js';
import { ANNEAL_VERSION } from './version.js';

const GROUPS = [
  [
    'Run pipelines',
    [
      runCommand,
      watchCommand,
      retryCommand,
      pauseCommand,
      resumeCommand,
      cancelCommand,
      approveCommand,
      rejectCommand,
    ],
  ],
  [
    'Look at runs',
    [
      runsCommand,
      showCommand,
      compareCommand,
      explainCommand,
      logsCommand,
      artifactsCommand,
      reportCommand,
      lockCommand,
      reproduceCommand,
    ],
  ],
  ['Run at set times', [schedulesCommand]],
  ['Work on pipelines', [pipelinesCommand, compileCommand, validateCommand, graphCommand]],
  ['Keep versions', [publishCommand, versionsCommand, diffCommand]],
  [
    'Serve and operate',
    [
      ...[modelsCommand, endpointsCommand, monitorCommand, hooksCommand],
      ...[devCommand, workerCommand, doctorCommand],
    ],
  ],
] as const;

/** Builds the program; commands leave their exit code in the host. */
export function buildProgram(host: CommandHost): Command {
  const { stdout, stderr } = host.environment;
  const program = new Command('anneal')
    .description('Runs Kubeflow pipelines without Kubernetes, durably, on Temporal.')
    .version(ANNEAL_VERSION, '-V, --version', 'print the version')
    .addHelpCommand(
      new Command('help').argument('[command]').summary('show help').helpGroup('More:'),
    )
    .configureHelp({ sortSubcommands: false, subcommandTerm: termWithoutAlias })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: () => undefined, // main.ts prints every error in one form
    })
    .exitOverride()
    .addHelpText('after', FOOTER);
  for (const [heading, commands] of GROUPS) {
    for (const define of commands) {
      program.addCommand(inherit(define(host).helpGroup(`${heading}:`), program));
    }
  }
  return program;
}

/** `artifact` beside `artifacts` is a kindness, not a second command to read about. */
function termWithoutAlias(command: Command): string {
  return new Help().subcommandTerm(command).replace(/\|\S+/, '');
}

/** Gives a command, and the commands of a group, what the program sets: output and errors. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const inner of command.commands) inherit(inner, command);
  return command;
}

const FOOTER = `
Examples:
  anneal run ml-training-pipeline -p data_path=examples/churn/mlc_churn.csv
  anneal run pipeline.yaml -p learning_rate=0.1 --detach
  anneal show RUN

Exit codes: 0 ok, 1 the run failed, 2 usage, 3 invalid pipeline, parameter or settings,
4 environment or server not reachable, 5 gate refused (with --require-deploy), 130 interrupted.
`;
