export { cacheKeyOf, componentDigest, type CacheKey, type CacheKeyParts } from './cache-key.js';
export { lookupCache, rememberExecution, type CacheHit } from './cache-index.js';
export { claimRun, isRunClaimed } from './claim-run.js';
export { claimStart, type KeyedStart, type StartClaim } from './claim-start.js';
export { readManifest, type CachedFrom, type ExecutionManifest } from './execution-manifest.js';
export {
  appendApproval,
  appendDecision,
  identityOf,
  keyOfDecision,
  readApproval,
  readDecision,
  type DecisionRecord,
  type StoredDecision,
} from './decision-record.js';
export { evaluationOf, fittedOn, type EvaluationRecord } from './gate-lineage.js';
export { readFailure, writeFailure, type FailureRecord } from './failure-record.js';
export * as decode from './decode.js';
export { readRecord } from './read-record.js';
export { encodeRecord } from './record.js';
export * as keys from './keys.js';
export { lineageOf, upstreamOf, type Lineage, type Upstream } from './lineage-of.js';
export { parsePipelineReference } from './pipeline-reference.js';
export {
  listPipelines,
  listVersions,
  publishPipeline,
  resolvePipeline,
  type DatedVersion,
  type PipelineVersion,
  type PublishedPipeline,
  type ResolvedPipeline,
} from './pipeline-registry.js';
export { readPipelineSource } from './pipeline-source.js';
export { publishManifest, type PublishedManifest } from './publish-manifest.js';
export { platformDigest, ReuseSource, type Reuse, type WantedExecution } from './reuse-source.js';
export { SpecReader, type ComponentCode } from './spec-reader.js';
export { countingSettings } from './counting-settings.js';
export { buildLock, type LockTools } from './build-lock.js';
export { readEnvironment, writeEnvironment } from './environment-record.js';
export { readRunManifests } from './run-manifests.js';
export {
  decodeLock,
  encodeLock,
  readLock,
  writeLock,
  type LockedImport,
  type LockedTask,
  type RunLock,
} from './run-lock.js';
export { codeDigest } from './code-digest.js';
export {
  listRunRecords,
  readRunRecord,
  reopenRun,
  writeRunRecord,
  type RunRecords,
} from './run-records.js';
