// dagre, with types: its own do not resolve under NodeNext (their relative imports lack endings).

import * as dagre from '@dagrejs/dagre';

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The part of dagre's graph that a layout needs; coordinates are centres, in the units of the sizes. */
export interface LayeredGraph {
  setGraph(options: Readonly<Record<string, string | number>>): void;
  setDefaultEdgeLabel(label: () => object): void;
  setNode(id: string, size: Size): void;
  setEdge(from: string, to: string, label: object): void;
  /** The whole picture's size, once laid out. */
  graph(): Partial<Size>;
  node(id: string): Partial<Size & Point>;
  edge(edge: { readonly v: string; readonly w: string }): { readonly points?: readonly Point[] };
}

const { Graph, layout } = dagre as unknown as {
  readonly Graph: new () => LayeredGraph;
  readonly layout: (graph: LayeredGraph) => void;
};

/** Makes an empty graph. */
export function newLayeredGraph(): LayeredGraph {
  return new Graph();
}

/** Gives every node and edge its place. */
export function layOut(graph: LayeredGraph): void {
  layout(graph);
}
