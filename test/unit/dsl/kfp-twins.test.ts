import { describe, expect, it } from 'vitest';
import type { Pipeline } from '../../../src/ir/index.js';
import { validatePipeline } from '../../../src/ir/validate/index.js';
import { readPipeline, writePipeline } from '../../../src/ir/yaml/index.js';
import { churn } from '../../../src/pipelines/churn.js';
import { compileTwins, documentsOf, hasKfpSdk, NEEDS_KFP_SDK, recompile } from './kfp-sdk.js';
import { normaliseSpec } from './normalise-spec.js';
import { optionTwins } from './option-twins.js';
import { twins } from './twins.js';

interface Compilable {
  readonly compile: () => Pipeline;
}

const everyPipeline = Object.entries<Compilable>({ churn, ...twins, ...optionTwins });

describe.skipIf(!hasKfpSdk)(`a pipeline of the DSL and the stock KFP SDK${NEEDS_KFP_SDK}`, () => {
  it.each([
    ['pipelines.py', twins],
    ['options.py', optionTwins],
  ] as const)('compiles to what the SDK compiles from the same pipeline in %s', (script, ours) => {
    const ofPython = compileTwins(script);

    expect(Object.keys(ours)).toEqual(Object.keys(ofPython));
    for (const [name, twin] of Object.entries<Compilable>(ours)) {
      const [spec, platform] = documentsOf(twin.compile());
      const [wantedSpec, wantedPlatform] = ofPython[name]!;
      expect(normaliseSpec(spec), name).toEqual(normaliseSpec(wantedSpec));
      expect(platform, name).toEqual(wantedPlatform);
    }
  });

  it('is loaded by the SDK, and compiled again to the same documents', () => {
    const compiled = everyPipeline.map(([, one]) => one.compile());

    const recompiled = recompile(compiled.map(writePipeline));

    expect(recompiled).toEqual(compiled.map(documentsOf));
  });
});

describe('a pipeline of the DSL', () => {
  it.each(everyPipeline)('(%s) is valid, and read again as it was written', (name, one) => {
    const compiled = one.compile();

    expect(() => validatePipeline(compiled)).not.toThrow();
    expect(readPipeline(writePipeline(compiled), name)).toEqual(compiled);
  });
});
