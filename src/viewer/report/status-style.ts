import type { RunStatus, TaskStatus } from '../../contract/index.js';

/** How a state is shown: never by colour alone. */
export interface StatusStyle {
  /** Single character, in every common font. */
  readonly icon: string;
  readonly text: string;
  /** CSS class that sets the colours. */
  readonly className: string;
}

const STYLES: Readonly<Record<TaskStatus | RunStatus, StatusStyle>> = {
  succeeded: { icon: '✓', text: 'succeeded', className: 'is-succeeded' },
  failed: { icon: '✗', text: 'failed', className: 'is-failed' },
  running: { icon: '▸', text: 'running', className: 'is-running' },
  pending: { icon: '…', text: 'pending', className: 'is-idle' },
  skipped: { icon: '–', text: 'skipped', className: 'is-idle is-dashed' },
  canceled: { icon: '■', text: 'canceled', className: 'is-canceled' },
  not_triggered: { icon: '·', text: 'not triggered', className: 'is-idle is-dashed' },
};

/** Looks up how a state is shown. */
export function statusStyle(status: TaskStatus | RunStatus): StatusStyle {
  return STYLES[status] ?? { icon: '?', text: status, className: 'is-idle' };
}
