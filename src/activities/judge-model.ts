// Decides whether a model may go to an endpoint, and puts the decision on record with all it was decided from.
//
// J1. The first decision on the same question counts: a second call, or a retry, gives it again.
// J2. A refusal is a decision, not an error; an error says that there is no decision.

import type {
  ArtifactRef,
  DecisionView,
  DeployPolicy,
  DeployRequest,
  JudgeResult,
} from '../contract/index.js';
import {
  evaluatePolicy,
  policyDigest,
  policyOf,
  verdictOf,
  type GateFacts,
} from '../deploy/index.js';
import {
  appendDecision,
  evaluationOf,
  fittedOn,
  identityOf,
  keys,
  readApproval,
  readDecision,
  type EvaluationRecord,
  type StoredDecision,
} from '../lineage/index.js';
import { plainJson, type JsonObject } from '../util/index.js';
import type { ActivityParts } from './activity-parts.js';
import { checkModel, type CheckedModel } from './check-model.js';
import { evaluatingExecutions } from './evaluating-executions.js';
import { findChampion, type Champion } from './find-champion.js';
import type { PipelineLoader } from './load-pipeline.js';
import { EVALUATOR_DIGEST, measureModel } from './measure-model.js';
import { noteCandidate } from './note-in-registry.js';
import type { TryContext } from './run-task.js';

interface Question {
  readonly request: DeployRequest;
  readonly policy: DeployPolicy;
  readonly checked: CheckedModel;
  readonly champion: Champion;
  /** What the decision record will say of it. */
  readonly subject: {
    readonly endpoint: string;
    readonly run: DeployRequest['run'];
    readonly task: string;
    readonly modelDigest: string;
    readonly evaluation: DeployRequest['evaluation'];
    readonly championDigest?: string;
    readonly policyDigest: string;
  };
}

/** Judges a model by the policy of its endpoint (J1, J2). @throws E_DEPLOY_REFUSED when it is not what it is said to be */
export async function judgeModel(
  parts: ActivityParts,
  loader: PipelineLoader,
  request: DeployRequest,
  context: TryContext,
): Promise<JudgeResult> {
  const { store } = parts;
  const policy = policyOf(parts.policies, request.endpointName);
  const checked = await checkModel(store, request);
  const champion = await findChampion(parts, request.endpointName, checked.modelDigest);
  const subject = {
    ...{ endpoint: request.endpointName, run: request.run, task: request.task },
    ...{ modelDigest: checked.modelDigest, evaluation: request.evaluation },
    ...('digest' in champion.fact ? { championDigest: champion.fact.digest } : {}),
    policyDigest: policyDigest(policy),
  };
  const key = keys.decisionKey(identityOf(subject));
  const earlier = await readDecision(store, key);
  const question = { request, policy, checked, champion, subject };
  const decision = earlier ?? (await decide(parts, loader, question, { key, context }));
  const { verdict, reason } = decision.record;
  await noteCandidate(parts, request, { verdict, reason, decisionKey: key }, context.signal);
  return {
    decision: await viewOf(parts, decision),
    ...(policy.approval && { approval: policy.approval }),
  };
}

async function decide(
  parts: ActivityParts,
  loader: PipelineLoader,
  question: Question,
  { key, context }: { readonly key: string; readonly context: TryContext },
): Promise<StoredDecision> {
  const { request, policy, checked, subject } = question;
  const { pipeline, digest } = request.run;
  const loaded = await loader.load({ name: pipeline, digest });
  const evaluators = evaluatingExecutions(loaded.pipeline.spec, request, checked.lineage);
  const evaluation = evaluationOf(evaluators);
  const trainData = await fittedOn(parts.store, checked.lineage, request.run.runId);
  const known = new Set(trainData.map(artifactId));
  const unseen = evaluation.heldOut.filter((artifact) => !known.has(artifactId(artifact)));
  // An evaluation may take the training data beside the held-out rows; alone, it is what was judged on.
  const heldOut = unseen.length > 0 ? unseen : evaluation.heldOut;
  const facts = await gatherFacts(parts, question, {
    ...{ evaluation, trainData, heldOut, context },
  });
  const { passed, reason, rules } = evaluatePolicy(policy.gate, facts);
  return appendDecision(parts.store, key, {
    schemaVersion: 1,
    ...subject,
    trainData: trainData.map(artifactId),
    heldOut: heldOut.map(artifactId),
    policy: plainJson(policy) as JsonObject,
    facts: plainJson(facts) as JsonObject,
    verdict: verdictOf(policy, passed),
    ...{ reason, rules },
    evaluator: { anneal: parts.annealVersion, component: EVALUATOR_DIGEST },
    decidedAt: new Date().toISOString(),
  });
}

interface Gathering {
  readonly evaluation: EvaluationRecord;
  readonly trainData: readonly ArtifactRef[];
  readonly heldOut: readonly ArtifactRef[];
  readonly context: TryContext;
}

async function gatherFacts(
  parts: ActivityParts,
  { request, policy, checked, champion, subject }: Question,
  { evaluation, trainData, heldOut, context }: Gathering,
): Promise<GateFacts> {
  const { modelDigest, isEvaluatedInLineage } = checked;
  const folder = keys.evidenceFolder(identityOf(subject));
  const evidence = await measureModel(
    parts,
    {
      ...{ request, modelDigest, trainData, heldOut, champion },
      allowPickle: checked.mayUnpickle,
      segmentColumns: policy.gate.segments.map(({ column }) => column),
      hasLatencyLimit: policy.gate.latencyP95Ms !== undefined,
      stagingKey: `${folder}/${request.attempt}-${context.workflowRunId.slice(0, 8)}`,
    },
    context,
  );
  // As it will stand on record: whoever decides again from there must find the same.
  return plainJson({
    modelDigest,
    evaluation: request.evaluation?.metadata,
    isEvaluatedInLineage,
    recorded: { ...evaluation.metrics, ...request.evaluation?.metadata },
    champion: champion.fact,
    evidence,
  }) as unknown as GateFacts;
}

function artifactId({ digest, uri }: ArtifactRef): string {
  return digest ?? uri;
}

/** What of a decision crosses Temporal. */
async function viewOf(
  { store }: Pick<ActivityParts, 'store'>,
  decision: StoredDecision,
): Promise<DecisionView> {
  const { record, recordKey, recordDigest } = decision;
  const { verdict, reason, rules, modelDigest, championDigest, decidedAt } = record;
  const approval = await readApproval(store, decision);
  return {
    ...{ verdict, reason, rules, modelDigest, championDigest, decidedAt },
    policyDigest: record.policyDigest,
    ...{ recordKey, recordDigest },
    ...(approval && { approval }),
  };
}
