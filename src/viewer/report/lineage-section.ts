// Which data, code and environment made a model.
//
// L1. Artifacts are joined by digest, or by address where there is no digest; never by name.

import type { ArtifactRef } from '../../contract/index.js';
import { formatValue } from './format-value.js';
import { html, type Markup } from '../html.js';
import type { ReportExecution } from './report-input.js';
import { section } from './section.js';

/** Shows, for every model, what it was made from, and the digests of every execution. */
export function lineageSection(executions: readonly ReportExecution[]): Markup | undefined {
  if (executions.length === 0) return undefined;
  const models = executions.flatMap((execution) =>
    artifactsOf(execution.outputs.artifacts)
      .filter(({ type }) => type === 'system.Model')
      .map((model) => modelCard(model, execution, executions)),
  );
  return section(
    'lineage',
    'Lineage',
    html` ${models}
      <details>
        <summary>Every execution with its digests</summary>
        <div class="scroll">
          <table class="lineage">
            <thead>
              <tr>
                <th scope="col">Task</th>
                <th scope="col">Used</th>
                <th scope="col">Made</th>
                <th scope="col">Code and environment</th>
              </tr>
            </thead>
            <tbody>
              ${executions.map(executionRow)}
            </tbody>
          </table>
        </div>
      </details>`,
  );
}

function modelCard(
  model: ArtifactRef,
  maker: ReportExecution,
  executions: readonly ReportExecution[],
): Markup {
  const ancestors = ancestorsOf(maker, executions);
  return html`<div class="panel">
    <h3>Model <code>${model.name}</code></h3>
    <dl class="facts">
      <div>
        <dt>Digest</dt>
        <dd class="wrap"><code>${model.digest ?? 'none recorded'}</code></dd>
      </div>
      <div>
        <dt>Made by</dt>
        <dd>
          ${maker.task}${maker.cachedFrom === undefined ? '' : ` (in run ${maker.cachedFrom})`}
        </dd>
      </div>
      <div>
        <dt>With</dt>
        <dd class="wrap">${parameterList(maker)}</dd>
      </div>
      <div>
        <dt>Data</dt>
        <dd>${artifactList(maker.inputs.artifacts)}</dd>
      </div>
      ${ancestors.map(
        (ancestor) =>
          html`<div>
            <dt>From ${ancestor.task}</dt>
            <dd>
              ${artifactList(
                hasArtifacts(ancestor.inputs.artifacts)
                  ? ancestor.inputs.artifacts
                  : ancestor.outputs.artifacts,
              )}
            </dd>
          </div>`,
      )}
      ${digestFact('Code', maker.componentDigest)}
      ${digestFact('Environment', maker.environmentDigest)}
    </dl>
  </div>`;
}

/** Executions whose outputs the given one used, directly or not, nearest first (L1). */
function ancestorsOf(
  execution: ReportExecution,
  executions: readonly ReportExecution[],
): ReportExecution[] {
  const found: ReportExecution[] = [];
  let wanted = artifactsOf(execution.inputs.artifacts).map(identity);
  while (wanted.length > 0) {
    const makers = executions.filter(
      (candidate) =>
        candidate !== execution &&
        !found.includes(candidate) &&
        artifactsOf(candidate.outputs.artifacts).some((artifact) =>
          wanted.includes(identity(artifact)),
        ),
    );
    found.push(...makers);
    wanted = makers.flatMap((maker) => artifactsOf(maker.inputs.artifacts).map(identity));
  }
  return found;
}

function identity({ digest, uri }: ArtifactRef): string {
  return digest ?? uri;
}

function executionRow(execution: ReportExecution): Markup {
  return html`<tr>
    <th scope="row">${execution.task}</th>
    <td>${artifactList(execution.inputs.artifacts)}</td>
    <td>${artifactList(execution.outputs.artifacts)}</td>
    <td>
      <dl class="facts">
        ${digestFact('Code', execution.componentDigest)}${digestFact('Environment', execution.environmentDigest)}
      </dl>
    </td>
  </tr>`;
}

function parameterList({ inputs }: ReportExecution): string {
  const entries = Object.entries(inputs.parameters);
  return (
    entries.map(([name, value]) => `${name} = ${formatValue(value)}`).join(', ') || 'no parameters'
  );
}

type Artifacts = ReportExecution['inputs']['artifacts'];

function artifactList(artifacts: Artifacts): Markup | undefined {
  const entries = Object.entries(artifacts).flatMap(([name, list]) =>
    list.map((artifact) => ({ ...artifact, name })),
  );
  if (entries.length === 0) return undefined;
  return html`<ul class="plain">
    ${entries.map(
      ({ name, digest, uri }) =>
        html`<li><b>${name}</b> <code class="wrap" title="${uri}">${digest ?? uri}</code></li>`,
    )}
  </ul>`;
}

function digestFact(name: string, digest: string | undefined): Markup | undefined {
  if (digest === undefined) return undefined;
  return html`<div>
    <dt>${name}</dt>
    <dd class="wrap"><code>${digest}</code></dd>
  </div>`;
}

function artifactsOf(artifacts: Artifacts): ArtifactRef[] {
  return Object.values(artifacts).flat();
}

function hasArtifacts(artifacts: Artifacts): boolean {
  return artifactsOf(artifacts).length > 0;
}
