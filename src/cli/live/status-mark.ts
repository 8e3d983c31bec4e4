import type { RunStatus, TaskStatus } from '../../contract/index.js';
import type { Output } from '../output/output.js';

type Colors = Output['colors'];

const MARKS: Readonly<Record<TaskStatus, readonly [icon: string, color: keyof Colors]>> = {
  succeeded: ['✓', 'green'],
  failed: ['✗', 'red'],
  running: ['▸', 'cyan'],
  pending: ['·', 'dim'],
  skipped: ['–', 'dim'],
  canceled: ['■', 'yellow'],
  not_triggered: ['○', 'dim'],
};

/** The mark of a state; never colour alone. */
export function statusMark(status: TaskStatus | RunStatus, colors: Colors): string {
  const [icon, color] = MARKS[status];
  return paint(colors, color, icon);
}

/** The word of a state, in its colour. */
export function statusWord(status: TaskStatus | RunStatus, colors: Colors): string {
  return paint(colors, MARKS[status][1], status.replace('_', ' '));
}

function paint(colors: Colors, color: keyof Colors, text: string): string {
  const formatter = colors[color];
  return typeof formatter === 'function' ? formatter(text) : text;
}
