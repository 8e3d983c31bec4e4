import type { Pipeline } from './pipeline.js';

/**
 * Labels of the executors whose tasks need an accelerator, as far as the pipeline says it: one whose type is a
 * parameter counts as needing one.
 */
export function acceleratedExecutors({ deployment }: Pipeline): string[] {
  return Object.entries(deployment.executors)
    .filter(([, { container }]) => {
      const wanted = container?.resources?.accelerator;
      const type = wanted?.resourceType || wanted?.type || '';
      const count = wanted?.resourceCount || String(wanted?.count ?? '');
      return type.trim() !== '' && count.trim() !== '0';
    })
    .map(([label]) => label);
}
