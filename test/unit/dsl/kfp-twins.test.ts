import { describe, expect, it } from 'vitest';
import { churn } from '../../../src/pipelines/churn.js';
import { compileTwins, hasKfpSdk, NEEDS_KFP_SDK, recompile } from './kfp-sdk.js';
import { normaliseSpec } from './normalise-spec.js';
import { twins } from './twins.js';

describe.skipIf(!hasKfpSdk)(`a pipeline of the DSL and the stock KFP SDK${NEEDS_KFP_SDK}`, () => {
  it('compiles to what the SDK compiles from the same pipeline in Python', () => {
    const ofPython = compileTwins();

    expect(Object.keys(twins)).toEqual(Object.keys(ofPython));
    for (const [name, twin] of Object.entries(twins)) {
      expect(normaliseSpec(twin.compile().spec), name).toEqual(normaliseSpec(ofPython[name]!));
    }
  });

  it('is loaded by the SDK, and compiled again to the same spec', () => {
    const specs = [churn, ...Object.values(twins)].map((one) => one.compile().spec);

    const recompiled = recompile(specs.map((spec) => JSON.stringify(spec)));

    expect(recompiled).toEqual(specs);
  });
});
