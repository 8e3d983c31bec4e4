// A pipeline's graph, whatever is known of its tasks: what the layout and the drawing need.

/** What has a place in a graph. */
export interface GraphItem {
  /** Names of the tasks from the outside in, joined by "/": `for-loop-1/train`. */
  readonly path: string;
  readonly label: string;
}

/** A group: it has a graph of its own inside. */
export interface GroupItem extends GraphItem {
  /** What is written on the group. */
  readonly title: string;
}

/** From producer to consumer: paths of two items of the same graph. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** The consumer runs however the producer ends. */
  readonly always: boolean;
}

/** A graph and the graphs within its groups. */
export interface Graph<Node extends GraphItem, Group extends GroupItem> {
  /** In the spec's order. */
  readonly nodes: readonly Node[];
  readonly groups: readonly GroupOf<Node, Group>[];
  readonly edges: readonly GraphEdge[];
}

export type GroupOf<Node extends GraphItem, Group extends GroupItem> = Group & {
  readonly inner: Graph<Node, Group>;
};

/** Every node of a graph and of the graphs inside it. */
export function allNodes<Node extends GraphItem, Group extends GroupItem>({
  nodes,
  groups,
}: Graph<Node, Group>): Node[] {
  return [...nodes, ...groups.flatMap(({ inner }) => allNodes(inner))];
}

/** How many nodes a graph and the graphs inside it have. */
export function countNodes(graph: Graph<GraphItem, GroupItem>): number {
  return allNodes(graph).length;
}

/** The same graph with more known of its nodes and groups. */
export function extendGraph<
  Node extends GraphItem,
  Group extends GroupItem,
  NodeFacts extends object,
  GroupFacts extends object,
>(
  graph: Graph<Node, Group>,
  facts: {
    readonly ofNode: (node: Node) => NodeFacts;
    readonly ofGroup: (group: Group) => GroupFacts;
  },
): Graph<Node & NodeFacts, Group & GroupFacts> {
  return {
    nodes: graph.nodes.map((node) => ({ ...node, ...facts.ofNode(node) })),
    groups: graph.groups.map((group) => ({
      ...group,
      ...facts.ofGroup(group),
      inner: extendGraph(group.inner, facts),
    })),
    edges: graph.edges,
  };
}
