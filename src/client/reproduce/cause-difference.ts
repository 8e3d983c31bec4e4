import type { JsonValue } from '../../util/index.js';

/** Something of the certificate that may be the reason. */
export interface CauseDifference {
  /** `environment`, `import`, `anneal`, `node`, `parameter`. */
  readonly kind: string;
  readonly name: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}
