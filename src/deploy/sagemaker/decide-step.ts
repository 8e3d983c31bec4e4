// Given what an endpoint is and what is wanted: what to do next. Pure; the order of effects is here.
//
// Z1. Promoted means: the wanted configuration serves, and the status is InService. A failed update
//     comes back InService with the earlier configuration and a FailureReason.
// Z2. An endpoint without our tag is not touched, unless adoption was asked for.
// Z3. An update is sent only while the endpoint is InService and none of this deployment has been
//     carried out before, seen by the intent on the endpoint and its time of modification.
// Z4. While anything is in progress, ours or another's, only waiting is right: AWS serialises changes.
// Z5. A verdict against the configuration that serves, its predictions not being the recorded ones, leads back to the
//     earlier configuration.

import type { EndpointFacts } from './endpoint-facts.js';
import {
  decodeIntent,
  decodeVerdict,
  DEPLOYMENT_TAG,
  INTENT_TAG,
  OWNER_TAG,
  tagValue,
  VERDICT_TAG,
  type Verdict,
} from './tags.js';

export interface WantedEndpoint {
  readonly deploymentId: string;
  readonly configName: string;
  readonly adopt: boolean;
  readonly replaceFailed: boolean;
}

export type EndpointStep =
  | { readonly step: 'create' | 'update' | 'delete' }
  | { readonly step: 'restore'; readonly configName: string }
  | { readonly step: 'wait'; readonly state: string }
  | { readonly step: 'refuse'; readonly why: 'owner' | 'state'; readonly reason: string }
  | {
      readonly step: 'settled';
      readonly outcome: 'promoted' | 'rolled_back' | 'failed' | 'superseded';
      readonly reason?: string;
    };

/** Decides the next step; `facts` is undefined when there is no such endpoint. */
export function decideStep(facts: EndpointFacts | undefined, wanted: WantedEndpoint): EndpointStep {
  if (facts === undefined) return { step: 'create' };
  const { status } = facts;
  if (status === 'Deleting') return waitFor('the earlier endpoint is being deleted');
  if (!facts.tags.has(OWNER_TAG) && !wanted.adopt) {
    return { step: 'refuse', why: 'owner', reason: 'it carries no tag of Anneal' };
  }
  switch (status) {
    case 'Creating':
      return waitFor(facts.configName === wanted.configName ? 'creating' : 'created by another');
    case 'Updating':
    case 'SystemUpdating':
    case 'RollingBack':
      return waitFor(describeUpdate(facts, wanted));
    case 'InService':
      return decideInService(facts, wanted);
    case 'Failed':
      return decideFailed(facts, wanted);
    case 'OutOfService':
    case 'UpdateRollbackFailed':
    default:
      return { step: 'refuse', why: 'state', reason: withReason(`it is ${status}`, facts) };
  }
}

function decideInService(facts: EndpointFacts, wanted: WantedEndpoint): EndpointStep {
  const verdict = decodeVerdict(facts.tags.get(VERDICT_TAG), wanted);
  if (verdict !== undefined) return decideAfterVerdict(facts, verdict);
  if (facts.configName === wanted.configName) return { step: 'settled', outcome: 'promoted' };
  const intent = decodeIntent(facts.tags.get(INTENT_TAG), wanted);
  const isChangedSince = intent !== undefined && facts.modifiedAtMs > intent.modifiedAtMs;
  if (isChangedSince && facts.failureReason !== undefined) {
    return { step: 'settled', outcome: 'rolled_back', reason: facts.failureReason };
  }
  if (isChangedSince && facts.configName !== intent.earlierConfigName) {
    const reason = `another deployment has put ${facts.configName} in service since`;
    return { step: 'settled', outcome: 'superseded', reason };
  }
  return { step: 'update' };
}

/** Z5; a way back that failed is not tried again. */
function decideAfterVerdict(facts: EndpointFacts, verdict: Verdict): EndpointStep {
  const { reason } = verdict;
  if (facts.configName !== verdict.configName) {
    return { step: 'settled', outcome: 'rolled_back', reason };
  }
  if (facts.failureReason === undefined) {
    return { step: 'restore', configName: verdict.earlierConfigName };
  }
  return {
    step: 'settled',
    outcome: 'failed',
    reason: withReason(`${reason}; it still serves, because the way back failed`, facts),
  };
}

function decideFailed(facts: EndpointFacts, wanted: WantedEndpoint): EndpointStep {
  const isThisDeployment =
    facts.configName === wanted.configName &&
    facts.tags.get(DEPLOYMENT_TAG) === tagValue(wanted.deploymentId);
  if (isThisDeployment) {
    return { step: 'settled', outcome: 'failed', reason: withReason('creation failed', facts) };
  }
  if (wanted.replaceFailed) return { step: 'delete' };
  return { step: 'refuse', why: 'state', reason: withReason('it is Failed', facts) };
}

function describeUpdate(facts: EndpointFacts, wanted: WantedEndpoint): string {
  if (facts.status !== 'Updating') return facts.status;
  return facts.pendingConfigName === wanted.configName ? 'updating' : 'updated by another';
}

function withReason(what: string, { failureReason }: EndpointFacts): string {
  return failureReason === undefined ? what : `${what}: ${failureReason}`;
}

function waitFor(state: string): EndpointStep {
  return { step: 'wait', state };
}
