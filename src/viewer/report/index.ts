// The static report of a run.
export { renderReport } from './render-report.js';
export type { ReportExecution, ReportInput } from './report-input.js';
