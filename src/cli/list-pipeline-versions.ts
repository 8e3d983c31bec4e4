import { codeSourceText } from '../contract/index.js';
import { listVersions } from '../lineage/index.js';
import type { CliContext } from './cli-context.js';
import { table } from './output/table.js';
import { timeText } from './output/time-text.js';
import { openWorkplace } from './session.js';

/** Prints the published versions of a pipeline. @throws E_NOT_FOUND with the nearest name */
export async function listPipelineVersions(context: CliContext, name: string): Promise<void> {
  const { output } = context;
  const { store } = await openWorkplace(context);
  const versions = await listVersions(store, name);
  output.json({
    pipeline: name,
    versions: versions.map(({ version, digest, publishedAt, source }) => ({
      version,
      digest,
      publishedAt,
      ...(source === undefined ? {} : { source }),
    })),
  });
  const heading = ['VERSION', 'DIGEST', 'PUBLISHED', 'SOURCE'].map((word) =>
    output.resultColors.dim(word),
  );
  const rows = versions.map(({ version, digest, publishedAt, source }) => [
    `${name}@${version}`,
    digest.slice(0, 19),
    timeText(publishedAt),
    source === undefined ? '' : codeSourceText(source),
  ]);
  output.result(table([heading, ...rows]));
}
