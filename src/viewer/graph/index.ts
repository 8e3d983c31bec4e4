// Graphs of pipelines: as data, laid out, and drawn.
export { drawGraph } from './draw-graph.js';
export type { GraphLook, GroupLook, NodeLook } from './draw-graph.js';
export { allNodes, countNodes, extendGraph } from './graph.js';
export type { Graph, GraphEdge, GraphItem, GroupItem } from './graph.js';
export { GRAPH_STYLE } from './graph-style.js';
export type { GroupKind } from './group-title.js';
export { layoutGraph } from './layout-graph.js';
export type { Direction, GraphLayout } from './layout-graph.js';
export { pipelineGraph } from './pipeline-graph.js';
export type { PipelineGraph, PipelineGroup, PipelineNode } from './pipeline-graph.js';
export { pipelineSvg } from './pipeline-svg.js';
