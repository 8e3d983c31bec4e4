import type { TaskView } from '../../contract/index.js';
import type { PipelineSpecJson } from '../../ir/index.js';
import { formatDuration } from '../../util/index.js';
import {
  allNodes,
  drawGraph,
  layoutGraph,
  type Direction,
  type GraphLook,
} from '../graph/index.js';
import { buildGraph, type RunGraph, type RunGroup, type RunNode } from './graph-model.js';
import { html, type Markup } from '../html.js';
import { section } from './section.js';
import { statusStyle } from './status-style.js';

// More boxes than this help nobody, on screen or on paper.
const MAX_NODES = 300;
// A wider picture is not shrunk to the page: it scrolls in a strip of its own.
const MAX_FITTED_WIDTH = 1700;

/** Draws the pipeline's graph: lying for wide screens and paper, standing for narrow ones. */
export function graphSection(
  spec: PipelineSpecJson | undefined,
  tasks: readonly TaskView[],
): Markup | undefined {
  if (spec === undefined) return undefined;
  const graph = buildGraph(spec, tasks);
  const count = allNodes(graph).length;
  if (count === 0 || count > MAX_NODES) return undefined;
  return section(
    'graph',
    'Pipeline',
    html`${graphFrame(graph, 'LR', 'graph-wide')}${graphFrame(graph, 'TB', 'graph-narrow')}`,
  );
}

function graphFrame(graph: RunGraph, direction: Direction, className: string): Markup {
  const drawn = layoutGraph(graph, direction);
  const fitted = drawn.width <= MAX_FITTED_WIDTH ? 'graph-fitted' : '';
  return html`<div
    class="graph ${className} ${fitted}"
    tabindex="0"
    role="region"
    aria-label="Graph of the pipeline"
  >
    <svg
      viewBox="0 0 ${drawn.width} ${drawn.height}"
      width="${drawn.width}"
      height="${drawn.height}"
      role="img"
      aria-label="${describe(graph)}"
    >
      ${drawGraph(drawn, lookOf(`arrow-${direction}`))}
    </svg>
  </div>`;
}

function describe(graph: RunGraph): string {
  const states = allNodes(graph).map(({ label, status }) => `${label} ${statusStyle(status).text}`);
  return `${states.length} tasks: ${states.join(', ')}`;
}

function lookOf(marker: string): GraphLook<RunNode, RunGroup> {
  return {
    marker,
    ofNode: (node) => {
      const { className, icon, text } = statusStyle(node.status);
      return { className, icon, detail: nodeState(node), tip: `${node.path}: ${text}` };
    },
    ofGroup: ({ kind, status }) => {
      const { className, icon } = statusStyle(status);
      return { className, icon: kind === 'loop' ? `${icon} ↻` : icon };
    },
  };
}

function nodeState(node: RunNode): string {
  const state =
    node.count > 1 ? `${node.succeeded} of ${node.count} done` : statusStyle(node.status).text;
  if (node.cached) return 'from cache';
  return node.seconds === undefined ? state : `${state} · ${formatDuration(node.seconds)}`;
}
