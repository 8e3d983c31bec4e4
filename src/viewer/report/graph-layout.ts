// Where the boxes and lines of a graph go. Sizes and positions are in CSS pixels.

import { Graph, layout } from '@dagrejs/dagre';
import type { GraphGroup, GraphModel, GraphNode } from './graph-model.js';

export type Direction = 'LR' | 'TB';

interface Box {
  /** Left and upper edge. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly (GraphNode & Box)[];
  /** Outer groups before inner ones. */
  readonly groups: readonly (GraphGroup & Box)[];
  readonly edges: readonly { readonly points: readonly { x: number; y: number }[] }[];
}

export const NODE_HEIGHT = 58;
const MIN_NODE_WIDTH = 178;
const MAX_NODE_WIDTH = 300;
// 13 px bold system fonts average a little under this.
const CHARACTER_WIDTH = 8.2;
const NODE_PADDING = 58;
const GROUP_PADDING = 14;
const GROUP_TITLE_HEIGHT = 24;

/** Lays a graph out in layers (Sugiyama, by dagre). */
export function layoutGraph(model: GraphModel, direction: Direction): GraphLayout {
  const graph = new Graph({ compound: true });
  graph.setGraph({
    rankdir: direction,
    nodesep: 22,
    ranksep: 46,
    edgesep: 12,
    marginx: 4,
    marginy: 4,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { path } of model.groups) graph.setNode(idOf(path), {});
  for (const node of model.nodes) {
    graph.setNode(idOf(node.path), { width: nodeWidth(node), height: NODE_HEIGHT });
  }
  for (const [path, parent] of nesting(model)) graph.setParent(idOf(path), idOf(parent));
  for (const { from, to } of model.edges) graph.setEdge(idOf(from), idOf(to), {});
  layout(graph);
  return readLayout(graph, model);
}

/** dagre keeps nodes in plain objects: a prefix keeps a task called `__proto__` out of theirs. */
function idOf(path: string): string {
  return `/${path}`;
}

function nesting({ nodes, groups }: GraphModel): [path: string, parent: string][] {
  const nested = [
    ...groups.map(({ path, parent }) => [path, parent] as const),
    ...nodes.map(({ path, group }) => [path, group] as const),
  ];
  return nested.flatMap(([path, parent]) => (parent === undefined ? [] : [[path, parent]]));
}

function nodeWidth({ label }: GraphNode): number {
  const wanted = [...label].length * CHARACTER_WIDTH + NODE_PADDING;
  return Math.round(Math.min(MAX_NODE_WIDTH, Math.max(MIN_NODE_WIDTH, wanted)));
}

function readLayout(graph: Graph, model: GraphModel): GraphLayout {
  const nodes = model.nodes.map((node) => ({ ...node, ...boxOf(graph, node.path) }));
  const groups = model.groups.map((group) => ({ ...group, ...padded(boxOf(graph, group.path)) }));
  const boxes = [...nodes, ...groups];
  const left = Math.min(0, ...boxes.map((box) => box.x)) - 2;
  const top = Math.min(0, ...boxes.map((box) => box.y)) - 2;
  const shift = <Item extends Box>(item: Item): Item => ({
    ...item,
    x: item.x - left,
    y: item.y - top,
  });
  return {
    width: Math.ceil(Math.max(0, ...boxes.map((box) => box.x + box.width)) - left + 2),
    height: Math.ceil(Math.max(0, ...boxes.map((box) => box.y + box.height)) - top + 2),
    nodes: nodes.map(shift),
    groups: groups.map(shift),
    edges: graph.edges().map((edge: { v: string; w: string }) => ({
      points: edgePoints(graph, edge).map(({ x, y }) => ({ x: x - left, y: y - top })),
    })),
  };
}

function boxOf(graph: Graph, path: string): Box {
  const { x = 0, y = 0, width = 0, height = 0 } = graph.node(idOf(path)) as Partial<Box>;
  return { x: x - width / 2, y: y - height / 2, width, height };
}

function padded({ x, y, width, height }: Box): Box {
  return {
    x: x - GROUP_PADDING / 2,
    y: y - GROUP_TITLE_HEIGHT,
    width: width + GROUP_PADDING,
    height: height + GROUP_TITLE_HEIGHT + GROUP_PADDING / 2,
  };
}

function edgePoints(graph: Graph, edge: { v: string; w: string }): { x: number; y: number }[] {
  return (graph.edge(edge) as { points?: { x: number; y: number }[] }).points ?? [];
}
