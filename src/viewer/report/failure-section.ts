import type { ErrorView, RunView } from '../../contract/index.js';
import { html, type Markup } from '../html.js';
import { section } from './section.js';

/** Says why a run did not succeed: the run's own error first, then each failed task's. */
export function failureSection(view: RunView): Markup | undefined {
  const failures = view.tasks.flatMap(({ name, error }) =>
    error === undefined ? [] : [{ ...error, task: name }],
  );
  const all = [...(view.error === undefined ? [] : [view.error]), ...failures];
  const distinct = all.filter(
    (error, index) => all.findIndex((other) => other.message === error.message) === index,
  );
  if (distinct.length === 0) return undefined;
  return section('errors', 'What went wrong', html`${distinct.map(failure)}`);
}

function failure({ code, message, task, hint, where, details }: ErrorView): Markup {
  const stderr = details?.['stderrTail'];
  return html`<div class="callout is-failed">
    <p>
      <b>${code}</b
      >${task === undefined ? '' : ` in task ${task}`}${where === undefined ? '' : ` at ${where}`}
    </p>
    <p class="wrap">${message}</p>
    ${hint === undefined ? undefined : html`<p class="note">${hint}</p>`}
    ${typeof stderr === 'string' && stderr !== '' ? html`<pre class="log">${stderr}</pre>` : undefined}
  </div>`;
}
