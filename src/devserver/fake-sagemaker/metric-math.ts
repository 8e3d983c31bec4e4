// The part of CloudWatch's metric math that alarms on rates need: numbers, ids, + - * /, comparisons, IF.
//
// Grammar: comparison = sum [(">=" | "<=" | "==" | "!=" | ">" | "<") sum]; sum = product {("+"|"-") product};
// product = value {("*"|"/") value}; value = number | id | "(" comparison ")" | "IF(" comparison "," … ["," …] ")".

import { validationError } from './api-error.js';

const TOKEN = /\s*([A-Za-z_][A-Za-z0-9_]*|\d+(?:\.\d+)?|>=|<=|==|!=|[-+*/()<>,])/y;

/**
 * Computes an expression; undefined where a value it needs is missing.
 *
 * @param values data of the ids
 * @throws ApiError for what is no expression, or beyond the grammar
 */
export function evaluate(
  expression: string,
  values: Readonly<Record<string, number | undefined>>,
): number | undefined {
  const parser = new Parser(tokensOf(expression), values);
  const value = parser.comparison();
  parser.expectEnd();
  return value;
}

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.trimEnd().length) {
    const found = TOKEN.exec(expression);
    if (found === null) throw validationError(`Invalid metrics expression: ${expression}`);
    tokens.push(found[1]!);
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly string[];
  readonly #values: Readonly<Record<string, number | undefined>>;
  #next = 0;

  constructor(tokens: readonly string[], values: Readonly<Record<string, number | undefined>>) {
    this.#tokens = tokens;
    this.#values = values;
  }

  comparison(): number | undefined {
    const left = this.#sum();
    const operator = this.#tokens[this.#next] ?? '';
    const compare = COMPARISONS[operator];
    if (compare === undefined) return left;
    this.#next += 1;
    const right = this.#sum();
    return combine(left, right, (one, other) => Number(compare(one, other)));
  }

  expectEnd(): void {
    if (this.#next < this.#tokens.length) throw this.#unexpected();
  }

  #sum(): number | undefined {
    let value = this.#product();
    for (;;) {
      if (this.#take('+')) value = combine(value, this.#product(), (left, right) => left + right);
      else if (this.#take('-'))
        value = combine(value, this.#product(), (left, right) => left - right);
      else return value;
    }
  }

  #product(): number | undefined {
    let value = this.#value();
    for (;;) {
      if (this.#take('*')) value = combine(value, this.#value(), (left, right) => left * right);
      else if (this.#take('/')) value = combine(value, this.#value(), divide);
      else return value;
    }
  }

  #value(): number | undefined {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw this.#unexpected();
    if (token === '(') {
      this.#next += 1;
      const value = this.comparison();
      this.#expect(')');
      return value;
    }
    if (token === 'IF') return this.#condition();
    if (/^\d/.test(token)) {
      this.#next += 1;
      return Number(token);
    }
    if (!(token in this.#values)) throw this.#unexpected();
    this.#next += 1;
    return this.#values[token];
  }

  #condition(): number | undefined {
    this.#next += 1;
    this.#expect('(');
    const condition = this.comparison();
    this.#expect(',');
    const yes = this.comparison();
    const no = this.#take(',') ? this.comparison() : undefined;
    this.#expect(')');
    if (condition === undefined) return undefined;
    return condition !== 0 ? yes : no;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#next] !== token) return false;
    this.#next += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw this.#unexpected();
  }

  #unexpected(): Error {
    const found = this.#tokens[this.#next] ?? 'its end';
    return validationError(`Error in expression: unexpected ${found}`);
  }
}

const COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
};

function combine(
  left: number | undefined,
  right: number | undefined,
  compute: (left: number, right: number) => number | undefined,
): number | undefined {
  return left === undefined || right === undefined ? undefined : compute(left, right);
}

/** A point that divides by zero is no point. */
function divide(left: number, right: number): number | undefined {
  return right === 0 ? undefined : left / right;
}
