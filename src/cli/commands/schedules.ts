import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ScheduleFlags } from '../schedules/schedule-flags.js';
import type { BackfillFlags } from '../schedules/backfill-schedule.js';
import {
  defineCommand,
  withBody,
  withCommonFlags,
  withExamples,
  type CommandHost,
} from '../define-command.js';
import { readTime } from '../read-time.js';

const POLICIES = [
  ...['skip', 'buffer-one', 'buffer-all'],
  ...['cancel-other', 'terminate-other', 'allow-all'],
];

/** `anneal schedules [create | list | describe | pause | resume | trigger | backfill | update | delete]` */
export function schedulesCommand(host: CommandHost): Command {
  const command = withCommonFlags(
    defineCommand('schedules', 'run pipelines at set times, on Temporal Schedules'),
  ).aliases(['recurring-runs', 'recurring-run']);
  command.addCommand(listCommand(host), { isDefault: true });
  const others = [
    createCommand,
    describeCommand,
    pauseCommand,
    resumeCommand,
    triggerCommand,
    backfillCommand,
    updateCommand,
    deleteCommand,
  ];
  for (const define of others) command.addCommand(define(host));
  return withExamples(command, [
    ['anneal schedules create nightly pipeline.yaml --cron "0 6 * * *"', 'every day at 6:00 UTC'],
    ['anneal schedules describe nightly', 'next times, last runs'],
    ['anneal schedules pause nightly --note "data is late"', 'until resume'],
  ]);
}

function createCommand(host: CommandHost): Command {
  const command = defineCommand('create', 'make a schedule of a pipeline')
    .argument('<name>', 'of the schedule; begins the ids of its runs')
    .argument('<pipeline>', 'name, name@version, name@digest, file or module');
  withSettings(command);
  withExamples(command, [
    [
      'anneal schedules create nightly ml-training-pipeline --cron "0 6 * * 1-5" --tz Europe/Berlin -p data_path=data.csv',
      'pinned to the version of now',
    ],
    [
      "anneal schedules create daily etl --every 24h --follow-latest -p 'day={{scheduled_time-1d:date}}'",
      'each run uses the newest version',
    ],
  ]);
  return withBody<[string, string], ScheduleFlags>(
    host,
    command,
    async (context, [name, pipeline], flags) => {
      const { createSchedule } = await import('../schedules/create-schedule.js');
      return createSchedule(context, name, pipeline, flags);
    },
  );
}

function updateCommand(host: CommandHost): Command {
  const command = defineCommand('update', 'change what is named, leave the rest')
    .argument('<name>', 'of the schedule')
    .option('--pipeline <pipeline>', 'another pipeline or version');
  withSettings(command);
  withExamples(command, [
    ['anneal schedules update nightly --overlap buffer-one', 'runs that go on are left alone'],
    ['anneal schedules update nightly --pipeline etl@4', 'pins another version'],
  ]);
  return withBody<[string], ScheduleFlags>(host, command, async (context, [name], flags) => {
    const { updateSchedule } = await import('../schedules/update-schedule.js');
    return updateSchedule(context, name, flags);
  });
}

function withSettings(command: Command): Command {
  return command
    .option('--cron <expression>', 'minute hour day month weekday; repeat for more', collect)
    .option('--every <interval>', '90s, 15m, 6h, 1d; with an offset 6h/30m', collect)
    .option('--calendar <fields>', '"hour=6 minute=0,30 dayOfWeek=MONDAY-FRIDAY"', collect)
    .option('--tz <zone>', 'time zone of cron and calendars, as Europe/Berlin; default UTC')
    .option('--jitter <time>', 'put each run off by a random time up to this')
    .addOption(
      new Option('--overlap <policy>', 'when the last run still goes on; default skip').choices(
        POLICIES,
      ),
    )
    .option('--catchup-window <time>', 'how late a missed run may be made up for; default 1h')
    .option('--pause-on-failure', 'pause when a run fails; default for pipelines that deploy')
    .option('--no-pause-on-failure', 'go on when a run fails; default for all others')
    .addOption(
      new Option('--pin', 'every run uses the version of now (the default)').conflicts(
        'followLatest',
      ),
    )
    .option('--follow-latest', 'each run uses the version that is newest at its time')
    .option('-p, --param <name=value>', 'a parameter; {{scheduled_time}} is written in', collect)
    .option('--params-file <file>', 'YAML or JSON file of parameters; -p wins over it')
    .option('--no-cache', 'run every task, also those with a cached result')
    .option('--max-runs <count>', 'stop by itself after so many runs', positive);
}

