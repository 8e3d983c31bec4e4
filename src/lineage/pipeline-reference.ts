import type { PipelineReference } from '../contract/index.js';

const CHOSEN = /^(.+)@(?:([1-9]\d{0,8})|(sha256:[0-9a-f]{6,64}))$/;

/**
 * Reads `name`, `name@3` or `name@sha256:<hex>`; of the digest the first 6 digits are enough when they are unique.
 * Whatever else follows an @ is part of the name.
 */
export function parsePipelineReference(text: string): PipelineReference {
  const [, name, version, digest] = CHOSEN.exec(text) ?? [];
  if (name === undefined) return { name: text };
  return version === undefined ? { name, digest: digest! } : { name, version: Number(version) };
}
