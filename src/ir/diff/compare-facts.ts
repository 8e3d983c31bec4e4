import { createTwoFilesPatch, OMIT_HEADERS } from 'diff';
import { canonicalJson, type JsonValue } from '../../util/index.js';
import type { PipelineChange } from './pipeline-change.js';

/** What is known of a pipeline or task, by the name it is shown under; code is shown line by line. */
export type Facts = ReadonlyMap<string, Fact>;
export type Fact = { readonly value: JsonValue } | { readonly code: string };

/** Compares two sets of facts; the newer one's order comes first, then what it lacks. */
export function compareFacts(place: string, before: Facts, after: Facts): PipelineChange[] {
  const names = [...after.keys(), ...[...before.keys()].filter((name) => !after.has(name))];
  return names.flatMap((what) => {
    const change = compareFact(before.get(what), after.get(what));
    return change === undefined ? [] : [{ ...change, place, what }];
  });
}

function compareFact(
  before: Fact | undefined,
  after: Fact | undefined,
): Omit<PipelineChange, 'place'> | undefined {
  if (before !== undefined && after !== undefined && textOf(before) === textOf(after)) {
    return undefined;
  }
  const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  if ((before !== undefined && 'code' in before) || (after !== undefined && 'code' in after)) {
    return { kind, patch: patchOf(textOf(before), textOf(after)) };
  }
  return {
    kind,
    ...(before === undefined ? {} : { before: before.value }),
    ...(after === undefined ? {} : { after: after.value }),
  };
}

function textOf(fact: Fact | undefined): string {
  if (fact === undefined) return '';
  return 'code' in fact ? fact.code : canonicalJson(fact.value);
}

function patchOf(before: string, after: string): string {
  const patch = createTwoFilesPatch('before', 'after', before, after, undefined, undefined, {
    context: 3,
    headerOptions: OMIT_HEADERS,
  });
  return patch.replaceAll('\\ No newline at end of file\n', '').trimEnd();
}
