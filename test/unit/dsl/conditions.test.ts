import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConditionLike, ParameterReference } from '../../../src/dsl/index.js';
import {
  and,
  boolean,
  component,
  double,
  eq,
  gt,
  integer,
  le,
  ne,
  not,
  or,
  pipeline,
  string,
  when,
} from '../../../src/dsl/index.js';
import { evaluateCondition } from '../../../src/ir/expressions/index.js';
import type { JsonValue } from '../../../src/util/index.js';

const ping = component({ name: 'ping', container: { image: 'python:3.11' } });

interface Inputs {
  readonly word: ParameterReference<'string'>;
  readonly count: ParameterReference<'integer'>;
  readonly share: ParameterReference<'double'>;
  readonly on: ParameterReference<'boolean'>;
  readonly off: ParameterReference<'boolean'>;
}

const inputs = {
  word: string(),
  count: integer(),
  share: double(),
  on: boolean(),
  off: boolean(),
};

/** The CEL text that a condition compiles to. */
function celOf(make: (inputs: Inputs) => ConditionLike): string {
  const { spec } = pipeline({ name: 'sample', inputs }, (given) => {
    when(make(given), () => ping());
  }).compile();
  return spec.root!.dag!.tasks!['condition-1']!.triggerPolicy!.condition!;
}

/** The text with inputs as plain names. */
const shortCelOf = (make: (inputs: Inputs) => ConditionLike): string =>
  celOf(make).replace(/inputs\.parameter_values\['pipelinechannel--(\w+)'\]/g, '$1');

/** Evaluates a condition with the library that runs it in a pipeline. */
const holds = (
  make: (inputs: Inputs) => ConditionLike,
  values: Readonly<Record<string, JsonValue>>,
): boolean => {
  const named = Object.entries(values).map(([name, value]) => [`pipelinechannel--${name}`, value]);
  return evaluateCondition(celOf(make), Object.fromEntries(named) as Record<string, JsonValue>);
};

describe('a condition compiles to CEL that', () => {
  it.each<[string, (inputs: Inputs) => ConditionLike]>([
    ["word == 'a'", ({ word }) => eq(word, 'a')],
    ['on == true', ({ on }) => on],
    ['int(count) > 2', ({ count }) => gt(count, 2)],
    ['double(int(count)) <= 2.5', ({ count }) => le(count, 2.5)],
    ['share > 1.0', ({ share }) => gt(share, 1)],
    ['share > 1e-7', ({ share }) => gt(share, 1e-7)],
    ['share > 1e+21', ({ share }) => gt(share, 1e21)],
    ['share > -0.0', ({ share }) => gt(share, -0)],
    ['share <= double(int(count))', ({ share, count }) => le(share, count)],
    ['!(on == true)', ({ on }) => not(on)],
    ['on == true && off == true', ({ on, off }) => and(on, off)],
    ['on == true || off == true', ({ on, off }) => or(on, off)],
    [
      "(on == true || word != 'x') && off == true",
      ({ on, off, word }) => and(or(on, ne(word, 'x')), off),
    ],
    [
      "(on == true && word != 'x') || off == true",
      ({ on, off, word }) => or(and(on, ne(word, 'x')), off),
    ],
    ['!(on == true && off == true)', ({ on, off }) => not(and(on, off))],
  ])('reads %s', (text, make) => {
    expect(shortCelOf(make)).toBe(text);
  });

  it('treats text as text, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(holds(({ word }) => eq(word, text), { word: text })).toBe(true);
        expect(holds(({ word }) => eq(word, text), { word: `${text}'` })).toBe(false);
        expect(holds(({ word }) => ne(word, text), { word: `${text}' || true || '` })).toBe(true);
      }),
    );
  });

  it('compares numbers as JavaScript does', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(number, number, (left, right) => {
        expect(holds(({ share }) => gt(share, right), { share: left })).toBe(left > right);
        expect(holds(({ share }) => eq(share, left), { share: left })).toBe(true);
      }),
    );
  });

  it('joins and, or and not as they are nested', () => {
    const values = fc.record({ on: fc.boolean(), off: fc.boolean(), word: fc.string() });
    fc.assert(
      fc.property(values, ({ on, off, word }) => {
        const given = { on, off, word };
        const isA = word === 'a';
        expect(holds((one) => and(or(one.on, one.off), not(eq(one.word, 'a'))), given)).toBe(
          (on || off) && !isA,
        );
        expect(holds((one) => or(and(one.on, one.off), eq(one.word, 'a')), given)).toBe(
          (on && off) || isA,
        );
      }),
    );
  });
});

describe('a condition', () => {
  it('with a lone surrogate is refused', () => {
    expect(() => celOf(({ word }) => eq(word, '\ud800'))).toThrow(
      expect.objectContaining({ code: 'E_CONDITION' }) as Error,
    );
  });

  it('with no operands is refused', () => {
    expect(() => celOf(() => and())).toThrow(/and\(\) has no operands/);
  });
});
