export { checkParameterRules } from './check-parameter-rules.js';
export type { ParameterRules } from './check-parameter-rules.js';
export type { ParameterRule } from './parameter-rule.js';
