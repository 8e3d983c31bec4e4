// Compares what an endpoint was asked with what its live model was trained on.
//
// D1. The training data is found by lineage: the live model's digest, the execution that made it, its data sets.
// D2. Only requests since the model went live count: earlier ones were another model's.
// D3. Rows are read in a Python process of their own; the model is never loaded.
// D4. A check that is made again writes the same report.

import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DriftCheckRequest, DriftFinding } from '../contract/index.js';
import type { Deployer, EndpointView } from '../deploy/index.js';
import { deployErrors, monitorErrors } from '../errors/index.js';
import { lineageOf } from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { fetchCaptured, type CapturedFiles } from './captured-files.js';
import { driftReportKey } from './monitor-keys.js';
import { readReport, type DriftReport } from './drift-report.js';
import { runComparison, type DriftTools } from './run-comparison.js';

export interface DriftParts {
  readonly store: ArtifactStore;
  readonly deployer: Deployer;
  readonly tools: DriftTools;
}

// The whole report is in the store; a finding passes through Temporal.
const FEATURES_TOLD = 10;

/**
 * Makes one comparison.
 *
 * @throws E_NOT_FOUND when there is no such endpoint; E_STATE when it has no model whose training data is known
 */
export async function checkDrift(
  { store, deployer, tools }: DriftParts,
  request: DriftCheckRequest,
  signal: AbortSignal,
): Promise<DriftFinding> {
  const { modelDigest, updatedAt } = await liveModel(deployer, request.endpoint);
  const training = await trainingOf(store, modelDigest);
  const folder = await mkdtemp(join(tmpdir(), 'anneal-drift-'));
  try {
    const out = join(folder, 'report.json');
    const { folders, leftOut } = await capturedFiles();
    await runComparison(tools, { ...training, captured: folders, since: updatedAt, out }, signal);
    const text = await readFile(out, 'utf8');
    const reportKey = driftReportKey(request.endpoint, request.checkId);
    await store.put(reportKey, text);
    const finding = findingOf(readReport(text), modelDigest, reportKey);
    return leftOut === 0 ? finding : { ...finding, filesLeftOut: leftOut };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }

  async function capturedFiles(): Promise<CapturedFiles> {
    const { endpoint, captured: uri } = request;
    if (uri !== undefined) {
      return fetchCaptured(store, { uri, endpoint, since: updatedAt }, signal);
    }
    const own = deployer.capturedRequests?.(endpoint);
    if (own === undefined) throw monitorErrors.nothingCaptured(endpoint);
    return { folders: [own], leftOut: 0 };
  }
}

type LiveModel = Required<Pick<EndpointView, 'modelDigest'>> & Pick<EndpointView, 'updatedAt'>;

async function liveModel(deployer: Deployer, name: string): Promise<LiveModel> {
  const endpoint = (await deployer.list()).find((each) => each.name === name);
  if (endpoint === undefined) throw deployErrors.endpointNotFound(name);
  const { modelDigest, updatedAt } = endpoint;
  if (modelDigest === undefined) throw monitorErrors.trainingUnknown(name, 'it serves no model');
  return { modelDigest, updatedAt };
}

interface Training {
  readonly references: readonly string[];
  /** model.json of a model folder. */
  readonly description?: string;
}

/** D1 */
async function trainingOf(store: ArtifactStore, modelDigest: string): Promise<Training> {
  const { madeBy } = await lineageOf(store, modelDigest);
  const maker = madeBy.find(({ runner }) => runner !== 'importer');
  const dataSets = Object.values(maker?.inputs.artifacts ?? {})
    .flat()
    .filter(({ type }) => type === 'system.Dataset');
  if (maker === undefined || dataSets.length === 0) {
    throw monitorErrors.trainingUnknown(modelDigest, 'no recorded task made it from data sets');
  }
  const references = await Promise.all(dataSets.map(({ uri }) => store.localPath(uri)));
  const model = Object.values(maker.outputs.artifacts)
    .flat()
    .find(({ digest }) => digest === modelDigest);
  const folder = model && (await store.localPath(model.uri));
  const description = folder && (await isFile(join(folder, 'model.json')));
  return { references, ...(description && { description }) };
}

async function isFile(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true ? path : undefined;
}

function findingOf(report: DriftReport, modelDigest: string, reportKey: string): DriftFinding {
  const { rows, requests, unreadable } = report.captured;
  const features = report.features.slice(0, FEATURES_TOLD).map(({ name, psi }) => ({ name, psi }));
  const counts = { capturedRows: rows, capturedRequests: requests, unreadable };
  return { modelDigest, referenceRows: report.referenceRows, ...counts, features, reportKey };
}
