import { irErrors } from '../../errors/index.js';
import type { JsonObject } from '../../util/index.js';

const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;
// KFP: every SDK 2.x release writes 2.1.0 (sdk/python/kfp/compiler/pipeline_spec_builder.py).
const MAJOR = 2;
const NEWEST_MINOR = 1;

/**
 * Checks the schema version of a spec: 2.0 and 2.1 are read, a newer minor one with a warning.
 *
 * @param where  place of the field
 * @returns warnings, one sentence each
 * @throws E_SCHEMA_VERSION when it is absent, malformed, or of another major version
 */
export function checkSchemaVersion(spec: JsonObject, where: string): string[] {
  const version = spec['schemaVersion'] ?? spec['schema_version'];
  if (version === undefined || version === null) throw irErrors.schemaVersion(where, 'missing');
  const text = typeof version === 'string' ? version : '';
  const [, major, minor] = VERSION.exec(text) ?? [];
  if (Number(major) !== MAJOR) {
    throw irErrors.schemaVersion(where, JSON.stringify(version).slice(0, 40));
  }
  if (Number(minor) <= NEWEST_MINOR) return [];
  return [
    `The schema version ${text} is newer than 2.1; fields that Anneal does not know are refused.`,
  ];
}
