// One run as one HTML file: nothing is loaded from elsewhere, nothing in it runs.
//
// R1. Every value passes through `html`, so none can become markup (H1).
// R2. The content security policy allows the one style sheet, by its hash, and nothing else.

import { createHash } from 'node:crypto';
import { failureSection } from './failure-section.js';
import { formatTime } from './format-value.js';
import { gateSection } from './gate-section.js';
import { graphSection } from './graph-section.js';
import { header } from './header.js';
import { html, Markup } from '../html.js';
import { importancesSection } from './importances-section.js';
import { lineageSection } from './lineage-section.js';
import { dataSection, evaluationSection, metricsSection } from './metrics-sections.js';
import type { ReportInput } from './report-input.js';
import { section } from './section.js';
import { REPORT_STYLE } from './style.js';
import { tasksSection } from './tasks-section.js';
import { valuesTable } from './values-table.js';

/** Draws a run's report. The same input gives the same bytes. */
export function renderReport(input: ReportInput): string {
  const { view } = input;
  const sections = [
    failureSection(view),
    graphSection(input.spec, view.tasks),
    gateSection(view),
    evaluationSection(view),
    importancesSection(view),
    metricsSection(view),
    dataSection(view),
    tasksSection(view.tasks),
    parametersSection(input),
    lineageSection(input.executions),
    environmentSection(input),
  ].filter((part) => part !== undefined);
  return html`${DOCTYPE}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <title>${view.pipeline}: ${view.status} · ${view.runId}</title>
        ${STYLE}
      </head>
      <body>
        ${header(view)}
        <main>${sections}</main>
        <footer>
          Written by Anneal at ${formatTime(input.renderedAt)}. This file loads nothing and runs
          nothing.
        </footer>
      </body>
    </html> `.text;
}

const DOCTYPE = new Markup('<!DOCTYPE html>');
const STYLE = new Markup(`<style>${REPORT_STYLE}</style>`);
const STYLE_HASH = createHash('sha256').update(REPORT_STYLE).digest('base64');
const CONTENT_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

function parametersSection({ view }: ReportInput): Markup | undefined {
  const tables = [
    valuesTable('Parameters', view.parameters),
    valuesTable('Outputs', view.outputs),
  ].filter((table) => table !== undefined);
  if (tables.length === 0) return undefined;
  return section('parameters', 'Parameters', html`<div class="columns">${tables}</div>`);
}

function environmentSection({ view, environment }: ReportInput): Markup | undefined {
  return section(
    'environment',
    'Environment',
    html` <p class="note wrap">Pipeline <code>${view.digest}</code></p>
      <div class="columns">${valuesTable('Versions', environment)}</div>`,
  );
}
