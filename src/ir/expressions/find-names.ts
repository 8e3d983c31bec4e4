import type { parse } from '@bufbuild/cel';

/** A syntax tree as the parser makes it. */
export type ParsedExpression = ReturnType<typeof parse>;

type Expr = NonNullable<ParsedExpression['expr']>;

/** A name in an expression, and where it stands. */
export interface NameInExpression {
  readonly name: string;
  /** 1-based. */
  readonly column: number;
}

/** The names an expression uses from outside of it. */
export interface NamesInExpression {
  readonly variables: readonly NameInExpression[];
  readonly functions: readonly NameInExpression[];
  /** Keys in `inputs.parameter_values['…']`, where they are constants. */
  readonly parameters: readonly NameInExpression[];
}

/** The `_||_`-like operators and index have no function of that name in the environment. */
const OPERATORS = /^[^a-zA-Z]|^@/;

/** Collects the names in a syntax tree, in the order they appear; recursion is bounded by its length. */
export function findNames({ expr, sourceInfo }: ParsedExpression): NamesInExpression {
  const names = {
    variables: [] as NameInExpression[],
    functions: [] as NameInExpression[],
    parameters: [] as NameInExpression[],
  };
  const columnOf = ({ id }: Expr) => (sourceInfo?.positions[id.toString()] ?? 0) + 1;
  const visit = (node: Expr | undefined, bound: readonly string[]): void => {
    if (node === undefined) return;
    const { exprKind } = node;
    if (exprKind.case === 'identExpr' && !bound.includes(exprKind.value.name)) {
      names.variables.push({ name: exprKind.value.name, column: columnOf(node) });
    }
    if (exprKind.case === 'callExpr' && !OPERATORS.test(exprKind.value.function)) {
      names.functions.push({ name: exprKind.value.function, column: columnOf(node) });
    }
    const parameter = parameterKey(node);
    if (parameter !== undefined) names.parameters.push({ name: parameter, column: columnOf(node) });
    for (const [child, inner] of childrenOf(node)) visit(child, [...bound, ...inner]);
  };
  visit(expr, []);
  return names;
}

/** Each child with the variables that a macro (`all`, `exists`, …) binds around it. */
function childrenOf({ exprKind }: Expr): [Expr | undefined, readonly string[]][] {
  switch (exprKind.case) {
    case 'selectExpr':
      return [[exprKind.value.operand, []]];
    case 'callExpr':
      return [exprKind.value.target, ...exprKind.value.args].map((child) => [child, []]);
    case 'listExpr':
      return exprKind.value.elements.map((child) => [child, []]);
    case 'structExpr':
      return exprKind.value.entries.flatMap(({ keyKind, value }) => [
        [keyKind.case === 'mapKey' ? keyKind.value : undefined, []],
        [value, []],
      ]);
    case 'comprehensionExpr': {
      const { iterRange, accuInit, loopCondition, loopStep, result, iterVar, accuVar } =
        exprKind.value;
      return [
        [iterRange, []],
        [accuInit, []],
        [loopCondition, [iterVar, accuVar]],
        [loopStep, [iterVar, accuVar]],
        [result, [accuVar]],
      ];
    }
    case 'constExpr':
    case 'identExpr':
    case undefined:
      return [];
  }
}

/** The key of `inputs.parameter_values['key']` or `inputs.parameter_values.key`. */
function parameterKey({ exprKind }: Expr): string | undefined {
  if (exprKind.case === 'selectExpr' && isParameterValues(exprKind.value.operand)) {
    return exprKind.value.testOnly ? undefined : exprKind.value.field;
  }
  if (exprKind.case !== 'callExpr' || exprKind.value.function !== '_[_]') return undefined;
  const [map, key] = exprKind.value.args;
  const constant = key?.exprKind.case === 'constExpr' ? key.exprKind.value.constantKind : undefined;
  return isParameterValues(map) && constant?.case === 'stringValue' ? constant.value : undefined;
}

function isParameterValues(node: Expr | undefined): boolean {
  if (node?.exprKind.case !== 'selectExpr' || node.exprKind.value.field !== 'parameter_values')
    return false;
  const operand = node.exprKind.value.operand?.exprKind;
  return operand?.case === 'identExpr' && operand.value.name === 'inputs';
}
