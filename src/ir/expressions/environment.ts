import { type CelEnv, type CelInput, CelScalar, celEnv, celFunc } from '@bufbuild/cel';
import type { JsonValue } from '../../util/index.js';
import { toCel } from './cel-values.js';

/** CEL's standard library and KFP's only addition, parseJson(string). */
export const CEL_ENVIRONMENT: CelEnv = celEnv({
  funcs: [celFunc('parseJson', [CelScalar.STRING], CelScalar.DYN, parseJson)],
});

function parseJson(text: string): CelInput {
  return toCel(JSON.parse(text) as JsonValue);
}
