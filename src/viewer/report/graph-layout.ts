// Where the boxes and lines of a graph go. Sizes and positions are in CSS pixels.
//
// B1. A group is laid out first and then placed as one box: groups never overlap, however deep.

import type { Graph, GraphGroup, GraphNode } from './graph-model.js';
import { layOut, newLayeredGraph, type LayeredGraph } from './layered-layout.js';

export type Direction = 'LR' | 'TB';

export interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  /** x and y are the left and the upper edge. */
  readonly width: number;
  readonly height: number;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly (GraphNode & Box)[];
  /** Outer groups before inner ones. */
  readonly groups: readonly (GraphGroup & Box)[];
  readonly edges: readonly (readonly Point[])[];
}

const NODE_HEIGHT = 58;
const MIN_NODE_WIDTH = 178;
const MAX_NODE_WIDTH = 300;
// 13 px bold system fonts average a little under this.
const CHARACTER_WIDTH = 8.2;
const NODE_PADDING = 58;
const GROUP_PADDING = 14;
const GROUP_TITLE_HEIGHT = 30;
const SPACING = { nodesep: 22, ranksep: 46, edgesep: 12, marginx: 2, marginy: 2 } as const;

/** Lays a graph out in layers (Sugiyama, by dagre), each group by itself (B1). */
export function layoutGraph(graph: Graph, direction: Direction): GraphLayout {
  const inner = graph.groups.map((group) => layoutGraph(group.inner, direction));
  const dagre = newLayeredGraph();
  dagre.setGraph({ rankdir: direction, ...SPACING });
  dagre.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes) {
    dagre.setNode(idOf(node.path), { width: nodeWidth(node), height: NODE_HEIGHT });
  }
  graph.groups.forEach((group, index) => dagre.setNode(idOf(group.path), groupSize(inner[index]!)));
  for (const { from, to } of graph.edges) dagre.setEdge(idOf(from), idOf(to), {});
  layOut(dagre);
  return assemble(graph, dagre, inner);
}

/** dagre keeps nodes in plain objects: a prefix keeps a task called `__proto__` out of theirs. */
function idOf(path: string): string {
  return `/${path}`;
}

function nodeWidth({ label }: GraphNode): number {
  const wanted = [...label].length * CHARACTER_WIDTH + NODE_PADDING;
  return Math.round(Math.min(MAX_NODE_WIDTH, Math.max(MIN_NODE_WIDTH, wanted)));
}

function groupSize({ width, height }: GraphLayout): { width: number; height: number } {
  return {
    width: width + 2 * GROUP_PADDING,
    height: height + GROUP_TITLE_HEIGHT + GROUP_PADDING,
  };
}

function assemble(graph: Graph, dagre: LayeredGraph, inner: readonly GraphLayout[]): GraphLayout {
  const { width = 0, height = 0 } = dagre.graph();
  const nodes = graph.nodes.map((node) => ({ ...node, ...boxOf(dagre, node.path) }));
  const groups = graph.groups.map((group) => ({ ...group, ...boxOf(dagre, group.path) }));
  const moved = groups.map((group, index) =>
    moveBy(inner[index]!, { x: group.x + GROUP_PADDING, y: group.y + GROUP_TITLE_HEIGHT }),
  );
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: [...nodes, ...moved.flatMap((part) => part.nodes)],
    groups: [...groups, ...moved.flatMap((part) => part.groups)],
    edges: [...edgesOf(dagre), ...moved.flatMap((part) => part.edges)],
  };
}

function boxOf(dagre: LayeredGraph, path: string): Box {
  const { x = 0, y = 0, width = 0, height = 0 } = dagre.node(idOf(path));
  return { x: x - width / 2, y: y - height / 2, width, height };
}

function edgesOf(dagre: LayeredGraph): (readonly Point[])[] {
  return dagre.edges().map((edge) => dagre.edge(edge).points ?? []);
}

function moveBy(part: GraphLayout, by: Point): GraphLayout {
  const move = <Item extends Point>(item: Item): Item => ({
    ...item,
    x: item.x + by.x,
    y: item.y + by.y,
  });
  return {
    ...part,
    nodes: part.nodes.map(move),
    groups: part.groups.map(move),
    edges: part.edges.map((points) => points.map(move)),
  };
}
