import { listPipelines } from '../lineage/index.js';
import { shippedPipelines } from '../pipelines/index.js';
import type { CliContext } from './cli-context.js';
import { table } from './output/table.js';
import { openWorkplace } from './session.js';

interface KnownPipeline {
  readonly name: string;
  /** Newest published version. */
  readonly version?: number;
  readonly digest?: string;
  readonly shipped: boolean;
}

/** Prints the shipped and the published pipelines. */
export async function listKnownPipelines(context: CliContext): Promise<void> {
  const { output } = context;
  const { store } = await openWorkplace(context);
  const published = new Map(
    (await listPipelines(store)).map((pipeline) => [pipeline.name, pipeline]),
  );
  const names = [...new Set([...shippedPipelines.keys(), ...published.keys()])].sort();
  const pipelines = names.map((name): KnownPipeline => ({
    ...published.get(name),
    name,
    shipped: shippedPipelines.has(name),
  }));
  output.json({ pipelines });
  const heading = ['PIPELINE', 'VERSION', 'DIGEST', ''].map((word) =>
    output.resultColors.dim(word),
  );
  output.result(table([heading, ...pipelines.map(pipelineRow)]));
}

function pipelineRow({ name, version, digest, shipped }: KnownPipeline): string[] {
  return [
    name,
    version === undefined ? 'not run yet' : String(version),
    digest?.slice(0, 19) ?? '',
    shipped ? 'shipped with Anneal' : '',
  ];
}
