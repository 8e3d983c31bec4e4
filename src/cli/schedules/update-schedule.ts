import type { ScheduleView } from '../../client/index.js';
import type { CliContext } from '../cli-context.js';
import { loadPipeline } from '../pipeline-source.js';
import { readParameters } from '../read-parameters.js';
import { openWorkplace, withSession } from '../session.js';
import { namesTimes, settingsOf, timesOf, type ScheduleFlags } from './schedule-flags.js';
import { scheduleText } from './schedule-text.js';

/** Changes a schedule and prints it; parameters that are not named keep their values. */
export async function updateSchedule(
  context: CliContext,
  name: string,
  flags: ScheduleFlags,
): Promise<void> {
  const { output, environment } = context;
  const workplace = await openWorkplace(context);
  await withSession(context, workplace, false, async ({ client, store }) => {
    const before = await client.schedules.describe(name);
    const wanted = flags.pipeline ?? referenceText(before);
    const source = await loadPipeline(wanted, environment.cwd, store);
    const sources = { flags: flags.param ?? [], file: flags.paramsFile, cwd: environment.cwd };
    const given = await readParameters(source.pipeline.spec, sources, () => undefined);
    const published = flags.pipeline === undefined ? undefined : await client.publish(source);
    const changed = await client.schedules.update(name, {
      ...settingsOf(flags),
      parameters: { ...before.parameters, ...given },
      ...(namesTimes(flags) ? { times: timesOf(flags, before.times) } : {}),
      ...(flags.cache ? {} : { options: { ...before.options, cache: false } }),
      ...(published === undefined
        ? {}
        : {
            pipeline: {
              name: published.name,
              version: published.version,
              digest: published.digest,
            },
          }),
    });
    output.json(changed);
    output.result(scheduleText(changed, output.resultColors));
  });
}

function referenceText({ pipeline, version }: ScheduleView): string {
  return version === undefined ? pipeline : `${pipeline}@${version}`;
}
