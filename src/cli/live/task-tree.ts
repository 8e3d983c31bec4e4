// A run as lines of text: a tree of tasks with their states and times.
//
// T1. Order follows the view, which follows the pipeline; states never move a line.
// T2. A loop of more than MAX_LISTED_ITERATIONS shows only the iterations that failed or run, and a summary.

import type { RunView, TaskView } from '../../contract/index.js';
import { formatDuration } from '../../util/index.js';
import { visibleLength } from '../output/table.js';
import type { Output } from '../output/output.js';
import { loopProgress } from './loop-progress.js';
import { statusMark } from './status-mark.js';

const MAX_REMARK = 100;

interface TreeNode {
  readonly task: TaskView;
  readonly label: string;
  readonly children: TreeNode[];
}

/** Writes the tree, one task a line (T1). */
export function taskTree(view: RunView, colors: Output['colors'], nowMs: number): string[] {
  const lines = flatten(buildTree(view.tasks), 0, colors, nowMs);
  const width = Math.max(0, ...lines.map(({ name }) => visibleLength(name)));
  return lines.map(({ name, remark }) =>
    `  ${name}${' '.repeat(width - visibleLength(name) + 2)}${remark}`.trimEnd(),
  );
}

/** What is said beside a task: its time, the cache, tries, or why it did not run. */
export function taskRemark(task: TaskView, nowMs: number): string {
  if (task.error !== undefined) return `${task.error.code} ${shorten(task.error.message)}`;
  if (task.status === 'skipped' || task.status === 'not_triggered') {
    return [task.status.replace('_', ' '), task.reason].filter(Boolean).join(': ');
  }
  return [
    elapsed(task, nowMs),
    task.cached ? 'cached' : '',
    task.attempts > 1 ? `try ${task.attempts}` : '',
    task.cached ? '' : (task.reason ?? ''),
  ]
    .filter(Boolean)
    .join(', ');
}

function elapsed(task: TaskView, nowMs: number): string {
  if (task.seconds !== undefined) return formatDuration(task.seconds);
  if (task.status !== 'running' || task.startedAt === undefined) return '';
  return `${formatDuration(Math.max(0, (nowMs - Date.parse(task.startedAt)) / 1000))}…`;
}

function buildTree(tasks: readonly TaskView[]): TreeNode[] {
  const roots: TreeNode[] = [];
  const byName = new Map<string, TreeNode>();
  for (const task of tasks) {
    const parent = nearestParent(task.name, byName);
    const label = labelOf(task, parent?.task);
    const node: TreeNode = { task, label, children: [] };
    byName.set(task.name, node);
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

/** A group goes by the name its author gave it; a task by the last part of the path that commands take. */
function labelOf({ name, kind, displayName }: TaskView, parent: TaskView | undefined): string {
  if (displayName !== undefined && kind === 'dag') return displayName;
  return parent === undefined ? name : name.slice(parent.name.length + 1);
}

function nearestParent(name: string, known: ReadonlyMap<string, TreeNode>): TreeNode | undefined {
  for (let end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
    const parent = known.get(name.slice(0, end));
    if (parent !== undefined) return parent;
  }
  return undefined;
}

interface TreeLine {
  readonly name: string;
  readonly remark: string;
}

function flatten(
  nodes: readonly TreeNode[],
  depth: number,
  colors: Output['colors'],
  nowMs: number,
): TreeLine[] {
  return nodes.flatMap((node) => {
    const name = `${'  '.repeat(depth)}${statusMark(node.task.status, colors)} ${node.label}`;
    const summary = node.task.kind === 'loop' ? loopSummary(node) : undefined;
    const remark = [taskRemark(node.task, nowMs), summary].filter(Boolean).join(', ');
    const children = summary === undefined ? node.children : node.children.filter(isOfInterest);
    return [{ name, remark: colors.dim(remark) }, ...flatten(children, depth + 1, colors, nowMs)];
  });
}

/** `7 of 20 done`; undefined when the loop is small enough to show (T2). */
function loopSummary(node: TreeNode): string | undefined {
  const progress = loopProgress(node.task, tasksBelow(node));
  return progress === undefined ? undefined : `${progress.done} of ${progress.total} done`;
}

function tasksBelow(node: TreeNode): TaskView[] {
  return node.children.flatMap((child) => [child.task, ...tasksBelow(child)]);
}

function isOfInterest({ task }: TreeNode): boolean {
  return task.status === 'failed' || task.status === 'running';
}

/** A tree is no place for a paragraph: the run's error is printed in full below it. */
function shorten(message: string): string {
  const [line = ''] = message.split('\n', 1);
  const characters = [...line];
  return characters.length <= MAX_REMARK
    ? line
    : `${characters.slice(0, MAX_REMARK - 1).join('')}…`;
}
