/** How the parts of a drawn graph look; the colours are variables of the page or picture. */
export const GRAPH_STYLE = `
svg text { fill: var(--ink); font-size: 13px; }
.node rect { fill: var(--tint); stroke: var(--tone); stroke-width: 1.4; }
.node circle { fill: var(--tone); } .node .node-icon { fill: var(--card); text-anchor: middle; font-size: 13px; font-weight: 700; }
.node .node-name { font-weight: 650; } .node .node-state { fill: var(--soft); font-size: 12px; }
.is-dashed rect { stroke-dasharray: 5 4; }
.group rect { fill: none; stroke: var(--line); stroke-width: 1.4; } .group text { fill: var(--soft); font-size: 12px; }
.edge { fill: none; stroke: var(--soft); stroke-width: 1.4; } .edge-always { stroke-dasharray: 5 4; } .arrow { fill: var(--soft); }
`.trim();
