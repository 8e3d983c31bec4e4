import type { TaskView } from '../../contract/index.js';
import type { PipelineSpecJson } from '../../ir/index.js';
import { formatDuration } from '../../util/index.js';
import { layoutGraph, type Direction, type GraphLayout, type Point } from './graph-layout.js';
import { allNodes, buildGraph, type Graph } from './graph-model.js';
import { html, type Markup } from './html.js';
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

function graphFrame(graph: Graph, direction: Direction, className: string): Markup {
  const drawn = layoutGraph(graph, direction);
  const fitted = drawn.width <= MAX_FITTED_WIDTH ? 'graph-fitted' : '';
  return html`<div
    class="graph ${className} ${fitted}"
    tabindex="0"
    role="region"
    aria-label="Graph of the pipeline"
  >
    ${drawGraph(drawn, describe(graph), `arrow-${direction}`)}
  </div>`;
}

function drawGraph(graph: GraphLayout, description: string, marker: string): Markup {
  return html`<svg
    viewBox="0 0 ${graph.width} ${graph.height}"
    width="${graph.width}"
    height="${graph.height}"
    role="img"
    aria-label="${description}"
  >
    <defs>
      <marker
        id="${marker}"
        viewBox="0 0 8 8"
        refX="7"
        refY="4"
        markerWidth="8"
        markerHeight="8"
        orient="auto"
      >
        <path class="arrow" d="M0 0.5 L7.5 4 L0 7.5 z" />
      </marker>
    </defs>
    ${graph.groups.map(drawGroup)} ${graph.edges.map((points) => drawEdge(points, marker))}
    ${graph.nodes.map(drawNode)}
  </svg>`;
}

function describe(graph: Graph): string {
  const states = allNodes(graph).map(({ label, status }) => `${label} ${statusStyle(status).text}`);
  return `${states.length} tasks: ${states.join(', ')}`;
}

function drawGroup(group: GraphLayout['groups'][number]): Markup {
  const { className, icon } = statusStyle(group.status);
  return html`<g class="group ${className}">
    <rect
      x="${px(group.x)}"
      y="${px(group.y)}"
      width="${px(group.width)}"
      height="${px(group.height)}"
      rx="10"
    />
    <text x="${px(group.x + 12)}" y="${px(group.y + 19)}"
      >${icon} ${GROUP_PREFIX[group.kind]}${shorten(group.label, group.width - 44)}</text
    >
  </g>`;
}

const GROUP_PREFIX = { dag: '', loop: '↻ ', condition: 'if ' } as const;

function drawEdge(points: readonly Point[], marker: string): Markup {
  return html`<path class="edge" d="${smoothPath(points)}" marker-end="url(#${marker})" />`;
}

/** A curve through the middles of the segments, so that bends are round. */
function smoothPath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return '';
  const bends = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1]!;
    const isLastBend = index === rest.length - 2;
    const end = isLastBend ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${px(point.x)} ${px(point.y)} ${px(end.x)} ${px(end.y)}`;
  });
  return [`M${px(first.x)} ${px(first.y)}`, ...bends, `L${px(last.x)} ${px(last.y)}`].join(' ');
}

function drawNode(node: GraphLayout['nodes'][number]): Markup {
  const { className, icon } = statusStyle(node.status);
  const middle = node.y + node.height / 2;
  return html`<g class="node ${className}">
    <title>${node.path}: ${statusStyle(node.status).text}</title>
    <rect
      x="${px(node.x)}"
      y="${px(node.y)}"
      width="${px(node.width)}"
      height="${px(node.height)}"
      rx="10"
    />
    <circle cx="${px(node.x + 23)}" cy="${px(middle)}" r="11" />
    <text class="node-icon" x="${px(node.x + 23)}" y="${px(middle + 4.5)}">${icon}</text>
    <text class="node-name" x="${px(node.x + 42)}" y="${px(middle - 4)}"
      >${shorten(node.label, node.width - 50)}</text
    >
    <text class="node-state" x="${px(node.x + 42)}" y="${px(middle + 13)}">${nodeState(node)}</text>
  </g>`;
}

function nodeState(node: GraphLayout['nodes'][number]): string {
  const state =
    node.count > 1 ? `${node.succeeded} of ${node.count} done` : statusStyle(node.status).text;
  if (node.cached) return 'from cache';
  return node.seconds === undefined ? state : `${state} · ${formatDuration(node.seconds)}`;
}

function shorten(text: string, width: number): string {
  const limit = Math.max(6, Math.floor(width / 7.8));
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
