// All rules that a pipeline must meet before it may be stored or started.
//
// V1. Rules are pure and report in the spec's order: equal pipelines give equal findings.
// V2. A rule stays silent about what another rule reports: a missing component is one finding.

import { pathText, type Locate } from '../path.js';
import type { Pipeline } from '../pipeline.js';
import { collectFindings } from './collect-findings.js';
import { checkComponent } from './component.js';
import { checkCycles } from './cycles.js';
import { checkDagOutputs } from './dag-outputs.js';
import { checkExecutors } from './executors.js';
import { checkLeaks } from './leaks.js';
import { checkNames } from './names.js';
import { checkNesting } from './nesting.js';
import { checkPlaceholders } from './placeholders.js';
import { checkPlatform } from './platform.js';
import { scopesOf, tasksOf } from './scopes.js';
import { checkTask } from './task.js';

/**
 * Checks a decoded pipeline against every rule of the IR.
 *
 * @param locate  turns a path into a place for the user; default: the JSON path
 * @throws AnnealError of the ir family; up to 20 findings are in `details.errors`
 */
export function validatePipeline(pipeline: Pipeline, locate: Locate = pathText): void {
  collectFindings(locate, (report) => {
    checkNames(pipeline, report);
    checkExecutors(pipeline, report);
    for (const scope of scopesOf(pipeline)) {
      const tasks = tasksOf(scope, pipeline);
      checkComponent(scope, pipeline, report);
      for (const task of tasks) checkTask(task, tasks, pipeline, report);
      checkCycles(tasks, report);
      checkDagOutputs(scope, tasks, report);
    }
    checkNesting(pipeline, report);
    checkPlaceholders(pipeline, report);
    checkPlatform(pipeline, report);
  });
  // Follows edges, which are sound by now.
  collectFindings(locate, (report) => checkLeaks(pipeline, report));
}
