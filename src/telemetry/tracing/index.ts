export { openTracing } from './open-tracing.js';
export type { Tracing, TracingOptions } from './tracing.js';
