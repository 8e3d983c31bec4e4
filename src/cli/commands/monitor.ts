import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  defineCommand,
  withBody,
  withCommonFlags,
  withExamples,
  type CommandHost,
} from '../define-command.js';
import type { CheckFlags } from '../monitor/check-monitor.js';
import type { MonitorFlags } from '../monitor/start-monitor.js';

/** `anneal monitor [list | start | show | check | pause | resume | stop]` */
export function monitorCommand(host: CommandHost): Command {
  const command = withCommonFlags(
    defineCommand('monitor', 'watch live models, and retrain them when requests drift'),
  );
  const list = defineCommand('list', 'list monitors');
  withBody<[], unknown>(host, list, async (context) => {
    const { listMonitors } = await import('../monitor/list-monitors.js');
    return listMonitors(context);
  });
  command.addCommand(list, { isDefault: true });
  for (const define of [startCommand, showCommand, checkCommand]) command.addCommand(define(host));
  command.addCommand(acting(host, 'pause', 'make no checks until resume'));
  command.addCommand(acting(host, 'resume', 'make checks again'));
  command.addCommand(
    acting(host, 'stop', 'end a monitor; a retraining that goes on is left alone'),
  );
  return withExamples(command, [
    ['anneal monitor check churn-model-prod', 'the features that moved most'],
    [
      'anneal monitor start churn-model-prod --pipeline ml-training-pipeline --data s3://bucket/fresh.csv --every 1h',
      'retrains on drift, once a day at most',
    ],
    [
      'anneal monitor start churn-model-prod --pipeline ml-training-pipeline --cron "0 6 * * 1-5" --tz Europe/Vienna',
      'checks at six in the morning, Vienna time',
    ],
  ]);
}

function startCommand(host: CommandHost): Command {
  const command = defineCommand('start', 'watch an endpoint from now on')
    .argument('<endpoint>', 'whose requests are compared with its training data')
    .requiredOption('--pipeline <pipeline>', 'what retrains: name, name@version, file or module')
    .option('-p, --param <name=value>', 'a parameter of the retraining', collect)
    .option('--params-file <file>', 'YAML or JSON file of parameters; -p wins over it')
    .option('--data <uri>', 'fresh labelled data: the parameter data_path')
    .option('--every <time>', 'between two checks: 15m, 1h, 1d; default 1h')
    .addOption(
      new Option('--cron <expression>', 'minute hour day month weekday; repeat for more')
        .argParser(collect)
        .conflicts('every'),
    )
    .option('--tz <zone>', 'time zone of cron, as Europe/Vienna; default UTC')
    .option('--cool-down <time>', 'from the end of a retraining to the next; default 24h')
    .option('--capture-share <share>', 'of requests that a local endpoint keeps; default 1', number)
    .option('--no-cache', 'run every task of a retraining, also those with a cached result');
  return withBody<[string], MonitorFlags>(
    host,
    withSource(command),
    async (context, [endpoint], flags) => {
      const { startMonitor } = await import('../monitor/start-monitor.js');
      return startMonitor(context, endpoint, flags);
    },
  );
}

function checkCommand(host: CommandHost): Command {
  const command = defineCommand('check', 'compare once; exit code 5 when a feature has drifted');
  command.argument('<endpoint>', 'whose requests are compared with its training data');
  return withBody<[string], CheckFlags>(
    host,
    withSource(command),
    async (context, [endpoint], flags) => {
      const { checkMonitor } = await import('../monitor/check-monitor.js');
      return checkMonitor(context, endpoint, flags);
    },
  );
}

function withSource(command: Command): Command {
  return command
    .option('--limit <index>', 'above it a feature has drifted; default 0.25', number)
    .option('--min-rows <count>', 'captured rows that are needed; default 200', number)
    .option('--captured <uri>', "s3://bucket/prefix of SageMaker's data capture");
}

function showCommand(host: CommandHost): Command {
  const command = defineCommand('show', 'show settings and the last checks of a monitor');
  command.argument('<endpoint>', 'that is watched');
  return withBody<[string], unknown>(host, command, async (context, [endpoint]) => {
    const { showMonitor } = await import('../monitor/show-monitor.js');
    return showMonitor(context, endpoint);
  });
}

function acting(host: CommandHost, verb: 'pause' | 'resume' | 'stop', summary: string): Command {
  const command = defineCommand(verb, summary).argument('<endpoint>', 'that is watched');
  return withBody<[string], unknown>(host, command, async (context, [endpoint]) => {
    const { changeMonitor } = await import('../monitor/change-monitor.js');
    return changeMonitor(context, verb, endpoint);
  });
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Give a number.');
}
