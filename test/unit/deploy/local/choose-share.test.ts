import { describe, expect, it } from 'vitest';
import {
  chooseShare,
  mainShare,
  type TrafficShare,
} from '../../../../src/deploy/local/choose-share.js';
import { TrafficCounter } from '../../../../src/deploy/local/traffic-counter.js';

const share = (modelDigest: string, percent: number): TrafficShare => ({
  upstream: { port: 1, modelDigest },
  percent,
  counter: new TrafficCounter(),
});
const BLUE = share('blue', 90);
const GREEN = share('green', 10);

describe('chooseShare', () => {
  it('gives each variant its part of all chances', () => {
    const chances = Array.from({ length: 1000 }, (_, index) => index / 1000);

    const chosen = chances.map((chance) => chooseShare([BLUE, GREEN], chance));

    expect(chosen.filter((each) => each === GREEN)).toHaveLength(100);
    expect(chosen.filter((each) => each === BLUE)).toHaveLength(900);
  });

  it.each([0, 0.5, 0.999_999])('gives all to the one that is left (N5)', (chance) => {
    expect(chooseShare([GREEN], chance)).toBe(GREEN);
    expect(chooseShare([share('blue', 0)], chance)?.upstream.modelDigest).toBe('blue');
  });

  it.each([0, 0.999_999])('gives nothing to one that stands by', (chance) => {
    const all = share('green', 100);

    expect(chooseShare([share('blue', 0), all], chance)).toBe(all);
  });

  it('has nobody to give to when nobody serves', () => {
    expect(chooseShare([], 0.5)).toBeUndefined();
    expect(mainShare([])).toBeUndefined();
  });
});

describe('mainShare', () => {
  it('is the greatest, and of equals the first', () => {
    const half = [share('blue', 50), share('green', 50)] as const;

    expect(mainShare([GREEN, BLUE])).toBe(BLUE);
    expect(mainShare(half)).toBe(half[0]);
  });
});
