// A pipeline's graph as lines of text: a tree of groups and tasks, and what each waits for.
//
// T1. A line comes after those it waits for, else tasks before groups, by name: compiled files are
//     sorted by name too, but put task-10 before task-2.
// T2. Remarks are wrapped to the width, never cut: nothing of an expression is hidden.

import type { PipelineGraph, PipelineGroup, PipelineNode } from '../viewer/index.js';
import type { Output } from './output/output.js';
import { visibleLength } from './output/table.js';

export interface TreeStyle {
  readonly colors: Output['colors'];
  /** Columns of the terminal; undefined: lines may be as long as they need. */
  readonly width?: number;
}

type Item = PipelineNode | (PipelineGroup & { readonly inner: PipelineGraph });

interface Line {
  /** Bars and branches before the name. */
  readonly guide: string;
  /** What goes before further lines of the same item. */
  readonly below: string;
  readonly name: string;
  readonly remark: string;
}

// A longer name does not push the remarks of all others to the right.
const MAX_NAME_WIDTH = 44;
const MIN_REMARK_WIDTH = 24;

/** Writes the tree below the pipeline's name (T1, T2). */
export function graphTree(name: string, graph: PipelineGraph, style: TreeStyle): string {
  const lines = linesOf(graph, '');
  const widths = lines.map((line) => visibleLength(line.guide + line.name));
  const column = Math.max(0, ...widths.filter((width) => width <= MAX_NAME_WIDTH)) + 2;
  return [style.colors.bold(name), ...lines.flatMap((line) => render(line, column, style))].join(
    '\n',
  );
}

function linesOf(graph: PipelineGraph, indent: string): Line[] {
  const producers = producersOf(graph);
  const items = inOrder(graph, producers);
  return items.flatMap((item, index) => {
    const isLast = index === items.length - 1;
    const below = `${indent}${isLast ? '   ' : '│  '}`;
    const inner = 'inner' in item ? linesOf(item.inner, below) : [];
    const line: Line = {
      guide: `${indent}${isLast ? '└─ ' : '├─ '}`,
      below: inner.length > 0 ? `${below}│` : below,
      name: printable(item.label),
      remark: printable(remarkOf(item, producers.get(item.path) ?? [])),
    };
    return [line, ...inner];
  });
}

/** What each item waits for, by its path. */
function producersOf({ nodes, groups, edges }: PipelineGraph): ReadonlyMap<string, Item[]> {
  const items = new Map<string, Item>(
    [...nodes, ...groups].map((item) => [item.path, item] as const),
  );
  const producers = new Map<string, Item[]>();
  for (const { from, to } of edges) {
    producers.set(to, [...(producers.get(to) ?? []), items.get(from)!]);
  }
  return producers;
}

/** Items so that each comes after those it waits for (T1); validation has refused cycles. */
function inOrder(
  { nodes, groups }: PipelineGraph,
  producers: ReadonlyMap<string, readonly Item[]>,
): Item[] {
  const placed = new Set<Item>();
  const isWaiting = (item: Item): boolean => !placed.has(item);
  for (const item of [...[...nodes].sort(byName), ...[...groups].sort(byName)]) {
    // A stack of its own: a chain may be longer than calls can nest.
    const stack = [item];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = producers.get(top.path)?.find(isWaiting);
      if (next === undefined) placed.add(stack.pop()!);
      else stack.push(next);
    }
  }
  return [...placed];
}

const NAMES = new Intl.Collator('en', { numeric: true });

function byName(left: Item, right: Item): number {
  return NAMES.compare(left.path, right.path);
}

function remarkOf(item: Item, producers: readonly Item[]): string {
  const isAlways = 'always' in item && item.always;
  const names = producers.map(({ label }) => label).join(', ');
  const order = `${isAlways ? 'whatever becomes of' : 'after'} ${names}`;
  const meaning = 'meaning' in item ? item.meaning : '';
  return [meaning, producers.length === 0 ? '' : order].filter(Boolean).join(' · ');
}

/** Names that authors choose may hold anything: nothing of them may steer the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\u{FFFD}');
}

function render({ guide, below, name, remark }: Line, column: number, style: TreeStyle): string[] {
  const { colors, width = Number.POSITIVE_INFINITY } = style;
  const start = visibleLength(guide + name);
  const padding = ' '.repeat(Math.max(2, column - start));
  const head = `${colors.dim(guide)}${name}`;
  if (remark === '') return [head];
  if (start + padding.length + visibleLength(remark) <= width) {
    return [`${head}${padding}${colors.dim(remark)}`];
  }
  const indent = below.padEnd(visibleLength(guide) + 2);
  const room = Math.max(MIN_REMARK_WIDTH, width - visibleLength(indent));
  return [head, ...wrap(remark, room).map((text) => colors.dim(`${indent}${text}`))];
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || visibleLength(`${last} ${word}`) > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
