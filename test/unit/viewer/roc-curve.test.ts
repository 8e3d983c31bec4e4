import { describe, expect, it } from 'vitest';
import { rocCurve } from '../../../src/viewer/report/roc-curve.js';

const curve = (points: readonly (readonly [fpr: number, tpr: number])[]): string | undefined =>
  rocCurve({
    confidenceMetrics: points.map(([falsePositiveRate, recall]) => ({
      confidenceThreshold: 0.5,
      falsePositiveRate,
      recall,
    })),
  })?.text;

describe('the ROC curve', () => {
  // Closed form: a triangle of guessing is 1/2, a perfect step 1, and (0,0)-(0.25,0.75)-(1,1) 0.75.
  it.each([
    [
      'guessing',
      [
        [0, 0],
        [1, 1],
      ],
      '0.5000',
    ],
    [
      'a perfect model',
      [
        [0, 0],
        [0, 1],
        [1, 1],
      ],
      '1.0000',
    ],
    [
      'three points in any order',
      [
        [1, 1],
        [0.25, 0.75],
        [0, 0],
      ],
      '0.7500',
    ],
  ] as const)('has the area of %s', (_, points, area) => {
    expect(curve(points)).toContain(`area ${area}`);
  });

  it.each([
    ['no points', []],
    ['one point', [[0, 0]]],
    [
      'rates that are none',
      [
        [0, 0],
        [2, Number.NaN],
      ],
    ],
  ] as const)('is left out with %s', (_, points) => {
    expect(curve(points)).toBeUndefined();
  });
});
