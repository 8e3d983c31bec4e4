import { isAnnealError, type LocatedFinding } from '../errors/index.js';
import type { CliContext } from './cli-context.js';
import { loadPipeline } from './pipeline-source.js';

/** Checks a pipeline and lists all its faults; the first one is thrown. */
export async function validateFile(context: CliContext, wanted: string): Promise<void> {
  const { output, environment } = context;
  try {
    const { name, pipeline } = await loadPipeline(wanted, environment.cwd);
    const tasks = Object.keys(pipeline.spec.root?.dag?.tasks ?? {});
    output.json({ pipeline: name, valid: true, tasks, warnings: pipeline.warnings });
    output.result(`${wanted} is valid: pipeline "${name}" with ${tasks.length} top-level tasks.`);
    for (const warning of pipeline.warnings) output.progress(output.colors.yellow(warning));
  } catch (error) {
    if (!output.options.json) listFurther(context, error);
    throw error;
  }
}

/** Findings beyond the first, one line each. */
function listFurther({ output }: CliContext, error: unknown): void {
  if (!isAnnealError(error)) return;
  const { errors = [], total = 0 } = error.details as { errors?: LocatedFinding[]; total?: number };
  if (total < 2) return;
  output.message(`${total} faults:`);
  for (const { code, message, where } of errors) {
    output.message(`  ${code} ${message} ${output.colors.dim(`[${where}]`)}`);
  }
}
