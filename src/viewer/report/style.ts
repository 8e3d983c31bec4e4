import { GRAPH_STYLE } from '../graph/index.js';

/** The report's style sheet: light and dark, phone to paper. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1c2430; --soft: #586273; --line: #dfe3ea; --paper: #f6f7f9; --card: #ffffff;
  --accent: #2f5fd0; --good: #19713d; --good-bg: #e4f5ea; --bad: #b3261e; --bad-bg: #fdeae8;
  --warn: #8a5300; --warn-bg: #fff2dc; --run: #1d5fbf; --run-bg: #e5effd; --idle: #5d6675; --idle-bg: #eef0f3;
  --bar: #6a8fe6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e7eaf0; --soft: #a0a9b8; --line: #333b47; --paper: #14181e; --card: #1c2129;
    --accent: #8fb0ff; --good: #74d397; --good-bg: #17341f; --bad: #ff9c94; --bad-bg: #41201d;
    --warn: #f0b95c; --warn-bg: #3a2c12; --run: #8fbaff; --run-bg: #1b2f4b; --idle: #a0a9b8; --idle-bg: #272d36;
    --bar: #6f95ee;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 28px 24px 40px; max-width: 1120px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; }
h1 { margin: 0; font-size: 27px; line-height: 1.25; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { margin: 38px 0 12px; font-size: 19px; letter-spacing: -0.005em; }
h3 { margin: 0 0 8px; font-size: 15px; }
p { margin: 6px 0; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 12.5px; }
.eyebrow { margin: 0; color: var(--soft); font-size: 12px; letter-spacing: 0.08em; text-transform: uppercase; }
.subtitle { margin: 4px 0 0; color: var(--soft); font-size: 14px; }
.note { color: var(--soft); font-size: 13px; }
.wrap { overflow-wrap: anywhere; }
.badge { display: inline-block; padding: 1px 10px; border-radius: 99px; font-size: 13px; font-weight: 600; line-height: 1.55;
  letter-spacing: 0; white-space: nowrap; background: var(--tint); color: var(--tone); }
h1 .badge { margin-left: 6px; vertical-align: 3px; }
.is-succeeded { --tone: var(--good); --tint: var(--good-bg); }
.is-failed { --tone: var(--bad); --tint: var(--bad-bg); }
.is-running { --tone: var(--run); --tint: var(--run-bg); }
.is-canceled { --tone: var(--warn); --tint: var(--warn-bg); }
.is-idle { --tone: var(--idle); --tint: var(--idle-bg); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(148px, 1fr)); gap: 12px; margin: 20px 0 0; }
.card, .panel { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.card { padding: 12px 16px; }
.card dt { color: var(--soft); font-size: 13px; }
.card dd { margin: 2px 0 0; font-size: 21px; font-weight: 650; letter-spacing: -0.01em; }
.panel { margin: 0 0 14px; padding: 16px 18px; }
.panel figcaption { margin-bottom: 10px; font-weight: 650; }
.columns { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr)); gap: 16px; align-items: start; }
.columns .panel { margin: 0; }
.callout { margin: 0 0 14px; padding: 12px 18px; border-radius: 12px; border: 1px solid var(--line); border-left: 5px solid var(--tone); background: var(--card); }
ul.callout { margin-top: 16px; padding-left: 36px; }
.facts { display: grid; gap: 6px; margin: 8px 0 0; }
.facts > div { display: grid; grid-template-columns: 130px minmax(0, 1fr); gap: 12px; }
.facts dt { color: var(--soft); overflow-wrap: anywhere; } .facts dd { margin: 0; }
.plain { margin: 0; padding: 0; list-style: none; } .plain li { margin: 0 0 4px; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.panel .scroll { border: 0; border-radius: 0; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
caption { padding: 10px 16px 6px; text-align: left; font-weight: 650; }
th, td { padding: 8px 16px; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-size: 13px; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 500; overflow-wrap: anywhere; min-width: 118px; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.depth-1 { padding-left: 34px; } .depth-2 { padding-left: 52px; } .depth-3, .depth-4, .depth-5, .depth-6 { padding-left: 70px; }
.values th { width: 46%; color: var(--soft); } .values td { font-variant-numeric: tabular-nums; }
.lineage td { min-width: 210px; } .lineage .facts > div { grid-template-columns: 1fr; gap: 0; }
details summary { margin: 4px 0 10px; cursor: pointer; color: var(--accent); }
.log { margin: 10px 0 4px; padding: 12px; max-height: 320px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--paper); border-radius: 8px; }
.graph { overflow-x: auto; padding: 18px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.graph svg { display: block; margin: 0 auto; } .graph-fitted svg { max-width: 100%; height: auto; } .graph-narrow { display: none; }
GRAPH
.chart { display: block; width: 100%; height: auto; max-width: 360px; margin: 0 auto; }
.gauge { max-width: 560px; margin: 8px 0 0; }
.bars { table-layout: auto; } .bars th, .bars td { padding: 4px 8px; border: 0; vertical-align: middle; }
.bars th { width: 1%; min-width: 0; text-align: right; white-space: nowrap; font-weight: 400; }
.bars .number { width: 1%; color: var(--soft); } .bar-cell svg { display: block; width: 100%; height: 14px; border-radius: 3px; fill: var(--bar); }
.tick { fill: var(--soft) !important; font-size: 11.5px !important; } .axis-title { fill: var(--soft) !important; text-anchor: middle; }
.grid { stroke: var(--line); fill: none; } .diagonal { stroke: var(--soft); stroke-dasharray: 5 5; fill: none; }
.roc { fill: none; stroke: var(--accent); stroke-width: 2.2; stroke-linejoin: round; } .roc-area { fill: var(--accent); fill-opacity: 0.1; }
.gauge-track { fill: var(--idle-bg); } .gauge-pass { fill: var(--good); fill-opacity: 0.75; } .gauge-refuse { fill: var(--warn); fill-opacity: 0.75; }
.gauge-threshold { stroke: var(--ink); stroke-width: 2.4; } .gauge-baseline { stroke: var(--soft); stroke-width: 1.6; stroke-dasharray: 3 3; }
.gauge-interval { stroke: var(--ink); stroke-width: 1.5; fill: none; }
.verdict { margin: 0; font-size: 16px; }
.confusion { width: auto; margin: 0 auto; } .confusion td, .confusion th { text-align: center; vertical-align: middle; border: 0; padding: 8px 10px; }
.confusion tbody td { min-width: 96px; padding: 16px 12px; border: 2px solid var(--card); border-radius: 8px; }
.confusion tbody td b { display: block; font-size: 18px; font-variant-numeric: tabular-nums; }
.confusion tbody td small { opacity: 0.85; }
.confusion tbody th { min-width: 0; }
SHADES
footer { margin-top: 44px; padding-top: 14px; border-top: 1px solid var(--line); color: var(--soft); font-size: 13px; }
@media (max-width: 720px) {
  body { padding: 18px 14px 32px; } h1 { font-size: 22px; } h2 { margin-top: 30px; }
  .graph-wide { display: none; } .graph-narrow { display: block; }
  .facts > div { grid-template-columns: 1fr; gap: 0; } .facts dt { font-size: 13px; }
  th, td { padding: 8px 10px; } .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .values th { min-width: 90px; } .bars th { white-space: normal; width: 44%; } .panel { padding: 14px 12px; } .card dd { font-size: 19px; }
}
@media print {
  :root { --paper: #ffffff; } body { max-width: none; padding: 0; font-size: 12px; }
  section { break-inside: auto; } h2 { break-after: avoid; } .panel, .card, .callout, tr { break-inside: avoid; }
  .graph-wide { display: block; } .graph-narrow { display: none; } .graph svg { max-width: 100%; height: auto; }
  .scroll, .graph { overflow: visible; } .log { max-height: none; }
}
`
  .replace('GRAPH', GRAPH_STYLE)
  .replace('SHADES', shades());

/** Eleven strengths of colour for the cells of a confusion matrix: right in one hue, wrong in another. */
function shades(): string {
  return Array.from({ length: 11 }, (_, level) => {
    const percent = level * 5.5;
    return (
      `.hit.shade-${level} { background: color-mix(in srgb, var(--good) ${percent}%, var(--card)); }` +
      ` .miss.shade-${level} { background: color-mix(in srgb, var(--bad) ${percent}%, var(--card)); }`
    );
  }).join('\n');
}
