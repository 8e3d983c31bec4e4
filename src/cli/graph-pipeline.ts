import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { clientErrors } from '../errors/index.js';
import type { PipelineSpecJson } from '../ir/index.js';
import { countNodes, pipelineGraph, pipelineSvg } from '../viewer/index.js';
import type { CliContext } from './cli-context.js';
import { graphTree } from './graph-tree.js';
import { loadPipeline } from './pipeline-source.js';

export interface GraphOptions {
  readonly output?: string;
}

// Laying out this many takes some seconds; beyond it nobody can follow the lines.
const MAX_DRAWN_TASKS = 1_000;

/** Draws a pipeline as text, or as SVG. @throws E_USAGE; any error of the ir family */
export async function graphPipeline(
  context: CliContext,
  wanted: string,
  options: GraphOptions,
): Promise<void> {
  const { output, environment } = context;
  const { name, pipeline } = await loadPipeline(wanted, environment.cwd);
  for (const warning of pipeline.warnings) output.progress(output.colors.yellow(warning));
  if (options.output === undefined) {
    const graph = pipelineGraph(pipeline.spec);
    const { stdout } = environment;
    output.json({ pipeline: name, graph });
    return output.result(
      graphTree(name, graph, { colors: output.resultColors, width: stdout.columns }),
    );
  }
  const svg = drawSvg(pipeline.spec);
  if (options.output === '-') {
    output.json({ pipeline: name, svg });
    return output.result(svg.trimEnd());
  }
  await write(path.resolve(environment.cwd, options.output), svg, options.output);
  output.json({ pipeline: name, path: path.resolve(environment.cwd, options.output) });
  output.result(`Wrote ${options.output}`);
}

function drawSvg(spec: PipelineSpecJson): string {
  const count = countNodes(pipelineGraph(spec));
  if (count <= MAX_DRAWN_TASKS) return pipelineSvg(spec);
  throw clientErrors.usage(
    `The pipeline has ${count} tasks; a picture holds ${MAX_DRAWN_TASKS}.`,
    'Leave --output out to see them as text.',
  );
}

async function write(file: string, text: string, wanted: string): Promise<void> {
  await writeFile(file, text).catch((error: NodeJS.ErrnoException) => {
    throw clientErrors.usage(
      `"${wanted}" cannot be written (${error.code}).`,
      'Choose another file with --output.',
    );
  });
}
