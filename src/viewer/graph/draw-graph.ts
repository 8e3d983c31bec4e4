// A laid out graph as SVG; how a node or group looks is up to the caller.

import { html, type Markup } from '../html.js';
import type { GraphItem, GroupItem } from './graph.js';
import type { Box, DrawnEdge, GraphLayout, Point } from './layout-graph.js';

/** How a node is shown; never by colour alone. */
export interface NodeLook {
  /** CSS classes that set the colours. */
  readonly className: string;
  /** Single character, in every common font. */
  readonly icon: string;
  /** Second line. */
  readonly detail: string;
  /** Shown by the pointer. */
  readonly tip: string;
}

export interface GroupLook {
  readonly className: string;
  /** Before the title. */
  readonly icon: string;
}

export interface GraphLook<Node extends GraphItem, Group extends GroupItem> {
  readonly ofNode: (node: Node) => NodeLook;
  readonly ofGroup: (group: Group) => GroupLook;
  /** Id of the arrowhead, unique in the document. */
  readonly marker: string;
}

/** Draws the content of an `svg` element: groups, then lines, then nodes above them. */
export function drawGraph<Node extends GraphItem, Group extends GroupItem>(
  graph: GraphLayout<Node, Group>,
  look: GraphLook<Node, Group>,
): Markup {
  return html`<defs>
      <marker
        id="${look.marker}"
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
    ${graph.groups.map((group) => drawGroup(group, look.ofGroup(group)))}
    ${graph.edges.map((edge) => drawEdge(edge, look.marker))}
    ${graph.nodes.map((node) => drawNode(node, look.ofNode(node)))}`;
}

function drawGroup(group: GroupItem & Box, { className, icon }: GroupLook): Markup {
  const title = icon === '' ? group.title : `${icon} ${group.title}`;
  return html`<g class="group ${className}">
    <title>${group.path}: ${group.title}</title>
    ${drawBox(group)}
    <text x="${px(group.x + 12)}" y="${px(group.y + 19)}"
      >${shorten(title, group.width - 24, TITLE_WIDTH)}</text
    >
  </g>`;
}

function drawNode(node: GraphItem & Box, { className, icon, detail, tip }: NodeLook): Markup {
  const middle = node.y + node.height / 2;
  return html`<g class="node ${className}">
    <title>${tip}</title>
    ${drawBox(node)}
    <circle cx="${px(node.x + 23)}" cy="${px(middle)}" r="11" />
    <text class="node-icon" x="${px(node.x + 23)}" y="${px(middle + 4.5)}">${icon}</text>
    <text class="node-name" x="${px(node.x + 42)}" y="${px(middle - 4)}"
      >${shorten(node.label, node.width - 50, NAME_WIDTH)}</text
    >
    <text class="node-state" x="${px(node.x + 42)}" y="${px(middle + 13)}"
      >${shorten(detail, node.width - 50, TITLE_WIDTH)}</text
    >
  </g>`;
}

function drawBox({ x, y, width, height }: Box): Markup {
  return html`<rect
    x="${px(x)}"
    y="${px(y)}"
    width="${px(width)}"
    height="${px(height)}"
    rx="10"
  />`;
}

function drawEdge({ points, always }: DrawnEdge, marker: string): Markup {
  return html`<path
    class="edge ${always ? 'edge-always' : ''}"
    d="${smoothPath(points)}"
    marker-end="url(#${marker})"
  />`;
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

// Average widths of a character in 13 px bold and 12 px system fonts.
const NAME_WIDTH = 7.8;
const TITLE_WIDTH = 6.7;

function shorten(text: string, width: number, characterWidth: number): string {
  const limit = Math.max(6, Math.floor(width / characterWidth));
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
