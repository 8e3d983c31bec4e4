// A pipeline's graph as a picture of its own: one SVG file, light and dark.

import type { PipelineSpecJson } from '../../ir/index.js';
import { html, Markup } from '../html.js';
import { drawGraph, type GraphLook } from './draw-graph.js';
import { GRAPH_STYLE } from './graph-style.js';
import { layoutGraph, type GraphLayout } from './layout-graph.js';
import { pipelineGraph, type PipelineGroup, type PipelineNode } from './pipeline-graph.js';

const MARGIN = 24;
const HEADING_HEIGHT = 44;
// A graph that is wider lying than this is drawn standing, where that is narrower.
const MAX_LYING_WIDTH = 1600;

/** Draws a validated pipeline. */
export function pipelineSvg(spec: PipelineSpecJson): string {
  const layout = fittingLayout(spec);
  const name = spec.pipelineInfo?.displayName || spec.pipelineInfo?.name || '';
  // The heading is bold, 18 px.
  const width = Math.max(layout.width, [...name].length * 11) + 2 * MARGIN;
  const height = layout.height + HEADING_HEIGHT + 2 * MARGIN;
  const picture = html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-label="${name}"
  >
    <style>
      ${new Markup(STYLE)}
    </style>
    <rect class="paper" width="${width}" height="${height}" />
    <text class="heading" x="${MARGIN}" y="${MARGIN + 18}">${name}</text>
    <g transform="translate(${MARGIN} ${MARGIN + HEADING_HEIGHT})">${drawGraph(layout, LOOK)}</g>
  </svg>`;
  return `${picture.text}\n`;
}

function fittingLayout(spec: PipelineSpecJson): GraphLayout<PipelineNode, PipelineGroup> {
  const graph = pipelineGraph(spec);
  const lying = layoutGraph(graph, 'LR');
  if (lying.width <= MAX_LYING_WIDTH) return lying;
  const standing = layoutGraph(graph, 'TB');
  return standing.width < lying.width ? standing : lying;
}

const LOOK: GraphLook<PipelineNode, PipelineGroup> = {
  marker: 'arrow',
  ofNode: ({ path, kind, detail, always }) => {
    const shown = always ? 'always runs' : detail;
    const tip = detail === '' ? path : `${path}: ${detail}`;
    if (always) return { className: 'is-always', icon: '!', detail: shown, tip };
    return kind === 'importer'
      ? { className: 'is-importer', icon: '↓', detail: shown, tip }
      : { className: 'is-task', icon: '▸', detail: shown, tip };
  },
  ofGroup: ({ kind }) => ({
    className: `is-${kind}`,
    icon: kind === 'loop' ? '↻' : '',
  }),
};

const STYLE = `
:root {
  --ink: #1c2430; --soft: #586273; --line: #c3cad6; --paper: #ffffff; --card: #ffffff;
  --task: #2f5fd0; --task-bg: #f3f6fd; --idle: #5d6675; --idle-bg: #f4f5f7; --warn: #8a5300; --warn-bg: #fff7e8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e7eaf0; --soft: #a0a9b8; --line: #465061; --paper: #14181e; --card: #1c2129;
    --task: #8fb0ff; --task-bg: #1b2436; --idle: #a0a9b8; --idle-bg: #222831; --warn: #f0b95c; --warn-bg: #2d2413;
  }
}
svg { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; }
.paper { fill: var(--paper); }
${GRAPH_STYLE}
.heading { font-size: 18px; font-weight: 650; }
.group text { font-size: 12px; }
.is-condition > rect, .is-loop > rect, .is-exit-handler > rect { stroke: var(--soft); }
.is-condition > rect, .is-branches > rect { stroke-dasharray: 5 4; }
.is-task { --tone: var(--task); --tint: var(--task-bg); }
.is-importer { --tone: var(--idle); --tint: var(--idle-bg); }
.is-always { --tone: var(--warn); --tint: var(--warn-bg); }
`.trim();
