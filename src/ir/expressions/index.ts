// CEL: the language of conditions and selectors. Safe in the workflow sandbox; loads @bufbuild/cel.

export { evaluateCondition, parseCondition } from './condition.js';
export { checkSelector, selectParameter } from './selector.js';
