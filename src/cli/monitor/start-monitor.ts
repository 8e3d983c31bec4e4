import type { CliContext } from '../cli-context.js';
import { loadPipeline } from '../pipeline-source.js';
import { readParameters } from '../read-parameters.js';
import { openWorkplace, withSession } from '../session.js';

export interface MonitorFlags {
  readonly pipeline: string;
  readonly param?: readonly string[];
  readonly paramsFile?: string;
  readonly data?: string;
  readonly every?: string;
  readonly cron?: readonly string[];
  readonly tz?: string;
  readonly coolDown?: string;
  readonly limit?: number;
  readonly minRows?: number;
  readonly captured?: string;
  readonly captureShare?: number;
  /** false with --no-cache. */
  readonly cache: boolean;
}

/** Starts a monitor. @throws as Monitors.start */
export async function startMonitor(
  context: CliContext,
  endpoint: string,
  flags: MonitorFlags,
): Promise<void> {
  const { output, environment } = context;
  const { pipeline: wanted, param = [], paramsFile, data, cache, tz, ...settings } = flags;
  const workplace = await openWorkplace(context);
  const source = await loadPipeline(wanted, environment.cwd, workplace.store);
  const given = data === undefined ? param : [...param, `data_path=${data}`];
  const sources = { flags: given, file: paramsFile, cwd: environment.cwd };
  const parameters = await readParameters(source.pipeline.spec, sources, () => undefined);
  await withSession(context, workplace, false, async ({ client, isEmbedded }) => {
    const { version, digest } = await client.publish(source);
    const started = await client.monitors.start({
      ...settings,
      ...(tz !== undefined && { timeZone: tz }),
      endpoint,
      pipeline: { name: source.name, version, digest },
      parameters,
      options: { baseFolder: environment.cwd, ...(cache ? {} : { cache: false }) },
    });
    output.json({ ...started, embedded: isEmbedded });
    output.result(`Watching ${endpoint}: anneal monitor show ${endpoint}`);
    if (isEmbedded) output.result('Checks are made while a worker runs: anneal dev');
  });
}
