import { monitorErrors } from '../errors/index.js';

/** What the comparison writes: python-tasks/anneal_tasks/monitoring/drift_report.py. */
export interface DriftReport {
  readonly format: 'anneal-drift/1';
  readonly referenceRows: number;
  readonly captured: {
    readonly rows: number;
    readonly requests: number;
    readonly unreadable: number;
  };
  /** The furthest first. */
  readonly features: readonly { readonly name: string; readonly psi: number }[];
}

/** Reads a report. @throws E_INTERNAL when it is none */
export function readReport(text: string): DriftReport {
  const report = JSON.parse(text) as DriftReport;
  const isSound =
    report.format === 'anneal-drift/1' &&
    report.features.every(({ name, psi }) => typeof name === 'string' && Number.isFinite(psi));
  if (!isSound) throw monitorErrors.comparisonFailed('it wrote a report of another format');
  return report;
}
