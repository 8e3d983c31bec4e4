import type { JsonObject, JsonValue } from '../../util/index.js';
import { html, type Markup } from '../html.js';

/** One point of the curve; both in [0, 1]. */
interface RocPoint {
  readonly falsePositiveRate: number;
  readonly recall: number;
}

const SIZE = 240;
const LEFT = 60;
const TOP = 10;
const BOTTOM = 40;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Draws KFP's `confidenceMetrics` metadata as a ROC curve with its area. */
export function rocCurve(metadata: JsonObject): Markup | undefined {
  const points = readPoints(metadata['confidenceMetrics']);
  if (points.length < 2) return undefined;
  const auc = areaUnder(points).toFixed(4);
  return html`<figure class="panel">
    <figcaption>ROC curve · area ${auc}</figcaption>
    <svg
      class="chart"
      viewBox="0 0 ${LEFT + SIZE + 12} ${TOP + SIZE + BOTTOM}"
      role="img"
      aria-label="ROC curve of ${points.length} points, area under the curve ${auc}"
    >
      ${TICKS.map(axisTicks)}
      <path class="diagonal" d="M${x(0)} ${y(0)} L${x(1)} ${y(1)}" />
      <path class="roc-area" d="M${x(0)} ${y(0)} ${linePath(points, 'L')} L${x(1)} ${y(0)} Z" />
      <path class="roc" d="${linePath(points, 'M')}" />
      <text class="axis-title" x="${x(0.5)}" y="${TOP + SIZE + 34}">false positive rate</text>
      <text class="axis-title" transform="translate(12 ${y(0.5)}) rotate(-90)">
        recall (true positive rate)
      </text>
    </svg>
    <p class="note">The dashed line is what guessing would give.</p>
  </figure>`;
}

function axisTicks(tick: number): Markup {
  return html`<path class="grid" d="M${x(tick)} ${y(0)} V${y(1)} M${x(0)} ${y(tick)} H${x(1)}" />
    <text class="tick" text-anchor="middle" x="${x(tick)}" y="${TOP + SIZE + 16}">${tick}</text>
    <text class="tick" text-anchor="end" x="${LEFT - 6}" y="${y(tick) + 4}">${tick}</text>`;
}

function linePath(points: readonly RocPoint[], first: 'M' | 'L'): string {
  return points
    .map(({ falsePositiveRate, recall }, index) => {
      return `${index === 0 ? first : 'L'}${x(falsePositiveRate)} ${y(recall)}`;
    })
    .join(' ');
}

/** Area by the trapezoidal rule, as scikit-learn's auc() computes it. */
function areaUnder(points: readonly RocPoint[]): number {
  return points.slice(1).reduce((area, point, index) => {
    const before = points[index]!;
    const width = point.falsePositiveRate - before.falsePositiveRate;
    return area + (width * (point.recall + before.recall)) / 2;
  }, 0);
}

function readPoints(value: JsonValue | undefined): RocPoint[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly JsonValue[])
    .map((point) => {
      const { falsePositiveRate, recall } = (point ?? {}) as JsonObject;
      return { falsePositiveRate: Number(falsePositiveRate), recall: Number(recall) };
    })
    .filter((point) => isFraction(point.falsePositiveRate) && isFraction(point.recall))
    .sort(
      (left, right) =>
        left.falsePositiveRate - right.falsePositiveRate || left.recall - right.recall,
    );
}

function isFraction(value: number): boolean {
  return value >= 0 && value <= 1;
}

function x(fraction: number): number {
  return round(LEFT + fraction * SIZE);
}

function y(fraction: number): number {
  return round(TOP + (1 - fraction) * SIZE);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
