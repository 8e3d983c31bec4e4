import type { CliContext } from '../cli-context.js';
import { loadPipeline } from '../pipeline-source.js';
import { readParameters } from '../read-parameters.js';
import { openWorkplace, withSession } from '../session.js';
import { settingsOf, timesOf, type ScheduleFlags } from './schedule-flags.js';
import { embeddedNote, scheduleText } from './schedule-text.js';

/** Makes a schedule and prints it. @throws as Schedules.create */
export async function createSchedule(
  context: CliContext,
  name: string,
  wanted: string,
  flags: ScheduleFlags,
): Promise<void> {
  const { output, environment } = context;
  const workplace = await openWorkplace(context);
  const source = await loadPipeline(wanted, environment.cwd, workplace.store);
  const sources = { flags: flags.param ?? [], file: flags.paramsFile, cwd: environment.cwd };
  const parameters = await readParameters(source.pipeline.spec, sources, () => undefined);
  await withSession(context, workplace, false, async ({ client, isEmbedded }) => {
    const { version, digest } = await client.publish(source);
    const made = await client.schedules.create({
      name,
      pipeline: { name: source.name, version, digest },
      times: timesOf(flags),
      parameters,
      options: { baseFolder: environment.cwd, ...(flags.cache ? {} : { cache: false }) },
      ...settingsOf(flags),
    });
    output.json({ ...made, embedded: isEmbedded });
    output.result(scheduleText(made, output.resultColors));
    if (isEmbedded) output.result(`\n${embeddedNote(made)}`);
  });
}
