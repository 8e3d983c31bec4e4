import type { ComponentSpecJson, PipelineTaskSpecJson } from '../ir/index.js';
import type { JsonObject } from '../util/json.js';
import type { FlowValues } from './flow-values.js';

/** A task with no tasks below it, ready to run. */
export interface LeafTask {
  readonly name: string;
  readonly task: PipelineTaskSpecJson;
  readonly component: ComponentSpecJson;
  readonly path: string;
  readonly inputs: FlowValues;
  readonly shielded: boolean;
  readonly platformNames?: JsonObject;
}
