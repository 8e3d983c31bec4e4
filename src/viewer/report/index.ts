// The static report of a run.
export { gatherReport } from './gather-report.js';
export { renderReport } from './render-report.js';
export type { ReportExecution, ReportInput } from './report-input.js';