function listCommand(host: CommandHost): Command {
  const command = defineCommand('list', 'list schedules and their next times');
  return withBody<[], unknown>(host, command, async (context) => {
    const { listSchedules } = await import('../schedules/list-schedules.js');
    return listSchedules(context);
  });
}

function describeCommand(host: CommandHost): Command {
  const command = defineCommand('describe', 'show settings, next times and last runs').argument(
    '<name>',
    'of the schedule',
  );
  return withBody<[string], unknown>(host, command, async (context, [name]) => {
    const { describeSchedule } = await import('../schedules/describe-schedule.js');
    return describeSchedule(context, name);
  });
}

function pauseCommand(host: CommandHost): Command {
  return pausing(host, 'pause', 'start no runs until resume; runs that go on are left alone');
}

function resumeCommand(host: CommandHost): Command {
  return pausing(host, 'resume', 'start runs again');
}

function pausing(host: CommandHost, verb: 'pause' | 'resume', summary: string): Command {
  const command = defineCommand(verb, summary)
    .argument('<name>', 'of the schedule')
    .option('--note <text>', 'why; describe shows it');
  return withBody<[string], { readonly note?: string }>(
    host,
    command,
    async (context, [name], { note }) => {
      const { pauseSchedule } = await import('../schedules/pause-schedule.js');
      return pauseSchedule(context, verb, name, note);
    },
  );
}

function triggerCommand(host: CommandHost): Command {
  const command = defineCommand('trigger', 'start a run now and print its id')
    .argument('<name>', 'of the schedule')
    .addOption(new Option('--overlap <policy>', "instead of the schedule's own").choices(POLICIES));
  return withBody<[string], Pick<ScheduleFlags, 'overlap'>>(
    host,
    command,
    async (context, [name], { overlap }) => {
      const { triggerNow } = await import('../schedules/trigger-now.js');
      return triggerNow(context, name, overlap);
    },
  );
}

function backfillCommand(host: CommandHost): Command {
  const command = defineCommand('backfill', 'start the runs of past times; none of them twice')
    .argument('<name>', 'of the schedule')
    .requiredOption('--from <time>', '2026-01-31 or 2026-01-31T06:00:00Z', readTime)
    .requiredOption('--to <time>', 'the same; included', readTime)
    .addOption(
      new Option('--overlap <policy>', 'how they queue up').choices(POLICIES).default('buffer-all'),
    )
    .option('--dry-run', 'only list the times');
  withExamples(command, [
    ['anneal schedules backfill nightly --from 2026-01-01 --to 2026-02-01 --dry-run', 'the times'],
  ]);
  return withBody<[string], BackfillFlags>(host, command, async (context, [name], flags) => {
    const { backfillRuns } = await import('../schedules/backfill-schedule.js');
    return backfillRuns(context, name, flags);
  });
}

function deleteCommand(host: CommandHost): Command {
  const command = defineCommand('delete', 'remove a schedule; its runs stay').argument(
    '<name>',
    'of the schedule',
  );
  return withBody<[string], unknown>(host, command, async (context, [name]) => {
    const { deleteSchedule } = await import('../schedules/delete-schedule.js');
    return deleteSchedule(context, name);
  });
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Give a whole number above 0.');
}
