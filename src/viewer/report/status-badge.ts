import type { RunStatus, TaskStatus } from '../../contract/index.js';
import { html, type Markup } from '../html.js';
import { statusStyle } from './status-style.js';

/** A state as icon, word and colour. */
export function statusBadge(status: TaskStatus | RunStatus, word?: string): Markup {
  const { className, icon, text } = statusStyle(status);
  return html`<span class="badge ${className}"
    ><span aria-hidden="true">${icon}</span> ${word ?? text}</span
  >`;
}
