import { publishSource } from '../client/index.js';
import type { CliContext } from './cli-context.js';
import { loadPipeline } from './pipeline-source.js';
import { openWorkplace } from './session.js';

/** Publishes a pipeline and prints its version. @throws any error of the ir family; E_NOT_FOUND, E_STORE */
export async function publishVersion(context: CliContext, wanted: string): Promise<void> {
  const { output, environment } = context;
  const { store } = await openWorkplace(context);
  const source = await loadPipeline(wanted, environment.cwd, store);
  for (const warning of source.pipeline.warnings) output.progress(output.colors.yellow(warning));
  const { name, version, digest, created } = await publishSource(store, source);
  output.json({ pipeline: name, version, digest, created });
  output.result(`${name}@${version} ${digest}${created ? '' : ' (published before)'}`);
}
