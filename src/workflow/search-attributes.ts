// By what runs are found on the server.

import { upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../contract/index.js';
import type { RunPlan } from '../contract/index.js';

/** Says which pipeline a run is of, where the server knows our attributes. */
export function describeInSearch(plan: RunPlan): void {
  if (!plan.searchAttributes) return;
  upsertSearchAttributes([
    { key: keyOf('pipeline'), value: plan.run.pipeline },
    { key: keyOf('version'), value: String(plan.version ?? plan.run.digest) },
  ]);
}

/** Says how a run ended, or that it waits for somebody; undefined: neither. */
export class OutcomeAttribute {
  private value: string | undefined;

  constructor(private readonly plan: Pick<RunPlan, 'searchAttributes'>) {}

  set(value: string | undefined): void {
    if (!this.plan.searchAttributes || value === this.value) return;
    this.value = value;
    upsertSearchAttributes([{ key: keyOf('outcome'), value: value ?? null }]);
  }
}

function keyOf(name: keyof typeof SEARCH_ATTRIBUTES) {
  return defineSearchAttributeKey(SEARCH_ATTRIBUTES[name], 'KEYWORD');
}
