// Where the boxes and lines of a graph go. Sizes and positions are in CSS pixels.
//
// B1. A group is laid out first and then placed as one box: groups never overlap, however deep.

import type { Graph, GraphEdge, GraphItem, GroupItem, GroupOf } from './graph.js';
import { layOut, newLayeredGraph, type LayeredGraph } from './layered-layout.js';

export type Direction = 'LR' | 'TB';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  /** x and y are the left and the upper edge. */
  readonly width: number;
  readonly height: number;
}

export interface DrawnEdge extends GraphEdge {
  readonly points: readonly Point[];
}

export interface GraphLayout<Node extends GraphItem, Group extends GroupItem> {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly (Node & Box)[];
  /** Outer groups before inner ones. */
  readonly groups: readonly (GroupOf<Node, Group> & Box)[];
  readonly edges: readonly DrawnEdge[];
}

const NODE_HEIGHT = 58;
const MIN_NODE_WIDTH = 178;
const MAX_NODE_WIDTH = 300;
// 13 px bold system fonts average a little under this.
const CHARACTER_WIDTH = 8.2;
const NODE_PADDING = 58;
const GROUP_PADDING = 14;
const GROUP_TITLE_HEIGHT = 30;
// 12 px system fonts average a little under this.
const TITLE_CHARACTER_WIDTH = 6.9;
const TITLE_PADDING = 44;
const MAX_TITLE_WIDTH = 520;
const SPACING = { nodesep: 22, ranksep: 46, edgesep: 12, marginx: 2, marginy: 2 } as const;

/** Lays a graph out in layers (Sugiyama, by dagre), each group by itself (B1). */
export function layoutGraph<Node extends GraphItem, Group extends GroupItem>(
  graph: Graph<Node, Group>,
  direction: Direction,
): GraphLayout<Node, Group> {
  const inner = graph.groups.map((group) => layoutGraph(group.inner, direction));
  const dagre = newLayeredGraph();
  dagre.setGraph({ rankdir: direction, ...SPACING });
  dagre.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes) {
    dagre.setNode(idOf(node.path), { width: nodeWidth(node), height: NODE_HEIGHT });
  }
  graph.groups.forEach((group, index) =>
    dagre.setNode(idOf(group.path), groupSize(group, inner[index]!)),
  );
  for (const { from, to } of graph.edges) dagre.setEdge(idOf(from), idOf(to), {});
  layOut(dagre);
  return assemble(graph, dagre, inner);
}

/** dagre keeps nodes in plain objects: a prefix keeps a task called `__proto__` out of theirs. */
function idOf(path: string): string {
  return `/${path}`;
}

function nodeWidth({ label }: GraphItem): number {
  const wanted = [...label].length * CHARACTER_WIDTH + NODE_PADDING;
  return Math.round(Math.min(MAX_NODE_WIDTH, Math.max(MIN_NODE_WIDTH, wanted)));
}

/** A group is as wide as what is in it, and as its title where that is not too long. */
function groupSize(
  { title }: GroupItem,
  { width, height }: Pick<Box, 'width' | 'height'>,
): { width: number; height: number } {
  const wanted = [...title].length * TITLE_CHARACTER_WIDTH + TITLE_PADDING;
  return {
    width: Math.max(width + 2 * GROUP_PADDING, Math.min(MAX_TITLE_WIDTH, Math.round(wanted))),
    height: height + GROUP_TITLE_HEIGHT + GROUP_PADDING,
  };
}

function assemble<Node extends GraphItem, Group extends GroupItem>(
  graph: Graph<Node, Group>,
  dagre: LayeredGraph,
  inner: readonly GraphLayout<Node, Group>[],
): GraphLayout<Node, Group> {
  const { width = 0, height = 0 } = dagre.graph();
  const nodes = graph.nodes.map((node) => ({ ...node, ...boxOf(dagre, node.path) }));
  const groups = graph.groups.map((group) => ({ ...group, ...boxOf(dagre, group.path) }));
  const moved = groups.map((group, index) =>
    moveBy(inner[index]!, {
      x: group.x + (group.width - inner[index]!.width) / 2,
      y: group.y + GROUP_TITLE_HEIGHT,
    }),
  );
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: [...nodes, ...moved.flatMap((part) => part.nodes)],
    groups: [...groups, ...moved.flatMap((part) => part.groups)],
    edges: [...edgesOf(graph.edges, dagre), ...moved.flatMap((part) => part.edges)],
  };
}

function boxOf(dagre: LayeredGraph, path: string): Box {
  const { x = 0, y = 0, width = 0, height = 0 } = dagre.node(idOf(path));
  return { x: x - width / 2, y: y - height / 2, width, height };
}

function edgesOf(edges: readonly GraphEdge[], dagre: LayeredGraph): DrawnEdge[] {
  return edges.map((edge) => {
    const ends = { v: idOf(edge.from), w: idOf(edge.to) };
    return { ...edge, points: dagre.edge(ends).points ?? [] };
  });
}

function moveBy<Node extends GraphItem, Group extends GroupItem>(
  part: GraphLayout<Node, Group>,
  by: Point,
): GraphLayout<Node, Group> {
  const move = <Item extends Point>(item: Item): Item => ({
    ...item,
    x: item.x + by.x,
    y: item.y + by.y,
  });
  return {
    ...part,
    nodes: part.nodes.map(move),
    groups: part.groups.map(move),
    edges: part.edges.map((edge) => ({ ...edge, points: edge.points.map(move) })),
  };
}
